/** The shape of an operator's output from its inputs, for the operators that stand between projections and attention. */
import { intAttribute, intsAttribute, tensorAttribute, type NodeProto } from './onnx'

/** A length that is not known is null. */
export type Length = number | null
export type Shape = readonly Length[]

/** What a rule may ask of the graph. */
export interface Known {
  /** The shape of the node's first input. */
  readonly first: Shape | null
  readonly of: (tensor: string) => Shape | null
  readonly integers: (tensor: string) => Length[] | null
}

type Rule = (node: NodeProto, known: Known, output: number) => Shape | null

/** Operators whose output has the shape of their first input. */
const SAME = new Set([
  'Cast',
  'Identity',
  'Softmax',
  'Relu',
  'Sigmoid',
  'Erf',
  'Gelu',
  'Sqrt',
  'Exp',
  'Neg',
  'Tanh',
  'Sin',
  'Cos',
  'Floor',
  'Abs',
  'QuickGelu',
  'Dropout',
  'InstanceNormalization',
  'LayerNormalization',
  'GroupNormalization',
  'RMSNormalization',
  'SimplifiedLayerNormalization',
  'BatchNormalization',
  'Clip',
])
const BROADCAST = new Set(['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Where'])

function broadcast(shapes: readonly Shape[]): Shape {
  const rank = shapes.reduce((most, { length }) => Math.max(most, length), 0)
  return Array.from({ length: rank }, (_, axis) => {
    const lengths = shapes.map((shape) =>
      axis < rank - shape.length ? 1 : (shape[axis - rank + shape.length] ?? null),
    )
    const long = lengths.find((length) => length !== null && length !== 1)
    return long ?? (lengths.includes(null) ? null : 1)
  })
}

const constant: Rule = (node) => {
  const value = tensorAttribute(node, 'value')
  return value ? value.dims.map(Number) : []
}

const transpose: Rule = (node, { first }) => {
  const order = intsAttribute(node, 'perm')
  return first && order ? order.map((axis) => first[axis] ?? null) : null
}

const reshape: Rule = (node, known) => {
  const { first } = known
  const target = known.integers(node.input[1] ?? '')
  if (!target) return null
  const lengths = target.map((length, axis) => (length === 0 ? (first?.[axis] ?? null) : length === -1 ? null : length))
  // A -1 is what remains, where all else is known; an unknown length that both sides keep (rows) cancels.
  const hole = target.indexOf(-1)
  if (hole < 0 || !first) return lengths
  const kept = (axis: number) => target[axis] === 0 && first[axis] === null
  const from = first.filter((_, axis) => !kept(axis))
  const to = lengths.filter((_, axis) => axis !== hole && !kept(axis))
  if (![...from, ...to].includes(null))
    lengths[hole] = from.reduce<number>((a, b) => a * b!, 1) / to.reduce<number>((a, b) => a * b!, 1)
  return lengths
}

const matMul: Rule = (node, known) => {
  const { first } = known
  const second = known.of(node.input[1] ?? '')
  if (!first || !second || first.length < 1 || second.length < 2) return null
  if (first.length === 1) return [...second.slice(0, -2), second.at(-1) ?? null]
  return [...broadcast([first.slice(0, -2), second.slice(0, -2)]), first.at(-2) ?? null, second.at(-1) ?? null]
}

const attention: Rule = (node, known, output) => {
  const { first } = known
  const values = known.of(node.input[2] ?? '')
  return output === 0 && first && values?.length === first.length
    ? [...first.slice(0, -1), values.at(-1) ?? null]
    : null
}

const gemm: Rule = (node, known) => {
  const { first } = known
  const second = known.of(node.input[1] ?? '')
  if (!first || !second) return null
  return [
    first[intAttribute(node, 'transA') === 1 ? 1 : 0] ?? null,
    second[intAttribute(node, 'transB') === 1 ? 0 : 1] ?? null,
  ]
}

const concat: Rule = (node, known) => {
  const { first } = known
  const axis = intAttribute(node, 'axis') ?? 0
  const shapes = node.input.map((input) => known.of(input))
  if (!first || !shapes.every((shape) => shape !== null)) return null
  const at = axis < 0 ? first.length + axis : axis
  const joined = shapes.map((shape) => shape[at] ?? null)
  const length = joined.every((part) => part !== null) ? joined.reduce((a, b) => a + b, 0) : null
  return first.map((value, i) => (i === at ? length : value))
}

const split: Rule = (node, known, output) => {
  const { first } = known
  const axis = intAttribute(node, 'axis') ?? 0
  if (!first) return null
  const at = axis < 0 ? first.length + axis : axis
  const sizes = node.input[1] ? known.integers(node.input[1]) : intsAttribute(node, 'split')
  const even = typeof first[at] === 'number' ? first[at] / node.output.length : null
  return first.map((value, i) => (i === at ? (sizes ? (sizes[output] ?? null) : even) : value))
}

const unsqueeze: Rule = (node, known) => {
  const { first } = known
  const axes = known.integers(node.input[1] ?? '') ?? intsAttribute(node, 'axes')
  if (!first || !axes || axes.some((axis) => axis === null)) return null
  const rank = first.length + axes.length
  const added = new Set(axes.map((axis) => (axis! < 0 ? axis! + rank : axis!)))
  let next = 0
  return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (first[next++] ?? null)))
}

