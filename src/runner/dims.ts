/** Lengths of axes, and which of their entries are meant. */
import { product } from './tensor'

/** An axis that may be counted from the end. */
export const axisOf = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis)

export function broadcastDims(all: readonly (readonly number[])[]): number[] {
  const rank = all.reduce((most, { length }) => Math.max(most, length), 0)
  return Array.from({ length: rank }, (_, axis) =>
    all.reduce((length, dims) => {
      const own = dims[axis - rank + dims.length] ?? 1
      return own === 1 ? length : own
    }, 1),
  )
}

/** The entries that a Slice takes of an axis of `length`. */
export function sliceIndices(length: number, start: number, end: number, step: number): number[] {
  const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high)
  const from = clamp(axisOf(start, length), step > 0 ? 0 : -1, step > 0 ? length : length - 1)
  const to = clamp(end < 0 ? end + length : end, step > 0 ? 0 : -1, step > 0 ? length : length - 1)
  const indices: number[] = []
  for (let i = from; step > 0 ? i < to : i > to; i += step) indices.push(i)
  return indices
}

export function reshapeDims(from: readonly number[], target: readonly number[], allowZero: boolean): number[] {
  const dims = target.map((length, axis) => (length === 0 && !allowZero ? from[axis]! : length))
  const hole = dims.indexOf(-1)
  if (hole >= 0) dims[hole] = product(from) / product(dims.filter((_, axis) => axis !== hole))
  return dims
}

export function unsqueezedDims(dims: readonly number[], axes: readonly number[]): number[] {
  const rank = dims.length + axes.length
  const added = new Set(axes.map((axis) => axisOf(axis, rank)))
  let next = 0
  return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : dims[next++]!))
}

export function squeezedDims(dims: readonly number[], axes: readonly number[] | null): number[] {
  const gone = axes ? new Set(axes.map((axis) => axisOf(axis, dims.length))) : null
  return dims.filter((length, axis) => (gone ? !gone.has(axis) : length !== 1))
}
