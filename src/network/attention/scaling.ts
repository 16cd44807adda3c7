/** Constant factors in a graph: the arithmetic that exporters leave around √d, and the way from a softmax back to Q Kᵀ. */
import type { GraphEditor } from '../editor'
import type { Flow } from '../flow'
import { floatAttribute, tensorAttribute, tensorValues, type NodeProto } from '../onnx'
import { producersFirst } from '../order'
import type { Shapes } from '../shapes'

/** The product of queries and keys behind a softmax, and what happens to it in between. */
export interface Scores {
  readonly matmul: NodeProto
  readonly scale: number
  readonly mask: string | null
  /** Names of the nodes passed, for messages. */
  readonly nodes: readonly string[]
}

/** Nodes between the product and the softmax, at most. */
const MAX_STEPS = 64

export class Scaling {
  readonly #scalars = new Map<string, number | null>()
  readonly #scores = new Map<string, Scores | null>()

  constructor(
    private readonly editor: GraphEditor,
    private readonly shapes: Shapes,
    private readonly flow: Flow,
  ) {}

  /** Value of a constant scalar, through the arithmetic that exporters leave around √d; null where it is none. */
  #scalar(tensor: string): number | null {
    const known = this.#scalars.get(tensor)
    if (known !== undefined) return known
    for (const node of producersFirst(this.editor, tensor, (name) => this.#scalars.has(name)))
      for (const [i, name] of node.output.entries())
        this.#scalars.set(name, i === 0 ? this.#computed(node, name) : null)
    const scalar = this.#scalars.get(tensor) ?? this.#stored(tensor)
    this.#scalars.set(tensor, scalar)
    return scalar
  }

  #stored(tensor: string): number | null {
    const initializer = this.editor.initializer(tensor)
    const values = initializer && tensorValues(initializer, 1)
    return values?.length === 1 ? values[0]! : null
  }

  /** What a node makes of the scalars that it reads, which are known. */
  #computed(node: NodeProto, tensor: string): number | null {
    const inputs = () => node.input.slice(0, 2).map((input) => this.#scalars.get(input) ?? this.#stored(input))
    switch (node.opType) {
      case 'Constant': {
        const value = tensorAttribute(node, 'value')
        const values = value && tensorValues(value, 1)
        return values ? (values[0] ?? null) : floatAttribute(node, 'value_float')
      }
      case 'Sqrt': {
        const [a] = inputs()
        return typeof a === 'number' ? Math.sqrt(a) : null
      }
      case 'Mul':
      case 'Div': {
        const [a, b] = inputs()
        return typeof a === 'number' && typeof b === 'number' ? (node.opType === 'Mul' ? a * b : a / b) : null
      }
      case 'Cast':
      case 'Identity':
      case 'Gather':
      case 'Slice':
      case 'Squeeze':
      case 'Unsqueeze': {
        const known = this.shapes.integers(tensor)
        if (known?.length === 1) return known[0]!
        return node.opType === 'Cast' || node.opType === 'Identity' ? (inputs()[0] ?? null) : null
      }
      default:
        return null
    }
  }

  /** If the node multiplies one tensor by a constant scalar: that tensor and the factor. */
  of(node: NodeProto): { readonly input: string; readonly factor: number } | null {
    const [a, b] = node.input
    if (node.opType === 'Div' && a !== undefined && b !== undefined) {
      const divisor = this.#scalar(b)
      return divisor === null ? null : { input: a, factor: 1 / divisor }
    }
    if (node.opType !== 'Mul' || a === undefined || b === undefined) return null
    const right = this.#scalar(b)
    if (right !== null) return { input: a, factor: right }
    const left = this.#scalar(a)
    return left === null ? null : { input: b, factor: left }
  }

  /** Walks from the softmax back to the product of queries and keys. */
  scores(tensor: string, steps = 0): Scores | null {
    const known = this.#scores.get(tensor)
    if (known !== undefined) return known
    const scores = steps > MAX_STEPS ? null : this.#scoresOf(tensor, steps + 1)
    this.#scores.set(tensor, scores)
    return scores
  }

  #scoresOf(tensor: string, steps: number): Scores | null {
    const node = this.editor.producer(tensor)
    if (!node) return null
    if (node.opType === 'MatMul')
      return node.input.some((input) => this.flow.constant(input))
        ? null
        : { matmul: node, scale: 1, mask: null, nodes: [node.name] }
    if (node.opType === 'Identity' || node.opType === 'Cast' || node.opType === 'Reshape') {
      const before = this.scores(node.input[0] ?? '', steps)
      return before && { ...before, nodes: [...before.nodes, node.name] }
    }
    const scaling = this.of(node)
    if (scaling) {
      const before = this.scores(scaling.input, steps)
      // A factor after a mask would scale the mask too; masks are 0 or far below, but a bias is not.
      return before && before.mask === null
        ? { ...before, scale: before.scale * scaling.factor, nodes: [...before.nodes, node.name] }
        : null
    }
    if (node.opType !== 'Add') return null
    for (const [index, input] of node.input.entries()) {
      const before = this.scores(input, steps)
      if (!before || before.mask !== null) continue
      const other = node.input[1 - index]!
      // torch's baddbmm leaves 0 · input + product.
      const producer = this.editor.producer(other)
      const nothing = this.#scalar(other) === 0 || (producer !== null && this.of(producer)?.factor === 0)
      return { ...before, mask: nothing ? null : other, nodes: [...before.nodes, node.name] }
    }
    return null
  }
}
