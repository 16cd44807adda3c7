/**
 * A digit of a place: tokens, rows and heads are counted along axes, several of them along one where an exporter folded them.
 * A tensor's places are numbers in a mixed base; a Reshape leaves the number as it is and only cuts it anew.
 */

/** The digit ⌊index / inner⌋ mod length of the index along an axis. */
export interface Digit {
  readonly axis: number
  readonly length: number
  readonly inner: number
}

export const wholeAxis = (dims: readonly number[], axis: number): Digit => ({ axis, length: dims[axis] ?? 0, inner: 1 })

export const isWhole = ({ axis, length, inner }: Digit, dims: readonly number[]): boolean =>
  inner === 1 && length === dims[axis]

/** How far apart, in the order of memory, neighbours along each axis lie. */
function strides(dims: readonly number[]): readonly number[] {
  const out = dims.map(() => 1)
  for (let axis = dims.length - 2; axis >= 0; axis--) out[axis] = out[axis + 1]! * dims[axis + 1]!
  return out
}

/** What a digit of a reshaped tensor is in the tensor before: a digit there, or several whole axes, outermost first. */
export type Before =
  | { readonly kind: 'digit'; readonly digit: Digit }
  | { readonly kind: 'axes'; readonly digits: readonly Digit[] }

/** Null where the digit is cut across axes of the tensor before. */
export function reshaped(digit: Digit, after: readonly number[], before: readonly number[]): Before | null {
  const least = digit.inner * strides(after)[digit.axis]!
  const most = least * digit.length
  const own = strides(before)
  const digits: Digit[] = []
  for (const [axis, stride] of own.entries()) {
    const length = before[axis]!
    if (length === 1) continue
    const [from, to] = [Math.max(least, stride), Math.min(most, stride * length)]
    if (from >= to) continue
    if (from % stride !== 0 || to % from !== 0) return null
    digits.push({ axis, inner: from / stride, length: to / from })
  }
  const covered = digits.reduce((product, { length }) => product * length, 1)
  if (covered !== digit.length) return null
  const [only] = digits
  return digits.length === 1 && only ? { kind: 'digit', digit: only } : { kind: 'axes', digits }
}
