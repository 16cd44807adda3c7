/** The product of queries and keys behind a softmax, the way there, and the place on it where scores can be blurred as queries are. */
import type { GraphEditor } from '../editor'
import type { Flow } from '../flow'
import type { MeasuredShapes } from '../measured-shapes'
import type { NodeProto } from '../onnx'
import { Shapes } from '../shapes'
import { wholeAxis, type Digit } from './digit'
import { PRODUCTS } from './operators'
import type { Asked } from './step'
import { stepsBack } from './steps'

/** What commutes with sums over queries. */
const LINEAR = new Set([
  'Cast',
  'Identity',
  'Reshape',
  'Squeeze',
  'Unsqueeze',
  'Flatten',
  'Transpose',
  'DequantizeLinear',
  'Neg',
])
/** What does not, or adds to scores what is no product of queries. */
const OTHER = new Set(['Add', 'Sub', 'Where', 'Min', 'Max', 'Clip', 'Tanh', 'QuantizeLinear', 'Sigmoid'])
const FACTORS = new Set(['Mul', 'Div'])

/** Nodes between the product and the softmax, at most. */
const MAX_STEPS = 64

export interface Scores {
  readonly product: NodeProto
  /** The two operands: each is data, not a parameter. */
  readonly operands: readonly [string, string]
  /** Tensors from what the softmax reads to what the product makes. */
  readonly path: readonly string[]
  /** The last tensor on the way from the product that is still a linear function of the queries. */
  readonly linear: string
}

interface Found {
  readonly product: NodeProto
  readonly operands: readonly [string, string]
  readonly path: readonly string[]
  readonly linear: string
  /** No tensor after `linear` is linear. */
  readonly ended: boolean
}

export class ScoreFinder {
  /** A tensor may be read on many ways, as where it is added to itself: it is looked at once. */
  readonly #found = new Map<string, Found | null>()
  readonly #inferred: Shapes

  constructor(
    private readonly editor: GraphEditor,
    private readonly flow: Flow,
    private readonly shapes: MeasuredShapes,
  ) {
    this.#inferred = new Shapes(editor, shapes.known)
  }

  /** Null where no product of two tensors of data is behind. */
  find(tensor: string): Scores | null {
    return this.#find(tensor, 0)
  }

  #find(tensor: string, steps: number): Found | null {
    const known = this.#found.get(tensor)
    if (known !== undefined) return known
    const found = this.#look(tensor, steps)
    this.#found.set(tensor, found)
    return found
  }

  #look(tensor: string, steps: number): Found | null {
    const node = this.editor.producer(tensor)
    if (!node || steps > MAX_STEPS) return null
    const { opType } = node
    if (PRODUCTS.has(opType)) return this.#product(node, tensor)
    if (LINEAR.has(opType)) return this.#raised(tensor, this.#find(node.input[0] ?? '', steps + 1), true)
    if (!FACTORS.has(opType) && !OTHER.has(opType)) return null
    for (const [i, input] of node.input.entries()) {
      if (input === '' || this.flow.constant(input)) continue
      const found = this.#find(input, steps + 1)
      if (found) return this.#raised(tensor, found, FACTORS.has(opType) && this.#commutes(node, i, tensor))
    }
    return null
  }

  #product(node: NodeProto, tensor: string): Found | null {
    const data = node.input.filter((input) => input !== '' && !this.flow.constant(input))
    const [a, b] = node.opType === 'QLinearMatMul' ? [node.input[0], node.input[3]] : [node.input[0], node.input[1]]
    if (a === undefined || b === undefined || !data.includes(a) || !data.includes(b)) return null
    return { product: node, operands: [a, b], path: [tensor], linear: tensor, ended: false }
  }

  #raised(tensor: string, found: Found | null, linear: boolean): Found | null {
    if (!found) return null
    const ended = found.ended || !linear
    return { ...found, path: [tensor, ...found.path], linear: ended ? found.linear : tensor, ended }
  }

  /** A factor of the scores that is one number, or the same for all queries and keys of a head. */
  #commutes({ input, opType }: NodeProto, at: number, result: string): boolean {
    const other = input[1 - at]
    if (other === undefined || (opType === 'Div' && at !== 0)) return false
    const [dims, all] = [this.shapes.of(other), this.shapes.of(result)]
    if (!dims || !all) return false
    return dims.slice(-2).every((length) => length === 1) && dims.length <= all.length
  }

  /**
   * What a map that no product was found for comes from, if both its tokens lead to two tensors that one node computes from: an
   * operator between, or that node's own, is followed no further. Null where they don't, as for a softmax over what was projected.
   */
  unfollowed(tensor: string, query: Digit, key: Digit): string | null {
    let waiting: { readonly tensor: string; readonly query: Digit; readonly key: Digit }[] = [{ tensor, query, key }]
    const seen = new Set<string>()
    let between: string | null = null
    for (let at = waiting.pop(); at && seen.size < MAX_STEPS; at = waiting.pop()) {
      const node = this.editor.producer(at.tensor)
      const dims = this.shapes.of(at.tensor)
      if (!node || !dims || seen.has(at.tensor)) continue
      seen.add(at.tensor)
      const back = (digit: Digit) =>
        stepsBack({
          ...this.#asked(node, dims),
          digit,
          output: node.output.indexOf(at.tensor),
          // Pieces are looked at one by one.
          spatial: node.opType !== 'Concat',
        }).flatMap((step) =>
          step.kind === 'go' && !this.flow.constant(step.tensor)
            ? [step]
            : step.kind === 'pieces'
              ? step.tensors
                  .filter((piece) => !this.flow.constant(piece))
                  .map((piece) => ({ tensor: piece, digit: wholeAxis(this.shapes.of(piece) ?? [], step.digit.axis) }))
              : [],
        )
      const [queries, keys] = [back(at.query), back(at.key)]
      const both = queries.flatMap((one) =>
        keys
          .filter((other) => other.tensor === one.tensor)
          .map((other) => ({ tensor: one.tensor, query: one.digit, key: other.digit })),
      )
      if (!LINEAR.has(node.opType) && !FACTORS.has(node.opType) && !OTHER.has(node.opType)) between ??= node.opType
      if (both.length === 0 && queries.length > 0 && keys.length > 0) return between ?? node.opType
      waiting = [...both, ...waiting]
    }
    return null
  }

  #asked(node: NodeProto, dims: readonly number[]): Omit<Asked, 'digit'> {
    return {
      node,
      output: 0,
      dims,
      of: (name) => this.shapes.of(name),
      integers: (name) => this.#inferred.integers(name),
      constant: (name) => this.flow.constant(name),
      producer: (name) => this.editor.producer(name),
      spatial: false,
    }
  }

  /** The same digits in what the product makes: one that counts several axes there becomes those. Null where the way does not tell. */
  down({ path }: Scores, digit: Digit): readonly Digit[] | null {
    let digits: readonly Digit[] = [digit]
    for (const [i, tensor] of path.slice(0, -1).entries()) {
      const below = path[i + 1]!
      const node = this.editor.producer(tensor)!
      const dims = this.shapes.of(tensor)
      if (!dims) return null
      const next = digits.map((one): readonly Digit[] | null => {
        const asked = { ...this.#asked(node, dims), digit: one }
        const step = stepsBack(asked).find((at) => at.kind !== 'pieces' && at.kind !== 'turned' && at.tensor === below)
        if (step?.kind === 'axes') return step.digits
        return step?.kind === 'go' ? [step.digit] : null
      })
      if (!next.every((some) => some !== null)) return null
      digits = next.flat()
    }
    return digits
  }
}
