/**
 * Opens fused attention nodes: softmax(scale · Q Kᵀ + mask) V in ONNX's plain operators, so that what reads and changes maps meets
 * every one of them as a Softmax. Microsoft's Attention and MultiHeadAttention, and ONNX's Attention (opset 23).
 */
import type { GraphEditor } from './editor'
import { DataType, floatAttribute, floatTensor, intAttribute, intTensor, type NodeProto } from './onnx'
import { elementType } from './element-type'
import type { MeasuredShapes } from './measured-shapes'

const MICROSOFT = 'com.microsoft'

/** Is it a node that holds an attention whole? */
export function isFused({ opType, domain }: NodeProto): boolean {
  return opType === 'Attention' || (opType === 'MultiHeadAttention' && domain === MICROSOFT)
}

/** Other operators of Microsoft's that hold an attention, or its softmax, whole. */
const UNOPENED = new Set([
  'QLinearSoftmax',
  'QAttention',
  'QOrderedAttention',
  'GroupQueryAttention',
  'PackedAttention',
  'PackedMultiHeadAttention',
  'SparseAttention',
  'LongformerAttention',
  'PagedAttention',
  'DecoderAttention',
  'DecoderMaskedSelfAttention',
  'DecoderMaskedMultiHeadAttention',
])

/** Nodes with an attention that nobody here looks into, and why. */
export const unopened = ({ graph }: GraphEditor): readonly { readonly node: string; readonly reason: string }[] =>
  graph.node
    .filter(({ opType, domain }) => domain === MICROSOFT && UNOPENED.has(opType))
    .map(({ name, output, opType }) => ({ node: name || output[0]!, reason: `it is ${opType}, which is not opened` }))

/** A fused node that was opened, or the reason that it was not. */
export type Opened =
  | { readonly kind: 'opened'; readonly node: string; readonly map: string }
  | { readonly kind: 'kept'; readonly node: string; readonly reason: string }

/** Queries, keys and values as [rows, heads, tokens, width]. */
interface Operands {
  readonly query: string
  readonly key: string
  readonly value: string
  /** They were [rows, tokens, heads · width], and so is the result. */
  readonly joined: boolean
}

class Opener {
  readonly #inputs: readonly string[]
  readonly #microsoft: boolean
  readonly #packed: boolean

  constructor(
    private readonly editor: GraphEditor,
    private readonly shapes: MeasuredShapes,
    private readonly node: NodeProto,
  ) {
    this.#inputs = node.input
    this.#microsoft = node.domain === MICROSOFT
    this.#packed = node.opType === 'Attention' && this.#microsoft
  }

