/** Where the index along an axis of a node's output comes from: which axes of which inputs it is counted along, too. */
import { intAttribute, intsAttribute, type NodeProto } from '../onnx'
import { isWhole, reshaped, wholeAxis, type Digit } from './digit'
import { ELEMENTWISE, KEEPING, SKIPPING } from './operators'

/** A place to go on from, a joint of several axes, or a row of pieces put behind each other. */
export type Step =
  | { readonly kind: 'go'; readonly tensor: string; readonly digit: Digit }
  /** The digit counts several axes of a tensor at once. */
  | { readonly kind: 'axes'; readonly tensor: string; readonly digits: readonly Digit[] }
  | { readonly kind: 'pieces'; readonly tensors: readonly string[]; readonly axis: number }
  /** It counts some of those along an axis, from `start` on. */
  | {
      readonly kind: 'part'
      readonly tensor: string
      readonly axis: number
      readonly start: number
      readonly count: number
    }

export interface Asked {
  readonly node: NodeProto
  readonly output: number
  readonly digit: Digit
  /** Lengths of the node's output. */
  readonly dims: readonly number[]
  readonly of: (tensor: string) => readonly number[] | null
  /** Values of an integer tensor, as far as they are known. */
  readonly integers: (tensor: string) => readonly (number | null)[] | null
  /** Is it the same at every run? */
  readonly constant: (tensor: string) => boolean
  /** Axes of images lead through convolutions and resizing. */
  readonly spatial: boolean
}

type Rule = (asked: Asked) => readonly Step[]

const go = (tensor: string | undefined, digit: Digit | null): readonly Step[] =>
  tensor === undefined || tensor === '' || !digit ? [] : [{ kind: 'go', tensor, digit }]

/** The same digit along an axis of an input, where that is as long. */
function along({ digit, dims, of }: Asked, tensor: string | undefined, axis: number): readonly Step[] {
  const lengths = tensor === undefined ? null : of(tensor)
  return lengths?.[axis] === dims[digit.axis] ? go(tensor, { ...digit, axis }) : []
}

/** Operators that compute each value from those at the same place, or from all along an axis that stays as it is. */
const sameplace: Rule = (asked) => {
  const { node, digit, dims, of } = asked
  return node.input.flatMap((tensor) => {
    const lengths = tensor === '' ? null : of(tensor)
    return lengths ? along(asked, tensor, digit.axis - (dims.length - lengths.length)) : []
  })
}

/** Of the first input, whose axes are the output's. */
const first: Rule = (asked) => {
  const lengths = asked.of(asked.node.input[0] ?? '')
  return lengths?.length === asked.dims.length ? along(asked, asked.node.input[0], asked.digit.axis) : []
}

const reshape: Rule = ({ node, digit, dims, of }) => {
  const tensor = node.input[0]
  const before = tensor === undefined ? null : of(tensor)
  const found = before && reshaped(digit, dims, before)
  if (!found || tensor === undefined) return []
  return found.kind === 'digit' ? go(tensor, found.digit) : [{ kind: 'axes', tensor, digits: found.digits }]
}

const transpose: Rule = (asked) => {
  const { node, digit, dims } = asked
  const order = intsAttribute(node, 'perm') ?? dims.map((_, axis) => dims.length - 1 - axis)
  return along(asked, node.input[0], order[digit.axis] ?? -1)
}

const concat: Rule = (asked) => {
  const { node, digit, dims, of } = asked
  const rank = dims.length
  const given = intAttribute(node, 'axis') ?? 0
  const axis = given < 0 ? given + rank : given
  if (asked.spatial && axis === digit.axis) return scaled(asked)
  if (axis !== digit.axis) return node.input.flatMap((tensor) => along(asked, tensor, digit.axis))
  const some = node.input.filter((tensor) => (of(tensor)?.[axis] ?? 0) > 0)
  if (some.length === 1) return along(asked, some[0], axis)
  return isWhole(digit, dims) ? [{ kind: 'pieces', tensors: some, axis }] : []
}

