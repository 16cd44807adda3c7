/**
 * What is known of tensor shapes in a graph: annotations first, then inference, on demand and only for the operators that
 * stand between projections and attention. Unknown lengths are null; an unknown rank is a null shape.
 */
import { GraphEditor } from './editor'
import { declaredShape, intAttribute, intsAttribute, tensorAttribute, tensorValues, type NodeProto } from './onnx'

export type Length = number | null
export type Shape = readonly Length[]

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
  const rank = Math.max(...shapes.map((shape) => shape.length))
  return Array.from({ length: rank }, (_, axis) => {
    const lengths = shapes.map((shape) =>
      axis < rank - shape.length ? 1 : (shape[axis - rank + shape.length] ?? null),
    )
    const long = lengths.find((length) => length !== null && length !== 1)
    return long ?? (lengths.includes(null) ? null : 1)
  })
}

export class Shapes {
  readonly #known = new Map<string, Shape | null>()

  constructor(private readonly editor: GraphEditor) {
    for (const value of [...editor.graph.valueInfo, ...editor.graph.input, ...editor.graph.output]) {
      const shape = declaredShape(value)
      if (shape)
        this.#known.set(
          value.name,
          shape.map((length) => (typeof length === 'number' ? length : null)),
        )
    }
    for (const tensor of editor.graph.initializer) this.#known.set(tensor.name, tensor.dims.map(Number))
  }

  of(tensor: string): Shape | null {
    const known = this.#known.get(tensor)
    if (known !== undefined) return known
    this.#known.set(tensor, null)
    const node = this.editor.producer(tensor)
    const shape = node && this.#infer(node, node.output.indexOf(tensor))
    this.#known.set(tensor, shape)
    return shape
  }

  /** Values of an integer tensor as far as the graph fixes them, such as a Reshape target; null where not even its length is known. */
  integers(tensor: string): (number | null)[] | null {
    const initializer = this.editor.initializer(tensor)
    if (initializer) return tensorValues(initializer)
    const node = this.editor.producer(tensor)
    if (!node) return null
    const first = node.input[0] ?? ''
    switch (node.opType) {
      case 'Constant': {
        const value = tensorAttribute(node, 'value')
        if (value) return tensorValues(value)
        const single = intAttribute(node, 'value_int')
        return intsAttribute(node, 'value_ints') ?? (single === null ? null : [single])
      }
      case 'Concat': {
        const parts = node.input.map((input) => this.integers(input))
        return parts.every((part) => part !== null) ? parts.flat() : null
      }
      case 'Unsqueeze':
      case 'Squeeze':
      case 'Cast':
      case 'Identity':
        return this.integers(first)
      case 'Shape': {
        const shape = this.of(first)
        return shape && [...shape]
      }
      case 'Gather': {
        const from = this.integers(first)
        const indices = this.integers(node.input[1] ?? '')
        if (!indices) return null
        return indices.map((index) => (from !== null && index !== null ? (from.at(index) ?? null) : null))
      }
      case 'Slice': {
        const from = this.integers(first)
        const [start, end, , step] = node.input.slice(1).map((input) => this.integers(input)?.[0] ?? null)
        if (!from || typeof start !== 'number' || typeof end !== 'number' || (node.input[4] && step !== 1)) return null
        return from.slice(start, end)
      }
      case 'Add':
      case 'Mul':
      case 'Div':
      case 'Sub': {
        const [a, b] = node.input.map((input) => this.integers(input))
        if (!a || !b || a.length !== 1 || b.length !== 1) return a && b ? a.map(() => null) : null
        const [x, y] = [a[0]!, b[0]!]
        if (x === null || y === null) return [null]
        return [{ Add: x + y, Mul: x * y, Div: Math.trunc(x / y), Sub: x - y }[node.opType]]
      }
      default:
        return null
    }
  }

  #infer(node: NodeProto, output: number): Shape | null {
    const { opType: op } = node
    const first = this.of(node.input[0] ?? '')
    if (SAME.has(op)) return output === 0 ? first : null
    if (BROADCAST.has(op)) {
      const shapes = node.input.map((input) => this.of(input))
      return shapes.every((shape) => shape !== null) ? broadcast(shapes) : null
    }
    switch (op) {
      case 'Constant': {
        const value = tensorAttribute(node, 'value')
        return value ? value.dims.map(Number) : []
      }
      case 'Transpose': {
        const order = intsAttribute(node, 'perm')
        return first && order ? order.map((axis) => first[axis] ?? null) : null
      }
      case 'Reshape': {
        const target = this.integers(node.input[1] ?? '')
        if (!target) return null
        const lengths = target.map((length, axis) =>
          length === 0 ? (first?.[axis] ?? null) : length === -1 ? null : length,
        )
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
      case 'MatMul': {
        const second = this.of(node.input[1] ?? '')
        if (!first || !second || first.length < 2 || second.length < 2) return null
        return [...broadcast([first.slice(0, -2), second.slice(0, -2)]), first.at(-2) ?? null, second.at(-1) ?? null]
      }
      case 'MultiHeadAttention':
      case 'Attention': {
        const values = this.of(node.input[2] ?? '')
        return output === 0 && first && values?.length === first.length
          ? [...first.slice(0, -1), values.at(-1) ?? null]
          : null
      }
      case 'Gemm': {
        const second = this.of(node.input[1] ?? '')
        if (!first || !second) return null
        return [
          first[intAttribute(node, 'transA') === 1 ? 1 : 0] ?? null,
          second[intAttribute(node, 'transB') === 1 ? 0 : 1] ?? null,
        ]
      }
      case 'Concat': {
        const axis = intAttribute(node, 'axis') ?? 0
        const shapes = node.input.map((input) => this.of(input))
        if (!first || !shapes.every((shape) => shape !== null)) return null
        const at = axis < 0 ? first.length + axis : axis
        const joined = shapes.map((shape) => shape[at] ?? null)
        const length = joined.every((part) => part !== null) ? joined.reduce((a, b) => a + b, 0) : null
        return first.map((value, i) => (i === at ? length : value))
      }
      case 'Split': {
        const axis = intAttribute(node, 'axis') ?? 0
        if (!first) return null
        const at = axis < 0 ? first.length + axis : axis
        const sizes = node.input[1] ? this.integers(node.input[1]) : intsAttribute(node, 'split')
        const even = typeof first[at] === 'number' ? first[at] / node.output.length : null
        return first.map((value, i) => (i === at ? (sizes ? (sizes[output] ?? null) : even) : value))
      }
      case 'Unsqueeze': {
        const axes = this.integers(node.input[1] ?? '') ?? intsAttribute(node, 'axes')
        if (!first || !axes || axes.some((axis) => axis === null)) return null
        const rank = first.length + axes.length
        const added = new Set(axes.map((axis) => (axis! < 0 ? axis! + rank : axis!)))
        let next = 0
        return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : (first[next++] ?? null)))
      }
      case 'Squeeze': {
        const axes = this.integers(node.input[1] ?? '') ?? intsAttribute(node, 'axes')
        if (!first || !axes || axes.some((axis) => axis === null)) return null
        const gone = new Set(axes.map((axis) => (axis! < 0 ? axis! + first.length : axis!)))
        return first.filter((_, axis) => !gone.has(axis))
      }
      case 'Shape':
        return first && [first.length]
      case 'Slice': {
        const [starts, ends, axes, steps] = node.input
          .slice(1)
          .map((input) => (input === '' ? null : this.integers(input)))
        if (!first || !starts || !ends || steps?.some((step) => step !== 1) || (node.input[3] && !axes)) return null
        const lengths = [...first]
        for (const [i, start] of starts.entries()) {
          const axis = axes?.[i] ?? i
          const at = axis < 0 ? first.length + axis : axis
          const [length, end] = [first[at] ?? null, ends[i] ?? null]
          const clamp = (value: number, size: number) => Math.min(Math.max(value < 0 ? value + size : value, 0), size)
          lengths[at] =
            length === null || start === null || end === null
              ? null
              : Math.max(clamp(end, length) - clamp(start, length), 0)
        }
        return lengths
      }
      case 'Gather': {
        const taken = this.of(node.input[1] ?? '')
        if (!first || !taken) return null
        const axis = intAttribute(node, 'axis') ?? 0
        const at = axis < 0 ? first.length + axis : axis
        return [...first.slice(0, at), ...taken, ...first.slice(at + 1)]
      }
      case 'Conv': {
        const kernel = this.of(node.input[1] ?? '')
        if (!first || !kernel) return null
        const strides = intsAttribute(node, 'strides')
        const pads = intsAttribute(node, 'pads')
        const dilations = intsAttribute(node, 'dilations')
        const spatial = first.length - 2
        return first.map((length, axis) => {
          if (axis < 2) return axis === 0 ? length : (kernel[0] ?? null)
          const i = axis - 2
          const taps = kernel[axis]
          if (length === null || typeof taps !== 'number') return null
          const reach = (dilations?.[i] ?? 1) * (taps - 1) + 1
          return Math.floor((length + (pads?.[i] ?? 0) + (pads?.[i + spatial] ?? 0) - reach) / (strides?.[i] ?? 1)) + 1
        })
      }
      default:
        return null
    }
  }
}