  #add(op: string, inputs: readonly string[], base: string, options?: Parameters<GraphEditor['add']>[3]): string {
    return this.editor.add(op, inputs, `${this.node.output[0]!}/${base}`, options)
  }

  #ints(base: string, values: readonly number[]): string {
    return this.editor.addInitializer(intTensor(`${this.node.output[0]!}/${base}`, [values.length], values))
  }

  #transpose(input: string, perm: readonly number[], base: string): string {
    return this.#add('Transpose', [input], base, { attributes: { perm: { ints: perm } } })
  }

  #slice(input: string, start: number, end: number, axis: number, base: string): string {
    const bounds = [this.#ints(`${base}_start`, [start]), this.#ints(`${base}_end`, [end])]
    return this.#add('Slice', [input, ...bounds, this.#ints(`${base}_axis`, [axis])], base)
  }

  input(at: number): string {
    return this.#inputs[at] ?? ''
  }

  /** Why it can't be opened; null where it can. */
  refusal(): string | null {
    const { node } = this
    const given = (from: number) => node.input.slice(from).some((name) => name !== '')
    if (
      node.output
        .slice(1)
        .some((name) => name !== '' && (this.editor.consumers(name).length > 0 || this.editor.isOutput(name)))
    )
      return 'it returns more than the attention'
    if ((floatAttribute(node, 'softcap') ?? 0) !== 0) return 'its scores are capped'
    if (intAttribute(node, this.#microsoft ? 'unidirectional' : 'is_causal') === 1) return 'it is causal'
    if ((intAttribute(node, 'qk_matmul_output_mode') ?? 0) !== 0) return 'it returns more than the attention'
    if ((intAttribute(node, 'do_rotary') ?? 0) !== 0) return 'it turns its queries itself'
    if (!this.#microsoft) {
      if (given(4)) return 'it reads past keys'
      const [queries, keys] = [intAttribute(node, 'q_num_heads'), intAttribute(node, 'kv_num_heads')]
      if (queries !== keys) return 'its heads share keys'
      const [query, key] = [this.shapes.of(this.input(0)), this.shapes.of(this.input(1))]
      if (query?.length === 4 && query[1] !== key?.[1]) return 'its heads share keys'
      return null
    }
    // Attention: input, weights, bias, mask_index, past, attention_bias. MultiHeadAttention: query, key, value, bias, key_padding_mask, attention_bias.
    if (this.#packed) {
      if (this.input(3) !== '' || this.input(4) !== '' || given(6)) return 'it masks its keys or reads past ones'
      if (node.attribute.some(({ name }) => name === 'qkv_hidden_sizes')) return 'its values have a width of their own'
      return null
    }
    return this.input(4) !== '' || given(6) ? 'it masks its keys or reads past ones' : null
  }

  /** A projection cut into queries, keys and values. */
  #thirds(tensor: string, width: number, base: string): readonly [string, string, string] {
    const third = width / 3
    const part = (i: number) => this.#slice(tensor, i * third, (i + 1) * third, -1, `${base}${i}`)
    return [part(0), part(1), part(2)]
  }

  /** [rows, tokens, heads · width] as [rows, heads, tokens, width]. */
  #split(tensor: string, heads: number, base: string): string {
    const view = this.#add('Reshape', [tensor, this.#ints(`${base}_heads`, [0, 0, heads, -1])], `${base}_view`)
    return this.#transpose(view, [0, 2, 1, 3], base)
  }

  #operands(): Operands | null {
    const heads = intAttribute(this.node, this.#microsoft ? 'num_heads' : 'q_num_heads')
    if (this.#packed) {
      const product = this.#add('MatMul', [this.input(0), this.input(1)], 'qkv')
      const width = this.shapes.of(this.input(1))?.at(-1)
      if (heads === null || width === undefined) return null
      const qkv = this.input(2) === '' ? product : this.#add('Add', [product, this.input(2)], 'qkv_biased')
      const [q, k, v] = this.#thirds(qkv, width, 'part')
      return this.#splitAll(q, k, v, heads)
    }
    const rank = this.shapes.of(this.input(0))?.length
    if (this.#microsoft && rank === 5) return this.#interleaved()
    if (!this.#microsoft && rank === 4)
      return { query: this.input(0), key: this.input(1), value: this.input(2), joined: false }
    if (rank !== 3 || heads === null || this.input(1) === '' || this.input(2) === '') return null
    const [q, k, v] = this.#biased()
    const kept = (tensor: string, base: string) =>
      this.shapes.of(tensor)?.length === 4 ? tensor : this.#split(tensor, heads, base)
    return { query: this.#split(q, heads, 'query'), key: kept(k, 'key'), value: kept(v, 'value'), joined: true }
  }

  /** Queries, keys and values in one tensor [rows, tokens, heads, 3, width]. */
  #interleaved(): Operands {
    const part = (i: number, base: string) => {
      const one = this.#slice(this.input(0), i, i + 1, 3, `${base}_slice`)
      return this.#transpose(
        this.#add('Squeeze', [one, this.#ints(`${base}_axis3`, [3])], `${base}_own`),
        [0, 2, 1, 3],
        base,
      )
    }
    return { query: part(0, 'query'), key: part(1, 'key'), value: part(2, 'value'), joined: true }
  }

  #biased(): readonly [string, string, string] {
    const bias = this.#microsoft ? this.input(3) : ''
    const own = [this.input(0), this.input(1), this.input(2)] as const
    if (bias === '') return own
    const parts = this.#thirds(bias, this.shapes.of(bias)?.at(-1) ?? 0, 'bias')
    const add = (i: 0 | 1 | 2) => this.#add('Add', [own[i], parts[i]], `biased${i}`)
    return [add(0), add(1), add(2)]
  }

  #splitAll(q: string, k: string, v: string, heads: number): Operands {
    return {
      query: this.#split(q, heads, 'query'),
      key: this.#split(k, heads, 'key'),
      value: this.#split(v, heads, 'value'),
      joined: true,
    }
  }

  /** A single as what the attention computes in. */
  #as(value: string): string {
    const type = elementType(this.editor, this.input(0))
    if (type === DataType.FLOAT) return value
    return this.#add('Cast', [value], 'as', { attributes: { to: { int: type } } })
  }

  #scaled(products: string, query: string): string {
    const scale = floatAttribute(this.node, 'scale') ?? 0
    if (scale !== 0) {
      const factor = this.editor.addInitializer(floatTensor(`${this.node.output[0]!}/scale`, [], [scale]))
      return this.#add('Mul', [products, this.#as(factor)], 'scores')
    }
    const shape = this.#add('Shape', [query], 'query_shape')
    const width = this.#add(
      'Gather',
      [shape, this.editor.addInitializer(intTensor(`${this.node.output[0]!}/last`, [], [3]))],
      'width',
    )
    const root = this.#add(
      'Sqrt',
      [this.#add('Cast', [width], 'width_float', { attributes: { to: { int: DataType.FLOAT } } })],
      'root',
    )
    return this.#add('Div', [products, this.#as(root)], 'scores')
  }

  #masked(scores: string): string {
    const mask = this.input(this.#packed || this.#microsoft ? 5 : 3)
    if (mask === '') return scores
    // ONNX's mask may say where to look instead of what to add: Where takes both.
    if (elementType(this.editor, mask) === DataType.BOOL) {
      const far = this.editor.addInitializer(floatTensor(`${this.node.output[0]!}/far`, [], [-10_000]))
      return this.#add('Where', [mask, scores, this.#as(far)], 'masked')
    }
    return this.#add('Add', [scores, mask], 'masked')
  }

  /** Puts plain operators in the node's place; the name of the map. Null where its operands lie in no way that is known. */
  open(): string | null {
    const operands = this.#operands()
    if (!operands) return null
    const { query, key, value, joined } = operands
    const products = this.#add('MatMul', [query, this.#transpose(key, [0, 1, 3, 2], 'key_transposed')], 'products')
    const scores = this.#masked(this.#scaled(products, query))
    const map = this.#add('Softmax', [scores], 'map', { attributes: { axis: { int: -1 } } })
    let output = this.#add('MatMul', [map, value], 'sums')
    if (joined)
      output = this.#add(
        'Reshape',
        [this.#transpose(output, [0, 2, 1, 3], 'sums_moved'), this.#ints('joined_shape', [0, 0, -1])],
        'joined',
      )
    this.editor.replace(this.node, output)
    return map
  }
}

/** Opens all fused attention nodes of a graph, in place. `shapes` are those that the graph was measured to have. */
export function openAttention(editor: GraphEditor, shapes: MeasuredShapes): readonly Opened[] {
  const fused = editor.graph.node.filter(isFused)
  return fused.map((node): Opened => {
    const opener = new Opener(editor, shapes, node)
    const called = node.name || node.output[0]!
    const refusal = opener.refusal()
    if (refusal !== null) return { kind: 'kept', node: called, reason: refusal }
    const map = opener.open()
    return map === null
      ? { kind: 'kept', node: called, reason: 'its queries, keys and values lie in a way that is not known' }
      : { kind: 'opened', node: called, map }
  })
}