const gather: Rule = (asked) => {
  const { node, digit, of, constant } = asked
  const [data, indices] = node.input.map((tensor) => of(tensor))
  if (!data || !indices) return []
  const given = intAttribute(node, 'axis') ?? 0
  const axis = given < 0 ? given + data.length : given
  if (digit.axis < axis) return along(asked, node.input[0], digit.axis)
  if (digit.axis >= axis + indices.length) return along(asked, node.input[0], digit.axis - indices.length + 1)
  // Along the axis it takes from, a table is looked up: of a table that never changes the indices say what is what. Others are put in another order.
  return constant(node.input[0] ?? '') ? along(asked, node.input[1], digit.axis - axis) : []
}

/** The axes of A (`side` 0) or B in a product of matrices, with what Microsoft's fused product transposes. */
function product(left: number, right: number): Rule {
  return (asked) => {
    const { node, digit, dims, of } = asked
    const [a, b] = [node.input[left], node.input[right]]
    const [la, lb] = [of(a ?? ''), of(b ?? '')]
    if (!la || !lb || la.length < 2 || lb.length < 2) return []
    const rank = dims.length
    const [turnA, turnB] = [intAttribute(node, 'transA') === 1, intAttribute(node, 'transB') === 1]
    if (intAttribute(node, 'transBatchA') === 1 || intAttribute(node, 'transBatchB') === 1) return []
    if (digit.axis === rank - 2) return along(asked, a, la.length - (turnA ? 1 : 2))
    if (digit.axis === rank - 1) return along(asked, b, lb.length - (turnB ? 2 : 1))
    return [...along(asked, a, digit.axis - rank + la.length), ...along(asked, b, digit.axis - rank + lb.length)]
  }
}

/** The terms of an Einsum, one for each input, and that of its result, with figures for axes that it leaves unnamed; null where it says them in another way. */
function einsumTerms({ node, of }: Asked): { readonly inputs: readonly string[]; readonly output: string } | null {
  const bytes = node.attribute.find(({ name }) => name === 'equation')?.s
  const equation = bytes ? new TextDecoder().decode(bytes).replaceAll(' ', '') : ''
  const [left, output] = equation.split('->')
  if (left === undefined || output === undefined) return null
  const terms = left.split(',')
  // Those axes are counted from the last.
  const unnamed = terms.map((term, i) => (of(node.input[i] ?? '')?.length ?? 0) - term.replace('...', '').length)
  const most = Math.max(0, ...unnamed)
  if (most > 9) return null
  const named = (term: string, count: number) => term.replace('...', '123456789'.slice(9 - count))
  return { inputs: terms.map((term, i) => named(term, unnamed[i]!)), output: named(output, most) }
}

const einsum: Rule = (asked) => {
  const terms = einsumTerms(asked)
  const letter = terms?.output[asked.digit.axis]
  if (!terms || letter === undefined) return []
  return asked.node.input.flatMap((tensor, i) => {
    const axis = terms.inputs[i]?.indexOf(letter) ?? -1
    return axis < 0 ? [] : along(asked, tensor, axis)
  })
}

/** Rows go through a convolution, and places where every kernel is a single one. Axes of an image lead to those of the image before. */
const convolution: Rule = (asked) => {
  const { node, digit, of, spatial } = asked
  if (digit.axis === 0) return first(asked)
  if (digit.axis === 1) return []
  const kernel = of(node.input[1] ?? '')
  // A row of tokens keeps its places, which are not those of an image's axis.
  const same = kernel?.slice(2).every((taps) => taps === 1) ? first(asked) : []
  return same.length === 0 && spatial ? scaled(asked) : same
}

/** The whole axis before, whatever its length: what is larger or smaller shows the same. */
const scaled: Rule = ({ node, digit, of, spatial }) => {
  const tensor = node.input[0]
  const lengths = of(tensor ?? '')
  return spatial && lengths && digit.axis >= 1 ? go(tensor, wholeAxis(lengths, digit.axis)) : []
}

const part = ({ node, digit, dims, of }: Asked, start: number | null): readonly Step[] => {
  const tensor = node.input[0]!
  const [count, all] = [dims[digit.axis]!, of(tensor)?.[digit.axis] ?? 0]
  return start === null || !isWhole(digit, dims) || start + count > all
    ? []
    : [{ kind: 'part', tensor, axis: digit.axis, start, count }]
}

