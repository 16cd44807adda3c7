/** Evaluates what depends on shapes and small constants alone, so that a run computes none of it. */
import { int, ints } from './attributes'
import { tensorAttribute, type NodeProto } from '../network/onnx'
import type { Compilation } from './compilation'
import { axisOf, broadcastDims, reshapeDims, sliceIndices, squeezedDims, unsqueezedDims } from './dims'
import { kindOf, numbersOf } from './numbers'
import { product, replaced } from './tensor'
import { known, type Known } from './value'

type Rule = (c: Compilation, node: NodeProto, inputs: readonly Known[]) => Known | readonly Known[] | null

/** Entries up to which results are computed here. */
const MOST = 4096

/** Index into a tensor that is broadcast to `dims`. */
function reader({ dims, values }: Known, to: readonly number[]): (index: readonly number[]) => number {
  const lead = to.length - dims.length
  return (index) => {
    let at = 0
    for (const [axis, length] of dims.entries()) at = at * length + (length === 1 ? 0 : index[axis + lead]!)
    return values[at]!
  }
}

/** Calls `visit` with every index of a tensor of these lengths, the last axis fastest. */
function everyIndex(dims: readonly number[], visit: (index: readonly number[]) => void): void {
  const index = dims.map(() => 0)
  for (let left = product(dims); left > 0; left--) {
    visit(index)
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      index[axis]! += 1
      if (index[axis]! < dims[axis]!) break
      index[axis] = 0
    }
  }
}

function mapped(inputs: readonly Known[], type: Known['type'], of: (...values: number[]) => number): Known {
  const dims = broadcastDims(inputs.map((input) => input.dims))
  const readers = inputs.map((input) => reader(input, dims))
  const values: number[] = []
  const round = type === 'float' ? Math.fround : (value: number) => value
  everyIndex(dims, (index) => values.push(round(of(...readers.map((read) => read(index))))))
  return known(dims, values, type)
}

const arithmetic =
  (of: (...values: number[]) => number): Rule =>
  (_c, _node, inputs) =>
    mapped(inputs, inputs[0]!.type, of)
const compared =
  (of: (...values: number[]) => boolean): Rule =>
  (_c, _node, inputs) =>
    mapped(inputs, 'boolean', (...values) => Number(of(...values)))

/** Entries of an axis, picked by `pick`. */
function picked(from: Known, axis: number, indices: readonly number[], keptDims: readonly number[]): Known {
  const outer = product(from.dims.slice(0, axis))
  const inner = product(from.dims.slice(axis + 1))
  const length = from.dims[axis]!
  const values: number[] = []
  for (let o = 0; o < outer; o++)
    for (const index of indices)
      for (let i = 0; i < inner; i++) values.push(from.values[(o * length + index) * inner + i]!)
  return known([...from.dims.slice(0, axis), ...keptDims, ...from.dims.slice(axis + 1)], values, from.type)
}

const gather: Rule = (_c, node, [from, taken]) => {
  const axis = axisOf(int(node, 'axis', 0), from!.dims.length)
  return picked(
    from!,
    axis,
    taken!.values.map((index) => axisOf(index, from!.dims[axis]!)),
    taken!.dims,
  )
}

const slice: Rule = (_c, _node, [from, starts, ends, axes, steps]) => {
  let result = from!
  for (const [i, start] of starts!.values.entries()) {
    const axis = axisOf(axes?.values[i] ?? i, result.dims.length)
    const indices = sliceIndices(result.dims[axis]!, start, ends!.values[i]!, steps?.values[i] ?? 1)
    result = picked(result, axis, indices, [indices.length])
  }
  return result
}

const concat: Rule = (_c, node, inputs) => {
  const axis = axisOf(int(node, 'axis', 0), inputs[0]!.dims.length)
  const dims = replaced(
    inputs[0]!.dims,
    axis,
    inputs.reduce((sum, input) => sum + input.dims[axis]!, 0),
  )
  const outer = product(dims.slice(0, axis))
  const values = Array.from({ length: outer }, (_, o) =>
    inputs.flatMap((input) => {
      const size = product(input.dims.slice(axis))
      return input.values.slice(o * size, (o + 1) * size)
    }),
  ).flat()
  return known(dims, values, inputs[0]!.type)
}

