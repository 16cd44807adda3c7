/**
 * Finds attention in a graph by what the graph computes, never by names: softmax(scale · Q Kᵀ + mask) V, whoever exported
 * it. Self-attention is where queries and keys are projections of the same tensor; anything else is cross-attention.
 *
 * Exporters differ in the reshapes and transposes between a projection and its heads. They are not matched as patterns:
 * each chain is run on a tensor of indices, and counts as splitting or joining heads if the indices land where they should.
 */
import type { GraphEditor } from '../editor'
import { Flow } from '../flow'
import { GraphError, floatAttribute, intAttribute, type NodeProto } from '../onnx'
import { Roots } from '../roots'
import { Shapes } from '../shapes'
import { Heads } from './heads'
import { PROBE_TOKENS, readable } from './probe'
import { Scaling } from './scaling'
import type { AttentionSurvey, AttentionTensor, FoundAttention, Unreadable } from './types'

/** Nodes between a map and its product with the values, at most. */
const MAX_STEPS = 64
/** Attentions of a graph: large image generators have 140. */
const MAX_ATTENTIONS = 512

class Finder {
  readonly #shapes: Shapes
  readonly #flow: Flow
  readonly #scaling: Scaling
  readonly #heads: Heads
  readonly #roots: Roots

  constructor(private readonly editor: GraphEditor) {
    this.#shapes = new Shapes(editor)
    this.#flow = new Flow(editor)
    this.#scaling = new Scaling(editor, this.#shapes, this.#flow)
    this.#roots = new Roots(editor, this.#flow)
    this.#heads = new Heads(editor, this.#shapes, this.#scaling)
  }

  #kind(query: string, key: string): 'self' | 'cross' {
    return this.#roots.same(query, key) ? 'self' : 'cross'
  }

  #open(softmax: NodeProto): FoundAttention | Unreadable | null {
    const scores = this.#scaling.scores(softmax.input[0] ?? '')
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
      if (nodes.length > MAX_STEPS) return unreadable('the map goes through too many nodes')
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
    const sizes = this.#heads.sizes(query, key, value)
    if (!sizes) return unreadable('the number of heads or their width is not fixed by the graph')
    const { heads, headWidth, tokens } = sizes
    const probe = { heads, headWidth, tokens: tokens ?? PROBE_TOKENS }
    const keys = this.#heads.length(key, -1) ?? tokens
    const probeKeys = { ...probe, tokens: keys ?? PROBE_TOKENS }
    if (!readable(probe) || !readable(probeKeys))
      return unreadable(`it has ${heads} heads of ${headWidth} on ${tokens ?? 'any'} tokens`)
    const q = this.#heads.operand(query, 'split', probe)
    const k = this.#heads.operand(key, 'split-transposed', probeKeys)
    const v = this.#heads.operand(value, 'split', probeKeys)
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
      output: this.#heads.joined(sum.output[0]!, probe),
    }
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
    const heads = axis
      ? this.#heads.length(query, 1)
      : intAttribute(node, form === 'Attention' ? 'q_num_heads' : 'num_heads')
    const width = this.#heads.length(query, -1)
    if (heads === null || width === null)
      return unreadable('the number of heads or their width is not fixed by the graph')
    const headWidth = axis ? width : width / heads
    const tokens = this.#heads.length(query, -2)
    if (!readable({ heads, headWidth, tokens: tokens ?? PROBE_TOKENS }))
      return unreadable(`it has ${heads} heads of ${headWidth} on ${tokens ?? 'any'} tokens`)
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
      tokens,
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
      if (self.length + cross.length + unreadable.length === MAX_ATTENTIONS)
        throw new GraphError(`the graph has more than ${MAX_ATTENTIONS} attentions`)
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
