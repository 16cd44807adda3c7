/**
 * Finds the embedding of the noise level: the last vector of each row that is computed of the noise level alone and that all of its
 * influence on the image passes, but for factors on the image itself, which are a network's preconditioning. Of a chain of such
 * vectors it is what the last linear layer gave that is not cut to pieces, before its activation: where the shipped networks have it.
 */
import type { GraphEditor } from '../editor'
import { elementType } from '../element-type'
import type { Measured } from '../maps/measure'
import { DataType, GraphError, type NodeProto } from '../onnx'
import { Influence, type Entry } from './influence'
import { SameTensors } from './same'
import type { Weights } from '../weights'
import { EMBEDDING_OFFSET, type EmbeddingHandle, type HandleSearch, type Refused } from './types'

const FLOATS: ReadonlySet<DataType> = new Set([DataType.FLOAT, DataType.FLOAT16])

/** Operators that leave a vector's entries where they are, or move none of them to another. */
const IN_PLACE = new Set(
  (
    'Reshape Unsqueeze Squeeze Flatten Expand Identity Cast Sigmoid Tanh Relu Elu Selu Celu LeakyRelu Softplus Erf Exp Neg Clip Sqrt ' +
    'Gelu FastGelu QuickGelu Silu Swish HardSwish HardSigmoid Mish'
  ).split(' '),
)
/** The same where all but one operand is a single number, or of the noise level, too. */
const ARITHMETIC = new Set(['Mul', 'Div', 'Add', 'Sub', 'Pow', 'Min', 'Max'])
const LINEAR = new Set(['MatMul', 'Gemm', 'Conv', 'FusedMatMul', 'MatMulInteger', 'MatMulNBits', 'QGemm', 'FusedGemm'])
const PIECES = new Set(['Split', 'Slice', 'Gather'])
const VIEWS = new Set(['Reshape', 'Unsqueeze', 'Squeeze', 'Flatten', 'Identity', 'Cast'])

const nameOf = (node: NodeProto) => node.name || node.output[0]!
const refused = (reason: string): Refused => ({ kind: 'refused', reason })

type Form = 'number' | 'vector' | 'more' | 'unknown'

class EmbeddingFinder {
  readonly #influence: Influence

  constructor(
    private readonly editor: GraphEditor,
    private readonly measured: Measured,
    noise: string,
    output: string,
    weights: Weights | null,
  ) {
    const shapes = [measured.full, ...(measured.single ? [measured.single] : [])]
    this.#influence = new Influence(editor, new SameTensors(editor, shapes, weights), noise, output)
  }

