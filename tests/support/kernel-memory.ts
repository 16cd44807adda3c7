/** A memory for the runner's kernels: arrays are laid into it between guards, and a guard that was written to is found. */
import { setFlagsFromString } from 'node:v8'
import { hasRelaxed, instantiate, type Kernels } from '../../src/runner/kernels'

const GUARD = 4
/** No kernel computes this. */
const MARK = -1.2345678e33

export class KernelMemory {
  readonly kernels: Kernels
  private readonly memory: WebAssembly.Memory
  private top = 64
  private readonly guards: number[] = []
  private seed = 1

  constructor({ relaxed, shared = false, pages = 256 }: { relaxed: boolean; shared?: boolean; pages?: number }) {
    this.memory = new WebAssembly.Memory({ initial: pages, ...(shared ? { maximum: pages, shared } : {}) })
    this.kernels = instantiate(this.memory, { relaxed })
  }

  private get floats(): Float32Array {
    return new Float32Array(this.memory.buffer)
  }

  /** Forgets what was laid in. */
  clear(): void {
    this.top = 64
    this.guards.length = 0
  }

  /** Room for so many floats, with guards before and right behind them. */
  room(count: number): number {
    const at = this.top + 4 * GUARD
    this.top = (at + 4 * (count + GUARD) + 15) & ~15
    if (this.top > this.memory.buffer.byteLength) throw new Error('the memory of this test is too small')
    this.floats.fill(MARK, at / 4 - GUARD, this.top / 4)
    for (let index = 1; index <= GUARD; index++) this.guards.push(at / 4 - index, at / 4 + count + index - 1)
    return at
  }
  put(values: ArrayLike<number>): number {
    const at = this.room(values.length)
    this.floats.set(values, at / 4)
    return at
  }
  putInts(values: readonly number[]): number {
    const at = this.room(values.length)
    new Int32Array(this.memory.buffer).set(values, at / 4)
    return at
  }
  /** Floats between −1 and 1. */
  random(count: number): Float32Array {
    return Float32Array.from({ length: count }, () => {
      this.seed = (Math.imul(this.seed, 1664525) + 1013904223) | 0
      return this.seed / 2 ** 31
    })
  }
  read(at: number, count: number): Float32Array {
    const floats = this.floats
    const mark = Math.fround(MARK)
    const broken = this.guards.filter((place) => floats[place] !== mark)
    if (broken.length > 0) throw new Error(`a kernel wrote to floats that are not its own: ${broken.join(' ')}`)
    return floats.slice(at / 4, at / 4 + count)
  }
}

/** The greatest difference, as a part of the greatest value. */
export function deviation(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) throw new Error(`${found.length} values, not ${wanted.length}`)
  let [difference, size] = [0, 1e-30]
  for (let index = 0; index < wanted.length; index++) {
    const gap = Math.abs(found[index]! - wanted[index]!)
    // Not a number is found, too.
    if (!(gap <= difference)) difference = gap
    size = Math.max(size, Math.abs(wanted[index]!))
  }
  return difference / size
}

// Node 20 has relaxed SIMD behind a flag.
setFlagsFromString('--experimental-wasm-relaxed-simd')
/** Both variants of the module, one over a shared memory. */
export const variants = [false, true]
  .filter((relaxed) => !relaxed || hasRelaxed())
  .map((relaxed) => ({ relaxed, memory: new KernelMemory({ relaxed, shared: relaxed }) }))

/** By a series without cancellation. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let [term, sum] = [x, x]
  for (let n = 1; n < 400; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}
