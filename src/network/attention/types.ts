/** What is found of the attention in a graph: which tensors are its queries, keys, values and output, and how they lie. */

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
