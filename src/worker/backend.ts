/** What the host needs of a backend: a runtime that has started, and denoisers over it. Each backend is loaded only when used. */
import { create } from '@bufbuild/protobuf'
import { GraphProtoSchema, ModelProtoSchema, OperatorSetIdProtoSchema } from 'onnx-buf'
import type { NetworkRequest } from '../engine/family'
import type { OnnxDenoiser } from '../engine/onnx-denoiser'
import type { ModelInfo } from '../model/types'
import type { OnnxVision, VisionOptions } from '../engine/vision'
import type { Judge, JudgeFiles } from '../evaluation/judge'
import { createNode, floatValue, serializeModel } from '../network/onnx'
import type { BackendId } from './protocol'

export interface DenoiserRequest extends NetworkRequest {
  readonly model: ModelInfo
  /** Called before each run of a session: at the first, everything is built. */
  readonly onRun: () => void
}

export interface BackendRequest {
  readonly backend: BackendId
  /** Threads of `wasm-threads`. */
  readonly threads: number
  /** Take a WebGPU that is software, as where a person asked for it by name; it is far slower than WASM. */
  readonly acceptSoftware: boolean
}

export interface Backend {
  readonly id: BackendId
  /** What a person reads. */
  readonly label: string
  readonly threads: number
  /** Rejects with BrokenRuntimeError when the device is lost; never resolves. Null for a processor that stays. */
  readonly lost: Promise<never> | null
  /** Its evaluations reject with BrokenRuntimeError when the runtime failed. */
  createDenoiser(request: DenoiserRequest): OnnxDenoiser
  /** Rejects with VisionError for a file that is none; its questions reject with BrokenRuntimeError when the runtime failed. */
  createVision(request: Pick<VisionOptions, 'graph' | 'weights' | 'image'>): Promise<OnnxVision>
  /** On the processor, whatever the denoiser runs on: small, and its numbers need no proof there. Its questions reject like those of a vision. */
  createJudge(files: JudgeFiles): Promise<Judge>
}

/** Starts a backend. Rejects with EngineError, or with what loading the runtime rejects with. */
export async function openBackend({ backend, threads, acceptSoftware }: BackendRequest): Promise<Backend> {
  switch (backend) {
    case 'webgpu':
      return (await import('./backend-webgpu')).openWebGpu(acceptSoftware)
    case 'wasm-threads':
      return (await import('./backend-wasm')).openWasm(backend, threads)
    case 'wasm':
      return (await import('./backend-wasm')).openWasm(backend, 1)
    default:
      return backend satisfies never
  }
}

/** The smallest model there is: a session of it starts the runtime while the real model still downloads. */
export function identityModel(): Uint8Array<ArrayBuffer> {
  return serializeModel(
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [create(OperatorSetIdProtoSchema, { version: 17n })],
      graph: create(GraphProtoSchema, {
        name: 'identity',
        node: [createNode('Identity', ['x'], ['y'])],
        input: [floatValue('x', [1])],
        output: [floatValue('y', [1])],
      }),
    }),
  )
}