const squeeze: Rule = (node, known) => {
  const { first } = known
  const axes = known.integers(node.input[1] ?? '') ?? intsAttribute(node, 'axes')
  if (!first || !axes || axes.some((axis) => axis === null)) return null
  const gone = new Set(axes.map((axis) => (axis! < 0 ? axis! + first.length : axis!)))
  return first.filter((_, axis) => !gone.has(axis))
}

const shape: Rule = (_node, { first }) => {
  return first && [first.length]
}

const slice: Rule = (node, known) => {
  const { first } = known
  const [starts, ends, axes, steps] = node.input.slice(1).map((input) => (input === '' ? null : known.integers(input)))
  if (!first || !starts || !ends || steps?.some((step) => step !== 1) || (node.input[3] && !axes)) return null
  const lengths = [...first]
  for (const [i, start] of starts.entries()) {
    const axis = axes?.[i] ?? i
    const at: number = axis < 0 ? first.length + axis : axis
    if (!(at in first)) return null
    const [length, end] = [first[at] ?? null, ends[i] ?? null]
    const clamp = (value: number, size: number) => Math.min(Math.max(value < 0 ? value + size : value, 0), size)
    lengths[at] =
      length === null || start === null || end === null ? null : Math.max(clamp(end, length) - clamp(start, length), 0)
  }
  return lengths
}

const gather: Rule = (node, known) => {
  const { first } = known
  const taken = known.of(node.input[1] ?? '')
  if (!first || !taken) return null
  const axis = intAttribute(node, 'axis') ?? 0
  const at = axis < 0 ? first.length + axis : axis
  return [...first.slice(0, at), ...taken, ...first.slice(at + 1)]
}

/** The lengths that a window leaves of an image's axes. */
function windowed(node: NodeProto, first: Shape, kernel: Shape): Length[] {
  const strides = intsAttribute(node, 'strides')
  const pads = intsAttribute(node, 'pads')
  const dilations = intsAttribute(node, 'dilations')
  const spatial = first.length - 2
  return kernel.map((taps, i) => {
    const length = first[i + 2] ?? null
    if (length === null || taps === null) return null
    const reach = (dilations?.[i] ?? 1) * (taps - 1) + 1
    return Math.floor((length + (pads?.[i] ?? 0) + (pads?.[i + spatial] ?? 0) - reach) / (strides?.[i] ?? 1)) + 1
  })
}

const conv: Rule = (node, known) => {
  const { first } = known
  const kernel = known.of(node.input[1] ?? '')
  return first && kernel && [first[0] ?? null, kernel[0] ?? null, ...windowed(node, first, kernel.slice(2))]
}

const pool: Rule = (node, { first }, output) => {
  const kernel = intsAttribute(node, 'kernel_shape')
  // Rounded up, or padded by a word: as long as a run shows.
  const told = intAttribute(node, 'ceil_mode') !== 1 && !node.attribute.some(({ name }) => name === 'auto_pad')
  return output === 0 && first && kernel && told ? [...first.slice(0, 2), ...windowed(node, first, kernel)] : null
}

const resize: Rule = (node, known) => {
  const { first } = known
  const [scales, sizes] = [node.input[2], node.input[3]].map((name) => (name ? known.integers(name) : null))
  if (!first || node.attribute.some(({ name }) => name === 'axes')) return null
  if (sizes?.length === first.length) return sizes
  if (scales?.length !== first.length) return null
  return first.map((length, i) => (length === null || scales[i] === null ? null : Math.floor(length * scales[i]!)))
}

const same: Rule = (_node, { first }, output) => (output === 0 ? first : null)

/** The normal tensor, and the sum that was normalised. */
const skipNorm: Rule = (_node, { first }, output) => (output === 0 || output === 3 ? first : null)

const broadcasting: Rule = (node, known) => {
  const shapes = node.input.map((input) => known.of(input))
  return shapes.every((shape) => shape !== null) ? broadcast(shapes) : null
}

const RULES: ReadonlyMap<string, Rule> = new Map([
  ...[...SAME].map((op) => [op, same] as const),
  ...[...BROADCAST].map((op) => [op, broadcasting] as const),
  ['Constant', constant],
  ['Transpose', transpose],
  ['Reshape', reshape],
  ['MatMul', matMul],
  ['MultiHeadAttention', attention],
  ['Attention', attention],
  ['Gemm', gemm],
  ['Concat', concat],
  ['Split', split],
  ['Unsqueeze', unsqueeze],
  ['Squeeze', squeeze],
  ['Shape', shape],
  ['Slice', slice],
  ['Gather', gather],
  ['Conv', conv],
  ['FusedConv', conv],
  ['SkipLayerNormalization', skipNorm],
  ['AveragePool', pool],
  ['MaxPool', pool],
  ['Resize', resize],
])

/** Null where the operator has no rule here, or too little is known. */
export function outputShape(node: NodeProto, output: number, known: Known): Shape | null {
  return RULES.get(node.opType)?.(node, known, output) ?? null
}
