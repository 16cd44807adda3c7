/** ONNX Runtime's CPU kernels in WebAssembly: runs everywhere. */
import type { InferenceSession } from 'onnxruntime-web'
import { LatentDecoder } from '../../engine/latent-decoder'
import { OnnxDenoiser } from '../../engine/onnx-denoiser'
import type { Tensors } from '../../engine/runtime'
import { serialQueue } from '../../engine/serial-queue'
import { OnnxVision } from '../../engine/vision'
import { Judge } from '../../evaluation/judge'
import type { Open } from '../backend'
import { BrokenRuntimeError, failureOf } from '../../core/failure'
import { sessionOptions, startWasm } from './start-wasm'

/** Rows of one run. More bring no speed here, since the activations of many rows outgrow the caches. */
const MAX_ROWS = 8

export const openWasm: Open = async (id, { threads }) => {
  const ort = await startWasm(threads)
  const exclusive = serialQueue()
  const run = async (session: InferenceSession, feeds: Tensors) => {
    try {
      return (await session.run(feeds)) as Tensors
    } catch (error) {
      throw new BrokenRuntimeError(failureOf(error))
    }
  }
  return {
    id,
    label: `WASM · ${threads === 1 ? '1 thread' : `${threads} threads`}`,
    threads,
    lost: null,
    createDenoiser: ({ onRun, ...request }) =>
      new OnnxDenoiser({
        ...request,
        runtime: ort,
        sessionOptions,
        batch: { kind: 'dynamic' },
        maxRows: MAX_ROWS,
        exclusive,
        runSession: (session, feeds) => {
          onRun()
          return run(session, feeds)
        },
      }),
    createVision: (request) =>
      OnnxVision.create({ ...request, runtime: ort, sessionOptions, runSession: run, exclusive }),
    createDecoder: (request) =>
      LatentDecoder.create({ ...request, runtime: ort, sessionOptions, runSession: run, exclusive }),
    createJudge: (files) => Judge.load({ ...files, runtime: ort, sessionOptions, runSession: run, exclusive }),
  }
}
