/** The kernels of a compiled module: all that a worker needs that is given the module. */
import { attentionScratchFloats, packedFloats, winogradPackedFloats, winogradScratchFloats } from './sizes'
import type { Kernels } from './types'

const sizes = { attentionScratchFloats, packedFloats, winogradPackedFloats, winogradScratchFloats }

export function instance(memory: WebAssembly.Memory, module: WebAssembly.Module): Kernels {
  const { exports } = new WebAssembly.Instance(module, { e: { memory, pow: Math.pow } })
  return { ...(exports as unknown as Omit<Kernels, keyof typeof sizes>), ...sizes }
}
