/**
 * Finds attention in a graph by what the graph computes, never by names: softmax(scale · Q Kᵀ + mask) V, whoever exported
 * it. Self-attention is where queries and keys are projections of the same tensor; anything else is cross-attention.
 *
 * Exporters differ in the reshapes and transposes between a projection and its heads. They are not matched as patterns:
 * each chain is run on a tensor of indices, and counts as splitting or joining heads if the indices land where they should.
 */
import { Flow, dataInputs } from './flow'
import {
  GraphEditor,
  floatAttribute,
  intAttribute,
  intsAttribute,
  tensorAttribute,
  tensorValues,
  type NodeProto,
} from './onnx'
import { Shapes } from './shapes'

/**
 * A tensor of an attention layer. `joined` lies in memory as [rows, N, heads·d], the form before heads are split (`rank` 3
 * unless the graph keeps another shape around the same order). `split` is [rows, heads, N, d] or [rows·heads, N, d], and
 * `split-transposed` the same with the last two axes exchanged, as a MatMul reads keys.
 */
export interface AttentionTensor {
  readonly name: string
  readonly layout: 'joined' | 'split' | 'split-transposed'
  readonly rank: number | null
}

export interface FoundAttention {
  readonly kind: 'self' | 'cross'
  /** `open`: MatMul, Softmax, MatMul. The others are single nodes. */
  readonly form: 'open' | 'MultiHeadAttention' | 'Attention'
  /** Names of the nodes from the scores to the weighted sum, for messages. */
  readonly nodes: readonly string[]
  readonly heads: number
  readonly headWidth: number
  /** Tokens N; null where the graph leaves it to run time. */
  readonly tokens: number | null
  /** Factor on QKᵀ between the named query and key tensors and the softmax. */
  readonly scale: number
  /** Tensor added to the scores in the graph; null where there is none. */
  readonly mask: string | null
  readonly query: AttentionTensor
  readonly key: AttentionTensor
  readonly value: AttentionTensor
  readonly output: AttentionTensor
}

export interface Unreadable {
  readonly node: string
  readonly reason: string
}

export interface AttentionSurvey {
  /** Self-attention in graph order: index i here is layer i. */
  readonly self: readonly FoundAttention[]
  readonly cross: readonly FoundAttention[]
  /** Softmax over a product of matrices that could not be read as attention, and why. */
  readonly unreadable: readonly Unreadable[]
}

const LAYOUT_OPS = new Set(['Reshape', 'Transpose', 'Identity', 'Squeeze', 'Unsqueeze'])
const PROJECTIONS = new Set(['MatMul', 'Gemm', 'Conv', 'MatMulNBits', 'FusedMatMul', 'MatMulInteger'])

/** Rows and tokens of the index tensors; distinct primes, so that a wrong axis can't pass for the right one. */
const PROBE_ROWS = 2
const PROBE_TOKENS = 7

interface IndexTensor {
  readonly dims: readonly number[]
  readonly data: Int32Array
}

function product(dims: readonly number[]): number {
  return dims.reduce((a, b) => a * b, 1)
}

function transpose({ dims, data }: IndexTensor, order: readonly number[]): IndexTensor {
  const strides = dims.map((_, axis) => product(dims.slice(axis + 1)))
  const outDims = order.map((axis) => dims[axis]!)
  const outStrides = order.map((axis) => strides[axis]!)
  const out = new Int32Array(data.length)
  const position = outDims.map(() => 0)
  let from = 0
  for (let i = 0; i < out.length; i++) {
    out[i] = data[from]!
    for (let axis = position.length - 1; axis >= 0; axis--) {
      from += outStrides[axis]!
      if (++position[axis]! < outDims[axis]!) break
      from -= outStrides[axis]! * outDims[axis]!
      position[axis] = 0
    }
  }
  return { dims: outDims, data: out }
}

interface Sizes {
  readonly heads: number
  readonly headWidth: number
  readonly tokens: number
}

function indices(dims: readonly number[]): IndexTensor {
  return { dims, data: Int32Array.from({ length: product(dims) }, (_, i) => i) }
}