const TYPES: Readonly<Record<number, Known['type']>> = {
  1: 'float',
  10: 'float',
  11: 'float',
  6: 'integer',
  7: 'integer',
  9: 'boolean',
}

const cast: Rule = (_c, node, [x]) => {
  const type = TYPES[int(node, 'to', 1)]
  if (!type) return null
  const of = { float: Math.fround, integer: Math.trunc, boolean: (value: number) => Number(value !== 0) }[type]
  return known(x!.dims, x!.values.map(of), type)
}

const range: Rule = (_c, _node, [start, limit, delta]) => {
  const values: number[] = []
  const [from, to, by] = [start!.values[0]!, limit!.values[0]!, delta!.values[0]!]
  if (by === 0 || (to - from) / by > MOST) return null
  for (let i = 0; i < Math.max(Math.ceil((to - from) / by), 0); i++) values.push(from + i * by)
  return known([values.length], values, start!.type)
}

/** What a ConstantOfShape is full of. */
export function filling(node: NodeProto): { readonly value: number; readonly type: Known['type'] } {
  const tensor = tensorAttribute(node, 'value')
  if (!tensor) return { value: 0, type: 'float' }
  return { value: numbersOf(tensor, tensor.rawData, 1)[0]!, type: kindOf(tensor) }
}

const constantOfShape: Rule = (_c, node, [shape]) => {
  const filled = filling(node)
  return product(shape!.values) <= MOST
    ? known(shape!.values, Array<number>(product(shape!.values)).fill(filled.value), filled.type)
    : null
}

const transpose: Rule = (_c, node, [x]) => {
  const order = ints(node, 'perm') ?? x!.dims.map((_, axis) => x!.dims.length - 1 - axis)
  const dims = order.map((axis) => x!.dims[axis]!)
  const read = reader(x!, x!.dims)
  const values: number[] = []
  everyIndex(dims, (index) => values.push(read(x!.dims.map((_, axis) => index[order.indexOf(axis)]!))))
  return known(dims, values, x!.type)
}

const reduced =
  (of: (values: readonly number[]) => number): Rule =>
  (c, node, [x]) =>
    c.axes(node, 1) === null || x!.dims.length <= 1
      ? known(int(node, 'keepdims', 1) === 1 ? x!.dims.map(() => 1) : [], [of(x!.values)], x!.type)
      : null