  /** Rows apart, how a tensor's values lie: one number, a vector along one axis, or more. */
  #form(tensor: string): Form {
    const { full, single, rows } = this.measured
    const dims = full.of(tensor)
    const alone = single?.of(tensor)
    if (!dims) return 'unknown'
    const long = dims.filter((length, axis) => {
      const ofRows = alone ? length !== alone[axis] : axis === 0 && length === rows
      return !ofRows && length > 1
    })
    return long.length === 0 ? 'number' : long.length === 1 ? 'vector' : 'more'
  }

  #width(tensor: string): number {
    const { full, single, rows } = this.measured
    const count = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1)
    const alone = single?.of(tensor)
    const dims = full.of(tensor) ?? []
    return alone ? count(alone) : count(dims[0] === rows ? dims.slice(1) : dims)
  }

  #isVector(tensor: string): boolean {
    return this.#form(tensor) === 'vector' && FLOATS.has(elementType(this.editor, tensor))
  }

  /** A node by which nothing of the noise level gets in but a factor on what it meets. */
  #isScaling({ tensor, node }: Entry): boolean {
    return this.#form(tensor) === 'number' && (node.opType === 'Mul' || node.opType === 'Div')
  }

  #inPlace(node: NodeProto): boolean {
    if (IN_PLACE.has(node.opType)) return true
    if (!ARITHMETIC.has(node.opType)) return false
    const others = node.input.filter((name) => !this.#influence.ofNoise(name))
    return others.every((name) => (this.measured.full.of(name) ?? [0]).every((length) => length === 1))
  }

  /** Is it read by nothing but nodes that cut it to pieces, as the modulations of many blocks are that one layer makes? */
  #isCut(tensor: string): boolean {
    const waiting = [tensor]
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const readers = this.#influence.readers(at)
      if (readers.length === 0) return false
      for (const node of readers) {
        if (PIECES.has(node.opType)) continue
        if (!VIEWS.has(node.opType) && !this.#isTabled(node)) return false
        waiting.push(...node.output)
      }
    }
    return true
  }

  /** A sum or product with what is the same at every run. */
  #isTabled({ opType, input }: NodeProto): boolean {
    const depends = input.map((name) => this.#influence.dependsOf(name))
    return (
      ARITHMETIC.has(opType) && !depends.some(({ rest }) => rest) && depends.filter(({ noise }) => noise).length === 1
    )
  }

  /** What the linear layer read that made a tensor; null where none did. */
  #beforeLinear(tensor: string): string | null {
    const [, ...gates] = this.#influence.gates([tensor])
    let at = tensor
    for (const gate of gates) {
      if (!this.#isVector(gate)) return null
      if (this.#influence.between(gate, at).some(({ opType }) => LINEAR.has(opType))) return gate
      at = gate
    }
    return null
  }

  /** A tensor before its activation, as the vector that the layer before gave. */
  #beforeActivation(tensor: string): string {
    const [, ...gates] = this.#influence.gates([tensor])
    let at = tensor
    for (const gate of gates) {
      const same = this.#isVector(gate) && this.#width(gate) === this.#width(at)
      if (!same || !this.#influence.between(gate, at).every((node) => this.#inPlace(node))) break
      at = gate
    }
    return at
  }

  find(): EmbeddingHandle {
    const { entries, noise } = this.#influence
    const ways = entries.filter((entry) => !this.#isScaling(entry))
    const inside = this.#influence.captured()
    if (inside) return refused(`${noise} is read by a graph inside ${nameOf(inside)}`)
    const [first] = entries
    if (!first) return refused(`the output is not computed from ${noise}`)
    const [way] = ways
    if (!way) return refused(`${noise} only scales the image, the first time at ${nameOf(first.node)}`)
    const bare = ways.find(({ tensor }) => this.#form(tensor) === 'number')
    if (bare) return refused(`${noise} gets into the image as a number, not as an embedding, at ${nameOf(bare.node)}`)
    const gates = this.#influence.gates(ways.map(({ tensor }) => tensor))
    const last = gates.find((gate) => this.#isVector(gate))
    if (last === undefined) {
      const map = ways.find(({ tensor }) => this.#form(tensor) === 'more')
      return refused(
        map && gates.length > 1
          ? `${noise} gets into the image as a map, not as an embedding, at ${nameOf(map.node)}`
          : `${noise} has several embeddings: one way into the image is at ${nameOf(way.node)}, and no vector lies on all of them`,
      )
    }
    const whole = this.#isCut(last) ? (this.#beforeLinear(last) ?? last) : last
    return this.#found(this.#beforeActivation(whole))
  }

  #found(tensor: string): EmbeddingHandle {
    const { full, single, rows } = this.measured
    const dims = single?.of(tensor) ?? full.of(tensor)!
    const node = this.editor.producer(tensor)
    const name = node ? nameOf(node) : tensor
    if (dims.length < 2 || dims[0] !== (single ? 1 : rows))
      return refused(`the embedding that ${name} makes is not one of each row`)
    return { kind: 'found', tensors: this.#influence.equals(tensor), dims, width: this.#width(tensor) }
  }
}

/** Of a graph whose shapes were measured. */
export function findEmbedding(
  editor: GraphEditor,
  measured: Measured,
  { noise, output, weights }: Pick<HandleSearch, 'noise' | 'output' | 'weights'>,
): EmbeddingHandle {
  if (editor.input(EMBEDDING_OFFSET)) return { kind: 'own' }
  if (noise === null) return refused('the network is told no noise level')
  try {
    return new EmbeddingFinder(editor, measured, noise, output, weights).find()
  } catch (error) {
    if (error instanceof GraphError) return refused(error.message)
    throw error
  }
}
