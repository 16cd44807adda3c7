/** Arithmetic on images held as flat float32 arrays; accumulates in double. */

export function norm(a: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * a[i]!
  return Math.sqrt(sum)
}

/** Standard deviation of the elements. */
export function deviation(a: Float32Array): number {
  let sum = 0
  let squares = 0
  for (let i = 0; i < a.length; i++) {
    sum += a[i]!
    squares += a[i]! * a[i]!
  }
  const mean = sum / a.length
  return Math.sqrt(Math.max(0, squares / a.length - mean * mean))
}

/** Cosine of the angle between two vectors; 0 where one of them is zero. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0
  for (let i = 0; i < a.length; i++) dot += a[i]! * b[i]!
  const product = norm(a) * norm(b)
  return product === 0 ? 0 : dot / product
}

export function subtract(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => value - b[i]!)
}

/** from + share (to − from): between the two, or past either. A loop, since it is run for every row of every step. */
export function toward(from: Float32Array, to: Float32Array, share: number): Float32Array {
  const out = new Float32Array(from.length)
  for (let i = 0; i < out.length; i++) out[i] = from[i]! + share * (to[i]! - from[i]!)
  return out
}

/** Index of the first element that is NaN or infinite, or −1. */
export function firstNotFinite(a: Float32Array): number {
  for (let i = 0; i < a.length; i++) if (!Number.isFinite(a[i])) return i
  return -1
}

/** The parts one after the other, in an array of the kind that `Kind` makes. */
export function concatenate<Out extends Float32Array | Float64Array | Int16Array | Uint8Array>(
  parts: readonly ArrayLike<number>[],
  Kind: new (length: number) => Out,
): Out {
  const out = new Kind(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** Held within ±`most`; the array itself where all its values are. */
export function heldWithin(values: Float32Array, most: number): Float32Array {
  if (values.every((value) => Math.abs(value) <= most)) return values
  return values.map((value) => Math.min(most, Math.max(-most, value)))
}