const split: Rule = (_c, node, [x, told]) => {
  const axis = axisOf(int(node, 'axis', 0), x!.dims.length)
  const sizes = told?.values ?? ints(node, 'split') ?? node.output.map(() => x!.dims[axis]! / node.output.length)
  let from = 0
  return sizes.map((size) => {
    const start = from
    from += size
    const indices = Array.from({ length: size }, (_, i) => start + i)
    return picked(x!, axis, indices, [size])
  })
}

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['Add', arithmetic((a, b) => a! + b!)],
  ['Sub', arithmetic((a, b) => a! - b!)],
  ['Mul', arithmetic((a, b) => a! * b!)],
  [
    'Div',
    (_c, _n, [a, b]) =>
      mapped([a!, b!], a!.type, a!.type === 'float' ? (x, y) => x! / y! : (x, y) => Math.trunc(x! / y!)),
  ],
  [
    'Mod',
    (_c, node, [a, b]) =>
      mapped(
        [a!, b!],
        a!.type,
        int(node, 'fmod', 0) === 1 ? (x, y) => x! % y! : (x, y) => x! - y! * Math.floor(x! / y!),
      ),
  ],
  ['Pow', arithmetic((a, b) => a! ** b!)],
  ['Min', arithmetic((...values) => Math.min(...values))],
  ['Max', arithmetic((...values) => Math.max(...values))],
  ['Neg', arithmetic((a) => -a!)],
  ['Abs', arithmetic((a) => Math.abs(a!))],
  ['Sqrt', arithmetic((a) => Math.sqrt(a!))],
  ['Reciprocal', arithmetic((a) => 1 / a!)],
  ['Floor', arithmetic((a) => Math.floor(a!))],
  ['Ceil', arithmetic((a) => Math.ceil(a!))],
  ['Exp', arithmetic((a) => Math.exp(a!))],
  ['Log', arithmetic((a) => Math.log(a!))],
  ['Sin', arithmetic((a) => Math.sin(a!))],
  ['Cos', arithmetic((a) => Math.cos(a!))],
  ['Equal', compared((a, b) => a === b)],
  ['Greater', compared((a, b) => a! > b!)],
  ['GreaterOrEqual', compared((a, b) => a! >= b!)],
  ['Less', compared((a, b) => a! < b!)],
  ['LessOrEqual', compared((a, b) => a! <= b!)],
  ['And', compared((a, b) => a !== 0 && b !== 0)],
  ['Or', compared((a, b) => a !== 0 || b !== 0)],
  ['Not', compared((a) => a === 0)],
  [
    'Where',
    (_c, _n, [condition, a, b]) => mapped([condition!, a!, b!], a!.type, (which, x, y) => (which !== 0 ? x! : y!)),
  ],
  ['Cast', cast],
  ['Concat', concat],
  ['Gather', gather],
  ['Slice', slice],
  ['Split', split],
  ['Range', range],
  ['ConstantOfShape', constantOfShape],
  ['Transpose', transpose],
  ['Identity', (_c, _n, [x]) => x!],
  [
    'Reshape',
    (_c, node, [x, shape]) =>
      known(reshapeDims(x!.dims, shape!.values, int(node, 'allowzero', 0) === 1), x!.values, x!.type),
  ],
  [
    'Flatten',
    (_c, node, [x]) => {
      const axis = axisOf(int(node, 'axis', 1), x!.dims.length)
      return known([product(x!.dims.slice(0, axis)), product(x!.dims.slice(axis))], x!.values, x!.type)
    },
  ],
  ['Unsqueeze', (c, node, [x]) => known(unsqueezedDims(x!.dims, c.axes(node, 1)!), x!.values, x!.type)],
  ['Squeeze', (c, node, [x]) => known(squeezedDims(x!.dims, c.axes(node, 1)), x!.values, x!.type)],
  [
    'Expand',
    (_c, _n, [x, shape]) => {
      const dims = broadcastDims([x!.dims, shape!.values])
      return product(dims) > MOST
        ? null
        : mapped([x!, known(dims, Array<number>(product(dims)).fill(0), x!.type)], x!.type, (value) => value!)
    },
  ],
  ['ReduceProd', reduced((values) => product(values))],
  ['ReduceSum', reduced((values) => values.reduce((a, b) => a + b, 0))],
  ['ReduceMax', reduced((values) => Math.max(...values))],
  ['ReduceMin', reduced((values) => Math.min(...values))],
])

/** The outputs of a node whose inputs are known; null where they aren't, or no rule is here. */
export function evaluate(c: Compilation, node: NodeProto): readonly Known[] | null {
  if (node.domain !== '' && node.domain !== 'ai.onnx') return null
  const first = node.input[0]
  if (node.opType === 'Shape') {
    const dims = c.dims(first)
    const [start, end] = [int(node, 'start', 0), int(node, 'end', dims.length)]
    const part = dims.slice(start, end)
    return [known([part.length], part)]
  }
  if (node.opType === 'Size') return [known([], [product(c.dims(first))])]
  const rule = RULES.get(node.opType)
  if (!rule) return null
  const inputs: (Known | undefined)[] = []
  for (const name of node.input) {
    const found = c.known(name)
    if (!found && name !== '') return null
    inputs.push(found ?? undefined)
  }
  if (inputs.length === 0 || (inputs[0]?.values.length ?? 0) > MOST) return null
  const result = rule(c, node, inputs as Known[])
  return result && ('kind' in result ? [result] : result)
}