function equal(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

class Finder {
  readonly #shapes: Shapes
  readonly #flow: Flow

  constructor(private readonly editor: GraphEditor) {
    this.#shapes = new Shapes(editor)
    this.#flow = new Flow(editor)
  }

  /** Value of a constant scalar, through the arithmetic that exporters leave around √d; null where it is none. */
  #scalar(tensor: string): number | null {
    const initializer = this.editor.initializer(tensor)
    if (initializer) {
      const values = tensorValues(initializer, 1)
      return values?.length === 1 ? values[0]! : null
    }
    const node = this.editor.producer(tensor)
    if (!node) return null
    const inputs = () => node.input.map((input) => this.#scalar(input))
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
        const known = this.#shapes.integers(tensor)
        if (known?.length === 1) return known[0]!
        return node.opType === 'Cast' || node.opType === 'Identity' ? (inputs()[0] ?? null) : null
      }
      default:
        return null
    }
  }

  /** If the node multiplies one tensor by a constant scalar: that tensor and the factor. */
  #scaling(node: NodeProto): { readonly input: string; readonly factor: number } | null {
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
  #scores(tensor: string): {
    readonly matmul: NodeProto
    readonly scale: number
    readonly mask: string | null
    readonly nodes: readonly string[]
  } | null {
    const node = this.editor.producer(tensor)
    if (!node) return null
    if (node.opType === 'MatMul')
      return node.input.some((input) => this.#flow.constant(input))
        ? null
        : { matmul: node, scale: 1, mask: null, nodes: [node.name] }
    if (node.opType === 'Identity' || node.opType === 'Cast' || node.opType === 'Reshape') {
      const before = this.#scores(node.input[0] ?? '')
      return before && { ...before, nodes: [...before.nodes, node.name] }
    }
    const scaling = this.#scaling(node)
    if (scaling) {
      const before = this.#scores(scaling.input)
      // A factor after a mask would scale the mask too; masks are 0 or far below, but a bias is not.
      return before && before.mask === null
        ? { ...before, scale: before.scale * scaling.factor, nodes: [...before.nodes, node.name] }
        : null
    }
    if (node.opType !== 'Add') return null
    for (const [index, input] of node.input.entries()) {
      const before = this.#scores(input)
      if (!before || before.mask !== null) continue
      const other = node.input[1 - index]!
      // torch's baddbmm leaves 0 · input + product.
      const producer = this.editor.producer(other)
      const nothing = this.#scalar(other) === 0 || (producer !== null && this.#scaling(producer)?.factor === 0)
      return { ...before, mask: nothing ? null : other, nodes: [...before.nodes, node.name] }
    }
    return null
  }

  /** The tensors that the projections behind a tensor read. */
  #roots(tensor: string): ReadonlySet<string> {
    const roots = new Set<string>()
    const seen = new Set<string>()
    const waiting = [tensor]
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (seen.has(name) || this.#flow.constant(name)) continue
      seen.add(name)
      const node = this.editor.producer(name)
      if (!node) {
        roots.add(name)
        continue
      }
      if (PROJECTIONS.has(node.opType) && node.input.some((input) => this.#flow.constant(input))) {
        for (const input of node.input) if (!this.#flow.constant(input)) roots.add(this.#alias(input))
        continue
      }
      waiting.push(...dataInputs(node))
    }
    return roots
  }

  /** The tensor itself behind casts and identities. */
  #alias(tensor: string): string {
    const node = this.editor.producer(tensor)
    return node && ['Cast', 'Identity', 'Reshape'].includes(node.opType) ? this.#alias(node.input[0]!) : tensor
  }

  /** One layout operator on a tensor of indices; null where the graph does not say enough or it does not fit. */
  #layout(node: NodeProto, input: IndexTensor, sizes: Sizes): IndexTensor | null {
    switch (node.opType) {
      case 'Transpose': {
        const order = intsAttribute(node, 'perm') ?? input.dims.map((_, axis) => input.dims.length - 1 - axis)
        return order.length === input.dims.length ? transpose(input, order) : null
      }
      case 'Reshape': {
        const target = this.#shapes.integers(node.input[1] ?? '')
        if (!target) return null
        const free = target.filter((length) => length === null || length === -1).length
        // Lengths that are known only at run time: the leading one is rows or rows × heads, at most one other is what remains.
        const leading = target[0] === null && free > 1 ? [PROBE_ROWS, PROBE_ROWS * sizes.heads] : [null]
        for (const first of leading) {
          const dims = target.map((length, axis) => {
            if (axis === 0 && first !== null) return first
            return length === 0 ? (input.dims[axis] ?? null) : length === -1 ? null : length
          })
          const hole = dims.indexOf(null)
          if (hole >= 0)
            dims[hole] = input.data.length / product(dims.map((length, axis) => (axis === hole ? 1 : length!)))
          if (
            dims.some((length) => length === null || !Number.isInteger(length)) ||
            product(dims as number[]) !== input.data.length
          )
            continue
          // Rows × heads in front is right only where the heads are axis 1 already.
          if (
            first === PROBE_ROWS &&
            dims.length === 3 &&
            input.dims.length === 4 &&
            dims[1] !== sizes.tokens &&
            leading.length > 1
          )
            continue
          return { dims: dims as number[], data: input.data }
        }
        return null
      }
      case 'Squeeze':
      case 'Unsqueeze': {
        const axes = intsAttribute(node, 'axes') ?? this.#shapes.integers(node.input[1] ?? '')
        if (!axes || axes.includes(null)) return null
        const squeeze = node.opType === 'Squeeze'
        const rank = input.dims.length + (squeeze ? 0 : axes.length)
        const at = new Set(axes.map((axis) => (axis! < 0 ? axis! + rank : axis!)))
        const rest = squeeze ? input.dims.filter((_, axis) => !at.has(axis)) : [...input.dims]
        const dims = squeeze ? rest : Array.from({ length: rank }, (_, axis) => (at.has(axis) ? 1 : rest.shift()!))
        return product(dims) === input.data.length ? { dims, data: input.data } : null
      }
      default:
        return input
    }
  }

  /** An operand of the products, followed back to the earliest tensor that is still only reshaped, moved or scaled before it. */
  #operand(
    operand: string,
    layout: 'split' | 'split-transposed',
    sizes: Sizes,
  ): { readonly tensor: AttentionTensor; readonly scale: number } {
    const chain: { readonly node: NodeProto; readonly input: string; readonly factor: number }[] = []
    for (let name = operand; ;) {
      const node = this.editor.producer(name)
      if (!node) break
      const scaling = this.#scaling(node)
      if (!scaling && !LAYOUT_OPS.has(node.opType)) break
      const input = scaling?.input ?? node.input[0]!
      chain.unshift({ node, input, factor: scaling?.factor ?? 1 })
      name = input
    }
    const { heads, headWidth, tokens } = sizes
    const start = indices([PROBE_ROWS, tokens, heads * headWidth])
    const split = transpose({ dims: [PROBE_ROWS, tokens, heads, headWidth], data: start.data }, [0, 2, 1, 3])
    const wanted = (layout === 'split' ? split : transpose(split, [0, 1, 3, 2])).data
    for (let from = 0; from < chain.length; from++) {
      const name = chain[from]!.input
      const rank = this.#shapes.of(name)?.length ?? null
      let probe: IndexTensor | null = start
      for (const { node } of chain.slice(from))
        probe = probe && (LAYOUT_OPS.has(node.opType) ? this.#layout(node, probe, sizes) : probe)
      if (probe && equal(probe.data, wanted)) {
        return {
          tensor: { name, layout: 'joined', rank },
          scale: chain.slice(from).reduce((scale, { factor }) => scale * factor, 1),
        }
      }
    }
    return { tensor: { name: operand, layout, rank: this.#shapes.of(operand)?.length ?? null }, scale: 1 }
  }

  /** The output of the second product, followed forward to where its heads are joined. */
  #joined(output: string, sizes: Sizes): AttentionTensor {
    const { heads, headWidth, tokens } = sizes
    const rank = this.#shapes.of(output)?.length ?? null
    const wanted = indices([PROBE_ROWS, tokens, heads * headWidth])
    const split = transpose({ dims: [PROBE_ROWS, tokens, heads, headWidth], data: wanted.data }, [0, 2, 1, 3])
    let probe: IndexTensor | null =
      rank === 3 ? { dims: [PROBE_ROWS * heads, tokens, headWidth], data: split.data } : split
    for (let name = output; ;) {
      const readers = this.editor.consumers(name)
      const node = readers[0]
      if (readers.length !== 1 || !node || !LAYOUT_OPS.has(node.opType) || this.editor.isOutput(name)) break
      probe = probe && this.#layout(node, probe, sizes)
      if (!probe) break
      name = node.output[0]!
      if (probe.dims.length === 3 && probe.dims[2] === heads * headWidth && equal(probe.data, wanted.data))
        return { name, layout: 'joined', rank: 3 }
    }
    return { name: output, layout: 'split', rank }
  }

  #kind(query: string, key: string): 'self' | 'cross' {
    const a = this.#roots(query)
    const b = this.#roots(key)
    return a.size === b.size && [...a].every((root) => b.has(root)) ? 'self' : 'cross'
  }

  #open(softmax: NodeProto): FoundAttention | Unreadable | null {
    const scores = this.#scores(softmax.input[0] ?? '')
    if (!scores) return null
    const unreadable = (reason: string): Unreadable => ({ node: softmax.name, reason })
    const rank = this.#shapes.of(softmax.input[0]!)?.length ?? this.#shapes.of(scores.matmul.output[0]!)?.length ?? null
    const axis = intAttribute(softmax, 'axis') ?? (this.editor.opset() >= 13 ? -1 : 1)
    if (axis !== -1 && axis !== (rank ?? 4) - 1) return unreadable('the softmax is not over the keys')

    if (scores.mask !== null && rank === 3) return unreadable('its mask is laid out by rows × heads')

    let weights = softmax.output[0]!
    const nodes = [...scores.nodes, softmax.name]
    let sum: NodeProto | null = null
    while (!sum) {
      const readers = this.editor.consumers(weights)
      const node = readers[0]
      if (readers.length !== 1 || !node) return unreadable('the map is read by more than one node')
      if (node.opType === 'MatMul' && node.input[0] === weights) sum = node
      else if (['Cast', 'Identity', 'Dropout', 'Reshape'].includes(node.opType)) weights = node.output[0]!
      else return unreadable(`the map goes into ${node.opType}, not into a product with the values`)
      nodes.push(node.name)
    }
    const [query, key] = scores.matmul.input as [string, string]
    const value = sum.input[1]!
    const sizes = this.#sizes(query, key, value)
    if (!sizes) return unreadable('the number of heads or their width is not fixed by the graph')
    const { heads, headWidth, tokens } = sizes
    const probe = { heads, headWidth, tokens: tokens ?? PROBE_TOKENS }
    const keys = this.#length(key, -1) ?? tokens
    const probeKeys = { ...probe, tokens: keys ?? PROBE_TOKENS }
    const q = this.#operand(query, 'split', probe)
    const k = this.#operand(key, 'split-transposed', probeKeys)
    const v = this.#operand(value, 'split', probeKeys)
    if (v.scale !== 1) return unreadable('the values are scaled')
    return {
      kind: this.#kind(query, key),
      form: 'open',
      nodes,
      heads,
      headWidth,
      tokens,
      scale: scores.scale * q.scale * k.scale,
      mask: scores.mask,
      query: q.tensor,
      key: k.tensor,
      value: v.tensor,
      output: this.#joined(sum.output[0]!, probe),
    }
  }

  #length(tensor: string, axis: number): number | null {
    return this.#shapes.of(tensor)?.at(axis) ?? null
  }

  /** Heads, width and tokens from the operands' shapes or from the reshapes before them. */
  #sizes(
    query: string,
    key: string,
    value: string,
  ): { readonly heads: number; readonly headWidth: number; readonly tokens: number | null } | null {
    const headWidth = this.#length(query, -1) ?? this.#length(key, -2)
    const tokens = this.#length(query, -2) ?? null
    if (headWidth === null) return null
    const shape = this.#shapes.of(query)
    if (shape?.length === 4 && typeof shape[1] === 'number') return { heads: shape[1], headWidth, tokens }
    // [rows · heads, N, d]: the reshapes before it name the heads.
    for (const operand of [query, key, value]) {
      let node = this.editor.producer(operand)
      while (node && (LAYOUT_OPS.has(node.opType) || this.#scaling(node))) {
        const scaling = this.#scaling(node)
        const target = node.opType === 'Reshape' ? this.#shapes.integers(node.input[1] ?? '') : null
        if (target?.length === 4 && target[3] === headWidth && typeof target[2] === 'number' && target[2] > 0) {
          return { heads: target[2], headWidth, tokens }
        }
        node = this.editor.producer(scaling?.input ?? node.input[0]!)
      }
    }
    return null
  }

  #fused(node: NodeProto): FoundAttention | Unreadable {
    const unreadable = (reason: string): Unreadable => ({ node: node.name, reason })
    const form = node.opType === 'Attention' ? 'Attention' : 'MultiHeadAttention'
    const [query = '', key = '', value = ''] = node.input
    const rank = this.#shapes.of(query)?.length ?? null
    if (query === '' || key === '' || value === '')
      return unreadable('queries, keys and values are packed in one tensor')
    if (node.input.slice(form === 'Attention' ? 4 : 6).some((input) => input !== ''))
      return unreadable('it reads past keys')
    if (node.output.slice(1).some((output) => output !== '' && this.editor.consumers(output).length > 0))
      return unreadable('it returns more than the attention')
    const axis = form === 'Attention' && rank === 4
    const heads = axis ? this.#length(query, 1) : intAttribute(node, form === 'Attention' ? 'q_num_heads' : 'num_heads')
    const width = this.#length(query, -1)
    if (heads === null || width === null)
      return unreadable('the number of heads or their width is not fixed by the graph')
    const headWidth = axis ? width : width / heads
    if (form === 'MultiHeadAttention' && (rank !== 3 || (node.input[3] ?? '') !== '' || (node.input[4] ?? '') !== '')) {
      return unreadable('it is packed, padded or has its own bias')
    }
    const causal = intAttribute(node, form === 'Attention' ? 'is_causal' : 'unidirectional') === 1
    const kvHeads = intAttribute(node, 'kv_num_heads')
    if (causal || (floatAttribute(node, 'softcap') ?? 0) !== 0 || (kvHeads !== null && kvHeads !== heads)) {
      return unreadable('it is causal, capped, or shares heads')
    }
    const tensor = (name: string): AttentionTensor => ({ name, layout: axis ? 'split' : 'joined', rank })
    const scale = floatAttribute(node, 'scale') ?? 0
    const mask = node.input[form === 'Attention' ? 3 : 5] ?? ''
    return {
      kind: this.#kind(query, key),
      form,
      nodes: [node.name],
      heads,
      headWidth,
      tokens: this.#length(query, -2),
      scale: scale === 0 ? 1 / Math.sqrt(headWidth) : scale,
      mask: mask === '' ? null : mask,
      query: tensor(query),
      key: tensor(key),
      value: tensor(value),
      output: tensor(node.output[0]!),
    }
  }

  survey(): AttentionSurvey {
    const self: FoundAttention[] = []
    const cross: FoundAttention[] = []
    const unreadable: Unreadable[] = []
    for (const node of this.editor.graph.node) {
      const single =
        node.opType === 'MultiHeadAttention' || (node.opType === 'Attention' && node.domain !== 'com.microsoft')
      if (!single && node.opType !== 'Softmax') continue
      const found = single ? this.#fused(node) : this.#open(node)
      if (!found) continue
      if ('reason' in found) unreadable.push(found)
      else if (found.kind === 'self') self.push(found)
      else cross.push(found)
    }
    return { self, cross, unreadable }
  }
}

/** Surveys the attention of a graph, in the graph's order, without changing it. */
export function findAttention(editor: GraphEditor): AttentionSurvey {
  return new Finder(editor).survey()
}
