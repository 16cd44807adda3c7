/**
 * Seeded randomness that is equal on every device and in every browser.
 *
 * Generator: Philox4x32-10, counter-based (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011), so
 * that any draw can be named without drawing those before it. Normals: Marsaglia's polar method on its 32-bit words.
 * The logarithm is our own, from IEEE additions, multiplications and divisions only: `Math.log` may differ in its last
 * bit between engines, and one bit is enough to change a digest.
 */

/** What a stream of draws is for; streams of different purposes are independent. A new method's is `streamOf` its id. */
export const STREAM = {
  noise: 0,
  condition: 1,
  mask: 2,
  drop: 3,
  mapNoise: 4,
  shuffle: 5,
  time: 6,
  gaussianCondition: 7,
  region: 8,
  dropout: 9,
  solver: 11,
} as const
export type Stream = number

/** The stream of a method's own draws: FNV-1a of its id, with the highest bit set so that it is none of the numbered ones. */
export function streamOf(id: string): Stream {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(id)) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash | 0x80000000) >>> 0
}

function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const carry = aLow * bHigh + (middle & 0xffff)
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carry / 65536)) >>> 0
}

/** Philox4x32-10: four 32-bit words from a counter of four words and a key of two. */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): [number, number, number, number] {
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0)
    const low0 = Math.imul(0xd2511f53, c0) >>> 0
    const high1 = multiplyHigh(0xcd9e8d57, c2)
    const low1 = Math.imul(0xcd9e8d57, c2) >>> 0
    c0 = (high1 ^ c1 ^ k0) >>> 0
    c1 = low1
    c2 = (high0 ^ c3 ^ k1) >>> 0
    c3 = low0
    k0 = (k0 + 0x9e3779b9) >>> 0
    k1 = (k1 + 0xbb67ae85) >>> 0
  }
  return [c0, c1, c2, c3]
}

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)
const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0

/** Natural logarithm of a positive normal double, from IEEE operations only (the algorithm of fdlibm's e_log.c). */
export function deterministicLog(value: number): number {
  double[0] = value
  let exponent = (words[high]! >>> 20) - 1023
  words[high] = (words[high]! & 0xfffff) | 0x3ff00000
  let mantissa = double[0]
  if (mantissa > Math.SQRT2) {
    mantissa /= 2
    exponent += 1
  }
  const f = mantissa - 1
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
  const odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)))
  const half = 0.5 * f * f
  return exponent * 0.6931471803691238 - (half - (s * (half + even + odd) + exponent * 1.9082149292705877e-10) - f)
}

/** Standard normals, float32, made of blocks of four random words until there are `count`. */
export function polarNormals(count: number, block: (index: number) => readonly number[]): Float32Array {
  const out = new Float32Array(count)
  let filled = 0
  for (let index = 0; filled < count; index++) {
    const bits = block(index)
    for (let pair = 0; pair < 4 && filled < count; pair += 2) {
      const u = (bits[pair]! + 0.5) / 2 ** 31 - 1
      const v = (bits[pair + 1]! + 0.5) / 2 ** 31 - 1
      const square = u * u + v * v
      if (square >= 1 || square === 0) continue
      const factor = Math.sqrt((-2 * deterministicLog(square)) / square)
      out[filled++] = u * factor
      if (filled < count) out[filled++] = v * factor
    }
  }
  return out
}

/**
 * Standard normals of stream `stream` of `seed`, float32. Equal for equal arguments on every device; a longer request
 * begins with the shorter one.
 */
export function normals(
  seed: number,
  stream: number,
  count: number,
  purpose: Stream = STREAM.noise,
  index = 0,
): Float32Array {
  return polarNormals(count, (block) => philox4x32([block, purpose, index, 0], [seed, stream]))
}

/** A whole 32-bit word named by (seed, stream, purpose, index, sub-index). */
export function randomWord(seed: number, stream: number, purpose: Stream, index: number, sub = 0): number {
  return philox4x32([index, purpose, sub, 0], [seed, stream])[0]
}

/** A whole number in [0, bound), bound ≤ 2^16; its bias is below bound / 2^32. */
export function randomInteger(seed: number, stream: number, purpose: Stream, index: number, bound: number): number {
  return Math.floor((randomWord(seed, stream, purpose, index) / 2 ** 32) * bound)
}