/** Where a Slice begins along an axis: null where the graph does not say, or it leaves some out in between. */
function sliceStart({ node, digit, dims, of, integers }: Asked): number | null {
  const [starts, ends, axes, steps] = node.input.slice(1).map((name) => (name === '' ? null : integers(name)))
  const all = of(node.input[0]!)?.[digit.axis] ?? 0
  const at = axes ? axes.findIndex((axis) => axis === digit.axis || axis === digit.axis - dims.length) : digit.axis
  if (at < 0 || (steps?.[at] ?? 1) !== 1) return null
  const [start, end] = [starts?.[at] ?? null, ends?.[at] ?? null]
  if (start !== null) return start < 0 ? start + all : start
  return end !== null && end >= all ? all - dims[digit.axis]! : null
}

/** A part of an image shows the image; a part of a row of tokens is one. */
const sliced: Rule = (asked) => {
  const same = first(asked)
  if (same.length > 0) return same
  return asked.spatial ? scaled(asked) : part(asked, sliceStart(asked))
}

const split: Rule = (asked) => {
  const same = first(asked)
  if (same.length > 0 || asked.spatial) return same
  const before = asked.node.output.slice(0, asked.output).map((name) => asked.of(name)?.[asked.digit.axis] ?? null)
  return part(
    asked,
    before.reduce<number | null>((sum, length) => (sum === null || length === null ? null : sum + length), 0),
  )
}

const resized: Rule = (asked) => (asked.digit.axis < 2 ? first(asked) : scaled(asked))

const expand: Rule = (asked) => {
  const { node, digit, dims, of } = asked
  const lengths = of(node.input[0] ?? '')
  return lengths ? along(asked, node.input[0], digit.axis - (dims.length - lengths.length)) : []
}

/** A sum over axes that fall away. */
const reduced: Rule = (asked) => {
  const { node, digit, dims, of, integers } = asked
  const lengths = of(node.input[0] ?? '')
  if (!lengths || lengths.length === dims.length) return first(asked)
  const axes = intsAttribute(node, 'axes') ?? integers(node.input[1] ?? '')
  if (!axes?.every((axis) => axis !== null)) return []
  const gone = new Set(axes.map((axis) => (axis < 0 ? axis + lengths.length : axis)))
  const left = lengths.map((_, axis) => axis).filter((axis) => !gone.has(axis))
  return left.length === dims.length ? along(asked, node.input[0], left[digit.axis] ?? -1) : []
}

/** Channels in blocks, as onnxruntime lays them out on processors: places stay where they are. */
const reordered: Rule = (asked) =>
  asked.digit.axis === 1 || intAttribute(asked.node, 'channels_last') === 1 ? [] : first(asked)

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...ELEMENTWISE.map((op) => [op, sameplace] as const),
  ['ReduceSum', reduced],
  ['ReorderInput', reordered],
  ['ReorderOutput', reordered],
  ...SKIPPING.map((op) => [op, sameplace] as const),
  ...KEEPING.map((op) => [op, first] as const),
  ['Reshape', reshape],
  ['Flatten', reshape],
  ['Squeeze', reshape],
  ['Unsqueeze', reshape],
  ['Transpose', transpose],
  ['Slice', sliced],
  ['Split', split],
  ['Concat', concat],
  ['Gather', gather],
  ['Expand', expand],
  ['Einsum', einsum],
  ['MatMul', product(0, 1)],
  ['FusedMatMul', product(0, 1)],
  ['Gemm', product(0, 1)],
  ['FusedGemm', product(0, 1)],
  ['MatMulInteger', product(0, 1)],
  ['MatMulNBits', (asked) => (asked.digit.axis < asked.dims.length - 1 ? first(asked) : [])],
  ['DynamicQuantizeMatMul', product(0, 1)],
  ['MatMulIntegerToFloat', product(0, 1)],
  ['QLinearMatMul', product(0, 3)],
  ['Conv', convolution],
  ['FusedConv', convolution],
  ['ConvInteger', convolution],
  ['QLinearConv', (asked) => (asked.spatial ? scaled(asked) : asked.digit.axis === 0 ? first(asked) : [])],
  ...[
    'ConvTranspose',
    'MaxPool',
    'AveragePool',
    'LpPool',
    'Resize',
    'Upsample',
    'Pad',
    'DepthToSpace',
    'SpaceToDepth',
    'GridSample',
  ].map((op) => [op, resized] as const),
])

/** Nothing where the node's operator is not known, or the axis begins here. */
export function stepsBack(asked: Asked): readonly Step[] {
  return RULES.get(asked.node.opType)?.(asked) ?? []
}
