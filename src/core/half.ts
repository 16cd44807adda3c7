/** Between half precision (IEEE 754 binary16, as bits) and single: exact one way, to the nearest the other. */

let table: Uint32Array | null = null

/** Bits of the single that equals each half, all 65,536 of them; subnormals, infinities and NaN included. */
function wideningTable(): Uint32Array {
  if (table) return table
  table = new Uint32Array(65536)
  const value = new Float32Array(1)
  const bits = new Uint32Array(value.buffer)
  for (let half = 0; half < 65536; half++) {
    const sign = (half & 0x8000) << 16
    const exponent = (half >>> 10) & 0x1f
    const fraction = half & 0x3ff
    if (exponent === 0) {
      value[0] = fraction * 2 ** -24
      table[half] = sign | bits[0]!
    } else {
      table[half] = sign | ((exponent === 31 ? 0xff : exponent + 112) << 23) | (fraction << 13)
    }
  }
  return table
}

/** Exact single-precision values of half-precision ones (IEEE 754 binary16, as bits). */
export function widenHalf(half: Uint16Array, out = new Float32Array(half.length)): Float32Array {
  const lookup = wideningTable()
  const bits = new Uint32Array(out.buffer, out.byteOffset, out.length)
  for (let i = 0; i < half.length; i++) bits[i] = lookup[half[i]!]!
  return out
}

const single = new Float32Array(1)
const singleBits = new Uint32Array(single.buffer)

/** The half nearest to a number, ties to even; infinite beyond 65,519. */
export function halfBits(value: number): number {
  single[0] = value
  const bits = singleBits[0]!
  const sign = (bits >>> 16) & 0x8000
  const size = bits & 0x7fffffff
  if (size > 0x7f800000) return sign | 0x7e00
  if (size >= 0x477ff000) return sign | 0x7c00
  // Below 2⁻¹⁴ halves lie 2⁻²⁴ apart; Math.abs(value) / 2⁻²⁴ is exact.
  if (size < 0x38800000) return sign | roundToEven(Math.abs(single[0]) * 2 ** 24)
  const rest = size & 0x1fff
  const down = (size - 0x38000000) >>> 13
  return sign | (rest > 0x1000 || (rest === 0x1000 && (down & 1) === 1) ? down + 1 : down)
}

function roundToEven(value: number): number {
  const down = Math.floor(value)
  const rest = value - down
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down
}

/** Each number as the nearest half. */
export const narrowToHalf = (values: ArrayLike<number>): Uint16Array =>
  Uint16Array.from({ length: values.length }, (_, i) => halfBits(values[i]!))
