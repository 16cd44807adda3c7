/** Where the index along an axis of a node's output comes from: which axes of which inputs it is counted along, too. */
import { intAttribute, intsAttribute } from '../onnx'
import { concat, sliced, split } from './cuts'
import { reshaped } from './digit'
import { ELEMENTWISE, KEEPING, SKIPPING } from './operators'
import { along, first, go, scaled, type Asked, type Rule, type Step } from './step'

/** Operators that compute each value from those at the same place, or from all along an axis that stays as it is. */
const sameplace: Rule = (asked) => {
  const { node, digit, dims, of } = asked
  return node.input.flatMap((tensor) => {
    const lengths = tensor === '' ? null : of(tensor)
    return lengths ? along(asked, tensor, digit.axis - (dims.length - lengths.length)) : []
  })
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
export function einsumTerms({
  node,
  of,
}: Pick<Asked, 'node' | 'of'>): { readonly inputs: readonly string[]; readonly output: string } | null {
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

/** Values that are put among others: along axes that both have whole, both count the same. */
const scattered: Rule = (asked) => [...first(asked), ...along(asked, asked.node.input[2], asked.digit.axis)]

/** Along any axis but that of the rows, as images may have their channels last. */
const padded: Rule = (asked) => {
  const same = first(asked)
  return same.length > 0 ? same : scaled(asked)
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
  ['Pad', padded],
  ['Slice', sliced],
  ['ScatterND', scattered],
  ['ScatterElements', scattered],
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
    'DepthToSpace',
    'SpaceToDepth',
    'GridSample',
  ].map((op) => [op, resized] as const),
])

/** Nothing where the node's operator is not known, or the axis begins here. */
export function stepsBack(asked: Asked): readonly Step[] {
  return RULES.get(asked.node.opType)?.(asked) ?? []
}
