/** The kernels of the network runner: a WebAssembly module (written by src/cli/kernels) over a memory that is the caller's. */
import { PLAIN, RELAXED } from './kernel.generated'
import { instance } from './instance'
import type { Kernels } from './types'

export * from './operations'
export type { Kernels } from './types'

const bytesOf = (binary: string) => Uint8Array.from(binary, (character) => character.charCodeAt(0))

/** A function of one relaxed multiply-add. */
const PROBE = 'AGFzbQEAAAABBQFgAAF7AwIBAAoTAREAQQD9EUEA/RFBAP0R/YUCCw=='

/** Whether the engine has a fused multiply-add for us. */
export const hasRelaxed = (): boolean => WebAssembly.validate(bytesOf(atob(PROBE)))

/** How the module names the memory that it imports, and that it has no limits. */
const IMPORTED = '\u0001e\u0006memory\u0002\u0000\u0000'
/** Of a shared one: the flags, at least 0 pages, at most 65536. */
const SHARED = '\u0001e\u0006memory\u0002\u0003\u0000\u0080\u0080\u0004'

/** A shared memory has to be imported as such; the length of the section stands two bytes before. */
function forShared(binary: string): string {
  const at = binary.indexOf(IMPORTED)
  const length = binary.charCodeAt(at - 2) + SHARED.length - IMPORTED.length
  const before = binary.slice(0, at - 2) + String.fromCharCode(length) + binary[at - 1]!
  return before + SHARED + binary.slice(at + IMPORTED.length)
}

const compiled = new Map<string, WebAssembly.Module>()

function moduleFor(relaxed: boolean, shared: boolean): WebAssembly.Module {
  const key = `${relaxed} ${shared}`
  const binary = atob(relaxed ? RELAXED : PLAIN)
  const module = compiled.get(key) ?? new WebAssembly.Module(bytesOf(shared ? forShared(binary) : binary))
  compiled.set(key, module)
  return module
}

/** The module for such a memory. Synchronous: for workers and Node. `relaxed` only where `hasRelaxed()`. */
export const kernelModule = (memory: WebAssembly.Memory, relaxed: boolean): WebAssembly.Module =>
  moduleFor(relaxed, !(memory.buffer instanceof ArrayBuffer))

export function instantiate(memory: WebAssembly.Memory, { relaxed }: { readonly relaxed: boolean }): Kernels {
  return instance(memory, kernelModule(memory, relaxed))
}
