import type { BackendDefinition } from '../backend'

/** The graphics processor, through ONNX Runtime's native WebGPU execution provider. */
export const webgpu: BackendDefinition = {
  id: 'webgpu',
  name: 'WebGPU',
  label: 'WebGPU',
  help: 'The graphics card.',
  order: 1,
  together: 4,
  refusal: () => null,
  threads: () => 1,
  runtime: 'webgpu',
}
