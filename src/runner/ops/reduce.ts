/** Sums, means and extremes over axes. */
import { int } from '../attributes'
import type { Operator } from '../operator'
import { unary } from '../broadcast'
import { REDUCTIONS, type Reduction } from '../kernels'
import { product, reshaped } from '../tensor'

const KINDS: Readonly<Record<string, Reduction>> = {
  ReduceSum: 'sum',
  ReduceMean: 'mean',
  ReduceMax: 'max',
  ReduceMin: 'min',
  ReduceSumSquare: 'sum',
  ReduceL2: 'sum',
}

export const reduce: Operator = {
  names: Object.keys(KINDS),
  emit(c, node) {
    const { emitter } = c
    const squares = node.opType === 'ReduceSumSquare' || node.opType === 'ReduceL2'
    const input = c.tensor(node.input[0])
    const x = squares ? unary(emitter, 'square', input) : input
    const rank = x.dims.length
    const told = c.axes(node, 1)
    if (told === null && int(node, 'noop_with_empty_axes', 0) === 1) return c.set(node.output[0]!, x)
    const axes = new Set((told ?? x.dims.map((_, axis) => axis)).map((axis) => (axis < 0 ? axis + rank : axis)))
    const kept = x.dims.map((_, axis) => axis).filter((axis) => !axes.has(axis))
    const packed = emitter.ordered(x, [...kept, ...axes])
    const n = product([...axes].map((axis) => x.dims[axis]!))
    const dims = x.dims.map((length, axis) => (axes.has(axis) ? 1 : length))
    const out = emitter.result(dims, [x])
    emitter.call(
      'reduce',
      [REDUCTIONS.indexOf(KINDS[node.opType]!), packed.at, out.at, product(dims), n],
      out.at.buffer,
    )
    const result = node.opType === 'ReduceL2' ? unary(emitter, 'sqrt', out) : out
    const flat = kept.map((axis) => x.dims[axis]!)
    c.set(node.output[0]!, int(node, 'keepdims', 1) === 1 ? result : reshaped(result, flat)!)
  },
}
