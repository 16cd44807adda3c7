import { noThreads } from '../../core/failure'
import type { BackendDefinition } from '../backend'

/** The processor with several threads, which share memory: only isolated pages may. */
export const wasmThreads: BackendDefinition = {
  id: 'wasm-threads',
  name: 'WASM with threads',
  label: 'WASM, threads',
  help: 'The processor by onnxruntime, several cores.',
  order: 3,
  together: 1,
  refusal: ({ isolated, cores }) => (isolated && cores > 1 ? null : noThreads()),
  threads: (available) => available,
  runtime: 'wasm',
}
