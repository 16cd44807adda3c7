/**
 * A hidden layer of the plane's networks over typed arrays: on two doubles at a time where WebAssembly has them (`kernel.wat`), else in
 * JavaScript. Both sum in the same order and round alike, so that they give the same bits.
 */
import { KERNEL } from './kernel.generated'

/** Like SiLU, of a square root instead of an exponential. */
export const bend = (value: number) => 0.5 * value * (1 + value / Math.sqrt(1 + value * value))

/** Computes out ← bend(W h + c) for `count` points; h and out are [points × width]. All arrays lie in `buffer`. */
export interface Layers {
  readonly buffer: ArrayBuffer
  readonly run: (
    weights: Float64Array,
    constant: Float64Array,
    h: Float64Array,
    out: Float64Array,
    count: number,
    fan: number,
    width: number,
  ) => void
}

/** Two points and four outputs at a time stay in registers. */
function hiddenLayer(
  weights: Float64Array,
  constant: Float64Array,
  h: Float64Array,
  out: Float64Array,
  count: number,
  fan: number,
  width: number,
): void {
  for (let p = 0; p < count; p += 2) {
    const a = p * fan
    const b = p + 1 < count ? a + fan : a
    const toA = p * width
    const toB = p + 1 < count ? toA + width : toA
    let w = 0
    for (let j = 0; j < width; j += 4) {
      let a0 = constant[j]!
      let a1 = constant[j + 1]!
      let a2 = constant[j + 2]!
      let a3 = constant[j + 3]!
      let b0 = a0
      let b1 = a1
      let b2 = a2
      let b3 = a3
      for (let i = 0; i < fan; i++, w += 4) {
        const x = h[a + i]!
        const y = h[b + i]!
        const p0 = weights[w]!
        const p1 = weights[w + 1]!
        const p2 = weights[w + 2]!
        const p3 = weights[w + 3]!
        a0 += p0 * x
        b0 += p0 * y
        a1 += p1 * x
        b1 += p1 * y
        a2 += p2 * x
        b2 += p2 * y
        a3 += p3 * x
        b3 += p3 * y
      }
      out[toB + j] = bend(b0)
      out[toB + j + 1] = bend(b1)
      out[toB + j + 2] = bend(b2)
      out[toB + j + 3] = bend(b3)
      out[toA + j] = bend(a0)
      out[toA + j + 1] = bend(a1)
      out[toA + j + 2] = bend(a2)
      out[toA + j + 3] = bend(a3)
    }
  }
}

const PAGE = 65536

interface Exports {
  readonly memory: WebAssembly.Memory
  readonly layer: (...places: readonly number[]) => void
}

let compiled: WebAssembly.Module | null | undefined

/** Null where there is no WebAssembly, no SIMD, or a policy forbids it. */
function kernelModule(): WebAssembly.Module | null {
  if (compiled !== undefined) return compiled
  try {
    const bytes = Uint8Array.from(atob(KERNEL), (character) => character.charCodeAt(0))
    compiled = new WebAssembly.Module(bytes)
  } catch {
    compiled = null
  }
  return compiled
}

/** With room for so many bytes. `plain`: in JavaScript, wherever it is. */
export function createLayers(bytes: number, { plain = false } = {}): Layers {
  const module = plain ? null : kernelModule()
  if (!module) return { buffer: new ArrayBuffer(bytes), run: hiddenLayer }
  const { memory, layer } = new WebAssembly.Instance(module).exports as unknown as Exports
  memory.grow(Math.max(0, Math.ceil(bytes / PAGE) - 1))
  return {
    buffer: memory.buffer,
    run: (weights, constant, h, out, count, fan, width) =>
      layer(weights.byteOffset, constant.byteOffset, h.byteOffset, out.byteOffset, count, fan, width),
  }
}
