/** Starts ONNX Runtime's WebAssembly in this worker. */
import * as ort from 'onnxruntime-web/wasm'
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url'
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import { explained } from '../cause'
import { identityModel } from './identity'

export const sessionOptions = { executionProviders: ['wasm'] }

/** Has its largest file at hand, so that what its start then takes is no download. Rejects with EngineError. */
export async function fetchWasm(): Promise<void> {
  await explained([wasm], async () => {
    await (await fetch(wasm)).arrayBuffer()
  })
}

/** Rejects with EngineError, or with what loading the runtime rejects with. */
export async function startWasm(threads: number): Promise<typeof ort> {
  ort.env.wasm.wasmPaths = { mjs, wasm }
  ort.env.wasm.numThreads = threads
  await explained([mjs, wasm], async () =>
    (await ort.InferenceSession.create(identityModel(), sessionOptions)).release(),
  )
  return ort
}
