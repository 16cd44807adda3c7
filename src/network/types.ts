/** What the rewritten network understands: one control per batch row and self-attention layer, and the layers themselves. */

/**
 * What one batch row does to one self-attention layer. A missing field is neutral; a layer whose fields are all missing
 * computes exactly what the network computed before. With N tokens, B the query blur, and L, R, K, E the matrices that the
 * fields after the softmax stand for, the layer's attention becomes
 *
 *   z  = temperature · (B·Q) Kᵀ / √d + mask
 *   A  = softmax(z) + entmax · (entmax₁.₅(z) − softmax(z)) + sparsemax · (sparsemax(z) − softmax(z))
 *   A' = (L · A · R) ⊙ K + E
 *   out = to_out( (1 − mix) · N(A' V) + mix · V )        N: see \`extrapolate\`
 */
export interface AttentionControl {
  /** Share of the identity map in [0, 1]: 0 leaves the map, 1 replaces it (PAG), between is SoftPAG. One for all heads, or one for each. */
  readonly mix?: number | readonly number[]
  /** Standard deviation, in tokens, of the Gaussian blur of the query over the token grid; 0 is off, Infinity is the mean (SEG). */
  readonly querySigma?: number
  /** Factor on the attention logits: 1 is neutral, 0 makes the map uniform, below 1 flattens it. */
  readonly temperature?: number
  /** Drops random entries of the map before the softmax. Seeded: equal on every device. */
  readonly mask?: { readonly rate: number; readonly seed: number; readonly keepDiagonal: boolean }
  /** Sets random entries of the map to zero after the softmax, without renormalising (K). Seeded. */
  readonly drop?: { readonly rate: number; readonly seed: number }
  /** Adds normal noise of this standard deviation to the map after the softmax (E). Seeded. */
  readonly noise?: { readonly deviation: number; readonly seed: number }
  /** Smooths the N × N map as if it were an image, after the softmax (L and R): a Gaussian of 5 × 5, σ 9, reflected at the edges, or a 3 × 3 average, zeros outside. */
  readonly smooth?: 'gaussian' | 'average'
  /** Hands the attention's result for a token to another one (L a permutation of `share` of the tokens): TPG. Seeded. */
  readonly shuffle?: { readonly share: number; readonly seed: number }
  /** Leaves the residual branch of the attention out, or that of the whole block (its residual block too): SLG, STG. */
  readonly skip?: 'attention' | 'block'
  /** How far the map goes from softmax's to 1.5-entmax's, in which far tokens get exactly nothing: 1 is there, above 1 beyond (PLADIS). */
  readonly entmax?: number
  /** The same to sparsemax's map, which is sparser. */
  readonly sparsemax?: number
  /**
   * Pushes the attention's result Z away from V, what it would be if each token saw itself only (NAG): Z̃ = Z + scale (Z − V),
   * made shorter where a token's |Z̃|₁ is more than \`limit\` times |Z|₁; then \`blend\` of it with the rest of Z.
   */
  readonly extrapolate?: { readonly scale: number; readonly limit: number; readonly blend: number }
  /** Dropout as in training, inside the residual block in front of the attention: each input of its last convolution is 0 with this chance. Seeded. */
  readonly dropout?: { readonly rate: number; readonly seed: number }
}

/**
 * What a layer may lack of what controls act on: how its tokens lie, its scores, its values, one map over the whole image; a residual
 * branch round its attention, one round its block too; an order of its tokens that can be changed; a place for dropout.
 */
export type LayerPart = 'grid' | 'scores' | 'values' | 'map' | 'attention' | 'block' | 'order' | 'dropout'

export type Stage = 'encoder' | 'middle' | 'decoder'

/** One self-attention layer, in graph order. */
export interface AttentionLayer {
  readonly index: number
  /** Name that people read, such as `encoder 16×16 · 1`. */
  readonly name: string
  readonly stage: Stage
  readonly height: number
  readonly width: number
  readonly heads: number
  /** Of a network that somebody brought. Absent: nothing. */
  readonly lacks?: readonly LayerPart[]
}
