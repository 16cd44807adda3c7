/**
 * What is known of tensor shapes in a graph: annotations first, then inference, on demand and only for the operators that
 * stand between projections and attention. Unknown lengths are null; an unknown rank is a null shape.
 */
import { GraphEditor } from './editor'
import { declaredShape, intAttribute, intsAttribute, tensorAttribute, tensorValues, type NodeProto } from './onnx'
import { outputShape, type Known, type Length, type Shape } from './shape-rules'

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
    const shape = node && outputShape(node, node.output.indexOf(tensor), this.#asked(node))
    this.#known.set(tensor, shape)
    return shape
  }

  /** Values of an integer tensor as far as the graph fixes them, such as a Reshape target; null where not even its length is known. */
  integers(tensor: string): Length[] | null {
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

  #asked(node: NodeProto): Known {
    return {
      first: this.of(node.input[0] ?? ''),
      of: (tensor) => this.of(tensor),
      integers: (tensor) => this.integers(tensor),
    }
  }
}
