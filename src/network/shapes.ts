/**
 * What is known of tensor shapes in a graph: annotations first, then inference, on demand and only for the operators that
 * stand between projections and attention. Unknown lengths are null; an unknown rank is a null shape. Every node is looked at
 * once, after those that it reads.
 */
import { GraphEditor } from './editor'
import { declaredShape, intAttribute, intsAttribute, tensorAttribute, tensorValues, type NodeProto } from './onnx'
import { producersFirst } from './order'
import { outputShape, type Known, type Length, type Shape } from './shape-rules'

/** Axes, and entries of an integer tensor, beyond which nothing is known: both can double with every node. */
const MAX_AXES = 64
const MAX_ENTRIES = 1024

export class Shapes {
  readonly #known = new Map<string, Shape | null>()
  readonly #integers = new Map<string, Length[] | null>()

  /** `measured`: lengths that a run of the graph showed. */
  constructor(
    private readonly editor: GraphEditor,
    measured?: ReadonlyMap<string, readonly number[]>,
  ) {
    for (const value of [...editor.graph.valueInfo, ...editor.graph.input, ...editor.graph.output]) {
      const shape = declaredShape(value)
      if (shape)
        this.#known.set(
          value.name,
          shape.map((length) => (typeof length === 'number' ? length : null)),
        )
    }
    for (const tensor of editor.graph.initializer) this.#known.set(tensor.name, tensor.dims.map(Number))
    for (const [name, dims] of measured ?? []) this.#known.set(name, dims)
  }

  of(tensor: string): Shape | null {
    if (!this.#known.has(tensor)) this.#infer(tensor)
    return this.#known.get(tensor) ?? null
  }

  /** Values of an integer tensor as far as the graph fixes them, such as a Reshape target; null where not even its length is known. */
  integers(tensor: string): Length[] | null {
    if (!this.#integers.has(tensor)) this.#infer(tensor)
    return this.#integers.get(tensor) ?? null
  }

  /** Finds out what a tensor is, and all before it. */
  #infer(tensor: string): void {
    for (const node of producersFirst(this.editor, tensor, (name) => this.#integers.has(name))) {
      for (const name of node.input) if (!this.#integers.has(name)) this.#integers.set(name, this.#stored(name))
      const integers = this.#computed(node)
      const asked = this.#asked(node)
      for (const [i, name] of node.output.entries()) {
        if (!this.#known.has(name)) this.#known.set(name, bounded(outputShape(node, i, asked), MAX_AXES))
        this.#integers.set(name, i === 0 ? bounded(integers, MAX_ENTRIES) : null)
      }
    }
    if (!this.#integers.has(tensor)) this.#integers.set(tensor, this.#stored(tensor))
    // What an edit added.
    const added = this.#known.has(tensor) ? null : this.editor.initializer(tensor)
    if (added) this.#known.set(tensor, added.dims.map(Number))
  }

  #stored(tensor: string): Length[] | null {
    const initializer = this.editor.initializer(tensor)
    return initializer && tensorValues(initializer)
  }

  /** The integers that a node makes of those that it reads, which are known. */
  #computed(node: NodeProto): Length[] | null {
    const first = node.input[0] ?? ''
    switch (node.opType) {
      case 'Constant': {
        const value = tensorAttribute(node, 'value')
        if (value) return tensorValues(value)
        const single = intAttribute(node, 'value_int')
        return intsAttribute(node, 'value_ints') ?? (single === null ? null : [single])
      }
      case 'Concat': {
        const parts = node.input.slice(0, MAX_ENTRIES).map((input) => this.integers(input))
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

  /** Only what was found out before is asked. */
  #asked(node: NodeProto): Known {
    return {
      first: this.of(node.input[0] ?? ''),
      of: (tensor) => this.of(tensor),
      integers: (tensor) => this.integers(tensor),
    }
  }
}

function bounded<T>(list: readonly T[] | null, most: number): T[] | null {
  return list && list.length <= most ? [...list] : null
}
