/**
 * Tensors of indices, on which the reshapes and transposes between a projection and its heads are tried: a chain of them
 * splits or joins heads if the indices land where they should, whatever operators an exporter chose.
 */
import { intsAttribute, type NodeProto } from '../onnx'
import type { Shapes } from '../shapes'

export const LAYOUT_OPS: ReadonlySet<string> = new Set(['Reshape', 'Transpose', 'Identity', 'Squeeze', 'Unsqueeze'])

/** Rows and tokens of the index tensors; distinct primes, so that a wrong axis can't pass for the right one. */
export const PROBE_ROWS = 2
export const PROBE_TOKENS = 7

/** Read where it is asked for and never laid out: a graph of a kilobyte may speak of millions of values. */
export interface IndexTensor {
  readonly dims: readonly number[]
  readonly length: number
  /** The index at a place, counted along the last axis first. */
  readonly at: (place: number) => number
}

export interface Sizes {
  readonly heads: number
  readonly headWidth: number
  readonly tokens: number
}

/** Values of an index tensor, at most: far more than attention has that a browser computes. */
const MAX_VALUES = 2 ** 23
/** Two orders of axes agree at half of all places at most, so far fewer looks would do. */
const LOOKED_AT = 2 ** 12
/** A prime above MAX_VALUES: multiples of it come to every place before to one twice, and not along an axis. */
const SPREAD = 1_000_000_007
/** Axes of a tensor, at most: exporters leave six. */
const MAX_AXES = 64

/** Are these sizes that attention can have, and that index tensors are made of? */
export function readable({ heads, headWidth, tokens }: Sizes): boolean {
  const whole = [heads, headWidth, tokens].every((length) => Number.isInteger(length) && length > 0)
  return whole && PROBE_ROWS * heads * headWidth * tokens <= MAX_VALUES
}

function product(dims: readonly number[]): number {
  return dims.reduce((a, b) => a * b, 1)
}

export function transpose({ dims, length, at }: IndexTensor, order: readonly number[]): IndexTensor {
  const strides = dims.map(() => 1)
  for (let axis = dims.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * dims[axis + 1]!
  const outDims = order.map((axis) => dims[axis]!)
  const outStrides = order.map((axis) => strides[axis]!)
  const before = (place: number) => {
    let from = 0
    let rest = place
    for (let axis = outDims.length - 1; axis >= 0; axis--) {
      const next = Math.floor(rest / outDims[axis]!)
      from += (rest - next * outDims[axis]!) * outStrides[axis]!
      rest = next
    }
    return from
  }
  return { dims: outDims, length, at: (place) => at(before(place)) }
}

export function indices(dims: readonly number[]): IndexTensor {
  return { dims, length: product(dims), at: (place) => place }
}

/** Are the same indices at the same places? Where there are more places than `LOOKED_AT`, so many are looked at, spread over all. */
export function equal(a: IndexTensor, b: IndexTensor): boolean {
  if (a.length !== b.length) return false
  const looks = Math.min(a.length, LOOKED_AT)
  for (let i = 0; i < looks; i++) {
    const place = (i * SPREAD) % a.length
    if (a.at(place) !== b.at(place)) return false
  }
  return true
}

/** Lengths that are known only at run time are null: the leading one is rows or rows × heads, at most one other is what remains. */
function reshape(target: readonly (number | null)[], input: IndexTensor, sizes: Sizes): IndexTensor | null {
  const free = target.filter((length) => length === null || length === -1).length
  const leading = target[0] === null && free > 1 ? [PROBE_ROWS, PROBE_ROWS * sizes.heads] : [null]
  for (const first of leading) {
    const dims = target.map((length, axis) => {
      if (axis === 0 && first !== null) return first
      return length === 0 ? (input.dims[axis] ?? null) : length === -1 ? null : length
    })
    const hole = dims.indexOf(null)
    if (hole >= 0) dims[hole] = input.length / product(dims.map((length, axis) => (axis === hole ? 1 : length!)))
    if (
      dims.some((length) => length === null || !Number.isInteger(length)) ||
      product(dims as number[]) !== input.length
    )
      continue
    // Rows × heads in front is right only where the heads are axis 1 already.
    if (
      first === PROBE_ROWS &&
      dims.length === 3 &&
      input.dims.length === 4 &&
      dims[1] !== sizes.tokens &&
      leading.length > 1
    )
      continue
    return { ...input, dims: dims as number[] }
  }
  return null
}

/** One layout operator on a tensor of indices; null where the graph does not say enough or it does not fit. */
export function layout(node: NodeProto, input: IndexTensor, sizes: Sizes, shapes: Shapes): IndexTensor | null {
  switch (node.opType) {
    case 'Transpose': {
      const order = intsAttribute(node, 'perm') ?? input.dims.map((_, axis) => input.dims.length - 1 - axis)
      const permutes = order.length === input.dims.length && new Set(order).size === order.length
      return permutes && order.every((axis) => axis in input.dims) ? transpose(input, order) : null
    }
    case 'Reshape': {
      const target = shapes.integers(node.input[1] ?? '')
      return target && reshape(target, input, sizes)
    }
    case 'Squeeze':
    case 'Unsqueeze': {
      const axes = intsAttribute(node, 'axes') ?? shapes.integers(node.input[1] ?? '')
      if (!axes || axes.includes(null)) return null
      const squeeze = node.opType === 'Squeeze'
      const rank = input.dims.length + (squeeze ? 0 : axes.length)
      if (rank > MAX_AXES) return null
      const at = new Set(axes.map((axis) => (axis! < 0 ? axis! + rank : axis!)))
      const rest = squeeze ? input.dims.filter((_, axis) => !at.has(axis)) : [...input.dims]
      const dims = squeeze ? rest : Array.from({ length: rank }, (_, axis) => (at.has(axis) ? 1 : rest.shift()!))
      return product(dims) === input.length ? { ...input, dims } : null
    }
    default:
      return input
  }
}
