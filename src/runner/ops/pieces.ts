/** Operators that put tensors together and take them apart. */
import { int, ints, text } from '../attributes'
import type { NodeProto } from '../../network/onnx'
import type { Compilation } from '../compilation'
import type { Emitter } from '../emitter'
import { binary, unary } from '../broadcast'
import { sliceIndices } from '../dims'
import type { Operator } from '../operator'
import { expanded, memoryOrder, product, replaced, reshaped, sliced, type Tensor } from '../tensor'
import { matmul } from '../products'
import { Unsupported } from '../unsupported'

/** Rows of a table that a run looks into, at most: each is multiplied with. */
const MOST_ROWS = 4096

const axisOf = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis)

/** One behind the other along an axis, in memory as the largest of them lies. */
export function joined(emitter: Emitter, parts: readonly Tensor[], axis: number): Tensor {
  const length = parts.reduce((sum, { dims }) => sum + dims[axis]!, 0)
  const dims = replaced(parts[0]!.dims, axis, length)
  const largest = parts.reduce((most, part) => (product(part.dims) > product(most.dims) ? part : most))
  const order = memoryOrder(largest)
  const out = emitter.result(dims, parts, order)
  const inner = product(order.slice(order.indexOf(axis) + 1).map((one) => dims[one]!))
  const outer = product(order.slice(0, order.indexOf(axis)).map((one) => dims[one]!))
  let from = 0
  for (const part of parts) {
    const own = part.dims[axis]! * inner
    if (own === 0) continue
    const packed = emitter.ordered(part, order)
    const to = { buffer: out.at.buffer, offset: out.at.offset + from }
    emitter.call('copyRows', [packed.at, own, to, length * inner, outer, own], out.at.buffer)
    from += own
  }
  return out
}

function concat(c: Compilation, node: NodeProto): void {
  const parts = node.input.map((name) => c.tensor(name))
  c.set(node.output[0]!, joined(c.emitter, parts, axisOf(int(node, 'axis', 0), parts[0]!.dims.length)))
}

function split(c: Compilation, node: NodeProto): void {
  const x = c.tensor(node.input[0])
  const axis = axisOf(int(node, 'axis', 0), x.dims.length)
  const even = Math.ceil(x.dims[axis]! / node.output.length)
  const told = node.input[1] ? c.numbers(node.input[1]) : ints(node, 'split')
  let from = 0
  for (const [i, name] of node.output.entries()) {
    const size = told?.[i] ?? Math.min(even, x.dims[axis]! - from)
    if (name !== '') c.set(name, sliced(x, axis, from, size))
    from += size
  }
}

function slice(c: Compilation, node: NodeProto): void {
  let x = c.tensor(node.input[0])
  const [starts, ends] = [c.numbers(node.input[1]), c.numbers(node.input[2])]
  const axes = node.input[3] ? c.numbers(node.input[3]) : null
  const steps = node.input[4] ? c.numbers(node.input[4]) : null
  for (const [i, start] of starts.entries()) {
    const axis = axisOf(axes?.[i] ?? i, x.dims.length)
    const step = steps?.[i] ?? 1
    if (step < 1) throw new Unsupported('a slice backwards')
    const indices = sliceIndices(x.dims[axis]!, start, ends[i]!, step)
    x = sliced(x, axis, indices[0] ?? 0, indices.length, step)
  }
  c.set(node.output[0]!, x)
}

/** Rows of a table by indices of the run, as a product with rows that are 1 at their index and 0 elsewhere. */
function lookedUp(c: Compilation, table: Tensor, axis: number, indices: Tensor): Tensor {
  const { emitter } = c
  const [count, width] = [table.dims[0]!, table.dims[1]!]
  if (axis !== 0 || table.dims.length !== 2 || count > MOST_ROWS)
    throw new Unsupported('indices that depend on the inputs')
  const all = emitter.constant([count], `counted ${count}`, () => Float32Array.from({ length: count }, (_, i) => i))
  const apart = unary(emitter, 'abs', binary(emitter, 'sub', reshaped(indices, [product(indices.dims), 1])!, all))
  const chosen = unary(emitter, 'relu', binary(emitter, 'sub', emitter.values([], [1]), apart))
  return reshaped(matmul(emitter, chosen, table, null), [...indices.dims, width])!
}

/** Entries of an axis by indices. */
function gather(c: Compilation, node: NodeProto): void {
  const x = c.tensor(node.input[0])
  const axis = axisOf(int(node, 'axis', 0), x.dims.length)
  const taken = c.known(node.input[1])
  if (!taken) return c.set(node.output[0]!, lookedUp(c, x, axis, c.tensor(node.input[1])))
  const indices = taken.values.map((index) => axisOf(index, x.dims[axis]!))
  const step = (indices[1] ?? 0) - (indices[0] ?? 0)
  const even = indices.every((index, i) => index === indices[0]! + i * step) && (step > 0 || indices.length === 1)
  const part = even
    ? sliced(x, axis, indices[0]!, indices.length, Math.max(step, 1))
    : joined(
        c.emitter,
        indices.map((index) => sliced(x, axis, index, 1)),
        axis,
      )
  const dims = [...x.dims.slice(0, axis), ...taken.dims, ...x.dims.slice(axis + 1)]
  c.set(node.output[0]!, reshaped(part, dims) ?? { kind: 'regrouped', source: part, dims })
}

function tile(c: Compilation, node: NodeProto): void {
  let x = c.tensor(node.input[0])
  for (const [axis, times] of c.numbers(node.input[1]).entries())
    if (times !== 1) x = joined(c.emitter, Array<Tensor>(times).fill(x), axis)
  c.set(node.output[0]!, x)
}

/** A constant all round; other ways of padding are left to others. */
function pad(c: Compilation, node: NodeProto): void {
  let x = c.tensor(node.input[0])
  if ((text(node, 'mode') ?? 'constant') !== 'constant') throw new Unsupported('padding by reflection or the edge')
  const pads = node.input[1] ? c.numbers(node.input[1]) : (ints(node, 'pads') ?? [])
  const axes = node.input[3] ? c.numbers(node.input[3]) : Array.from({ length: pads.length / 2 }, (_, i) => i)
  const fill = c.emitter.values([], [c.known(node.input[2])?.values[0] ?? 0])
  const rank = x.dims.length
  for (const [i, told] of axes.entries()) {
    const axis = axisOf(told, rank)
    const [before, after] = [pads[i]!, pads[i + axes.length]!]
    if (before < 0 || after < 0) throw new Unsupported('padding that takes away')
    const border = (length: number) => (length > 0 ? [expanded(fill, replaced(x.dims, axis, length))] : [])
    if (before + after > 0) x = joined(c.emitter, [...border(before), x, ...border(after)], axis)
  }
  c.set(node.output[0]!, x)
}

const KINDS: Readonly<Record<string, (c: Compilation, node: NodeProto) => void>> = {
  Concat: concat,
  Split: split,
  Slice: slice,
  Gather: gather,
  Tile: tile,
  Pad: pad,
}

export const pieces: Operator = { names: Object.keys(KINDS), emit: (c, node) => KINDS[node.opType]!(c, node) }
