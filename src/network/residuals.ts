/**
 * Finds the residual additions x + f(x) that a self-attention layer belongs to, by what the graph computes: the one round the
 * attention, and the one of the residual block that feeds it. With a factor on f a row can leave the branch out (SLG, STG).
 */
import { Flow } from './flow'
import type { GraphEditor } from './editor'
import { intAttribute, type NodeProto } from './onnx'
import { Shapes } from './shapes'

/** An Add of a shortcut and a branch. */
export interface Residual {
  readonly add: NodeProto
  /** Which operand of `add` is the branch f(x). */
  readonly branch: 0 | 1
  /** Number of the branch's axes. */
  readonly rank: number
}

/** The last convolution of a block's branch, and how many channels enter it. */
export interface LastConvolution {
  readonly node: NodeProto
  readonly channels: number
}

/** Null where there is no such residual, or it can't be told which of its operands is the branch. */
export interface LayerResiduals {
  readonly attention: Residual | null
  readonly block: Residual | null
  /** Null where the block's branch ends in something else. */
  readonly convolution: LastConvolution | null
}

/** An attention: its queries, and a tensor on the way from its map to the addition after it. */
export interface Around {
  readonly query: { readonly name: string }
  readonly output: { readonly name: string }
}

/** Nodes between an attention and the addition after it, at most. */
const MAX_STEPS = 64

class Finder {
  readonly #flow: Flow
  readonly #shapes: Shapes

  constructor(private readonly editor: GraphEditor) {
    this.#flow = new Flow(editor)
    this.#shapes = new Shapes(editor)
  }

  /** A residual adds two tensors of one shape; an addition that broadcasts is a bias or an embedding. */
  #sameShape(a: string, b: string): boolean {
    const [first, second] = [this.#shapes.of(a), this.#shapes.of(b)]
    if (!first || !second) return true
    return (
      first.length === second.length &&
      first.every((length, axis) => (length ?? second[axis]) === (second[axis] ?? length))
    )
  }

  #residual(add: NodeProto, branch: 0 | 1): Residual | null {
    const rank = [add.input[branch]!, add.input[1 - branch]!, add.output[0]!]
      .map((name) => this.#shapes.of(name)?.length)
      .find(Boolean)
    return rank === undefined ? null : { add, branch, rank }
  }

  /**
   * The addition after the attention whose other operand leads round it, back to what the attention reads; and the tensor where
   * the two ways part.
   */
  around({ query, output }: Around): { readonly residual: Residual; readonly fork: string } | null {
    const before = this.#flow.ancestors(query.name)
    let tensor = output.name
    for (let steps = 0; steps < MAX_STEPS && !this.editor.isOutput(tensor); steps++) {
      const readers = this.editor.consumers(tensor).filter(({ opType }) => opType !== 'Shape')
      const [node] = readers
      if (readers.length !== 1 || !node) return null
      if (node.opType === 'Add') {
        const branch = node.input[0] === tensor ? 0 : 1
        const other = node.input[1 - branch]!
        const fork = this.#flow.constant(other) ? undefined : this.#flow.chain(other).find((name) => before.has(name))
        if (fork !== undefined && this.#sameShape(tensor, other)) {
          const residual = this.#residual(node, branch)
          return residual && { residual, fork }
        }
      }
      tensor = node.output[0]!
    }
    return null
  }

  /** The residual addition that a tensor comes from. The shortcut is the shorter way back to where both ways part. */
  behind(tensor: string): Residual | null {
    const add = this.editor.producer(this.#flow.chain(tensor).at(-1)!)
    if (add?.opType !== 'Add' || !this.#sameShape(add.input[0]!, add.input[1]!)) return null
    const lengths = ([0, 1] as const).map((branch) => {
      const other = this.#flow.ancestors(add.input[branch]!)
      const length = this.#flow.chain(add.input[1 - branch]!).findIndex((name) => other.has(name))
      return length < 0 ? Infinity : length
    })
    const [first, second] = lengths as [number, number]
    return first === second ? null : this.#residual(add, first < second ? 0 : 1)
  }
}

/** The convolution that ends a branch. */
function lastConvolution(editor: GraphEditor, { add, branch }: Residual): LastConvolution | null {
  const node = editor.producer(add.input[branch]!)
  if (node?.opType !== 'Conv') return null
  const weight = new Shapes(editor).of(node.input[1]!)
  const channels = weight?.length === 4 ? weight[1] : null
  return typeof channels === 'number' && (intAttribute(node, 'group') ?? 1) === 1 ? { node, channels } : null
}

/** The residuals of each of `self`. A block whose branch is itself an attention (of `self` or `others`) is another layer, not a block. */
export function findResiduals(
  editor: GraphEditor,
  self: readonly Around[],
  others: readonly Around[],
): readonly LayerResiduals[] {
  const finder = new Finder(editor)
  const around = self.map((found) => finder.around(found))
  const attentions = new Set(
    [...around, ...others.map((found) => finder.around(found))].map((found) => found?.residual.add),
  )
  return around.map((found) => {
    const block = found && finder.behind(found.fork)
    const own = block && !attentions.has(block.add) ? block : null
    return { attention: found?.residual ?? null, block: own, convolution: own && lastConvolution(editor, own) }
  })
}
