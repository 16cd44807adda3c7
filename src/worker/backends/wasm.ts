import type { BackendDefinition } from '../backend'

/** The processor with one thread: runs everywhere. */
export const wasm: BackendDefinition = {
  id: 'wasm',
  name: 'WASM with one thread',
  label: 'WASM',
  help: 'The processor by onnxruntime, one core.',
  order: 4,
  together: 1,
  refusal: () => null,
  threads: () => 1,
  runtime: 'wasm',
}
