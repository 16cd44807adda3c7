import type { BackendDefinition } from '../backend'
import { noGpu } from '../runtimes/no-gpu'

/** The graphics processor, through ONNX Runtime's native WebGPU execution provider. */
export const webgpu: BackendDefinition = {
  id: 'webgpu',
  name: 'WebGPU',
  label: 'WebGPU',
  help: 'The graphics card.',
  order: 1,
  together: 4,
  refusal: () => null,
  lacking: async () => {
    const why = await globalThis.early?.noGpu
    return why ? noGpu(why) : null
  },
  threads: () => 1,
  runtime: 'webgpu',
}
