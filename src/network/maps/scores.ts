/** The product of queries and keys behind a softmax, the way there, and the place on it where scores can be blurred as queries are. */
import type { GraphEditor } from '../editor'
import type { Flow } from '../flow'
import type { MeasuredShapes } from '../measured-shapes'
import type { NodeProto } from '../onnx'
import { stepsBack } from './steps'
import type { Digit } from './digit'

const PRODUCTS = new Set([
  'MatMul',
  'FusedMatMul',
  'Einsum',
  'MatMulInteger',
  'QLinearMatMul',
  'MatMulIntegerToFloat',
  'DynamicQuantizeMatMul',
])
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

  constructor(
    private readonly editor: GraphEditor,
    private readonly flow: Flow,
    private readonly shapes: MeasuredShapes,
  ) {}

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

  /** The same digits in what the product makes: one that counts several axes there becomes those. Null where the way does not tell. */
  down({ path }: Scores, digit: Digit): readonly Digit[] | null {
    let digits: readonly Digit[] = [digit]
    for (const [i, tensor] of path.slice(0, -1).entries()) {
      const below = path[i + 1]!
      const node = this.editor.producer(tensor)!
      const dims = this.shapes.of(tensor)
      if (!dims) return null
      const next = digits.map((one): readonly Digit[] | null => {
        const of = (name: string) => this.shapes.of(name)
        const asked = {
          node,
          output: 0,
          digit: one,
          dims,
          of,
          integers: () => null,
          constant: (name: string) => this.flow.constant(name),
          spatial: false,
        }
        const step = stepsBack(asked).find((at) => at.kind !== 'pieces' && at.tensor === below)
        if (step?.kind === 'axes') return step.digits
        return step?.kind === 'go' ? [step.digit] : null
      })
      if (!next.every((some) => some !== null)) return null
      digits = next.flat()
    }
    return digits
  }
}
