/** The kernels of the network runner: a WebAssembly module (written by src/cli/kernels) over a memory that is the caller's. */
import { PLAIN, RELAXED } from './kernel.generated'
import { instance } from './instance'
import type { Kernels } from './types'

export * from './operations'
export type { Kernels } from './types'

/** A function of one relaxed multiply-add. */
const PROBE = '0061736d010000000105016000017b030201000a130111004100fd114100fd114100fd11fd85020b'

/** Whether the engine has a fused multiply-add for us. */
export const hasRelaxed = (): boolean => WebAssembly.validate(bytesOfDigits(PROBE))

/** How the module names the memory that it imports, before it says that it has no limits. */
const IMPORTED = '\u0001e\u0006memory\u0002'
const UNLIMITED = [0, 0]
/** Of a shared one: the flags, at least 0 pages, at most 65536. */
const SHARED = [3, 0, 0x80, 0x80, 4]

/** A shared memory has to be imported as such; the length of the section stands two bytes before. */
function forShared(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const at = String.fromCharCode(...module.subarray(0, 4096)).indexOf(IMPORTED)
  const limits = at + IMPORTED.length
  const patched = new Uint8Array(module.length + SHARED.length - UNLIMITED.length)
  patched.set(module.subarray(0, limits))
  patched.set(SHARED, limits)
  patched.set(module.subarray(limits + UNLIMITED.length), limits + SHARED.length)
  patched[at - 2]! += SHARED.length - UNLIMITED.length
  return patched
}

const bytesOfDigits = (digits: string) =>
  Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16))

const compiled = new Map<string, WebAssembly.Module>()

function moduleFor(relaxed: boolean, shared: boolean): WebAssembly.Module {
  const key = `${relaxed} ${shared}`
  const known = compiled.get(key)
  if (known) return known
  const bytes = bytesOfDigits(relaxed ? RELAXED : PLAIN)
  const module = new WebAssembly.Module(shared ? forShared(bytes) : bytes)
  compiled.set(key, module)
  return module
}

/** The module for such a memory. Synchronous: for workers and Node. `relaxed` only where `hasRelaxed()`. */
export const kernelModule = (memory: WebAssembly.Memory, relaxed: boolean): WebAssembly.Module =>
  moduleFor(relaxed, !(memory.buffer instanceof ArrayBuffer))

export function instantiate(memory: WebAssembly.Memory, { relaxed }: { readonly relaxed: boolean }): Kernels {
  return instance(memory, kernelModule(memory, relaxed))
}
