/** What the rewritten network understands: one control per batch row and self-attention layer, and the layers themselves. */

/**
 * What one batch row does to one self-attention layer. A missing field is neutral; a layer whose fields are all missing
 * computes exactly what the network computed before. With B the query blur and N tokens the layer becomes
 *
 *   out = to_out( (1 − mix) · softmax(temperature · (B·Q) Kᵀ / √d + mask) V + mix · V )
 */
export interface AttentionControl {
  /** Share of the identity map in [0, 1]: 0 leaves the map, 1 replaces it (PAG), between is SoftPAG. */
  readonly mix?: number
  /** Standard deviation, in tokens, of the Gaussian blur of the query over the token grid; 0 is off, Infinity is the mean (SEG). */
  readonly querySigma?: number
  /** Factor on the attention logits: 1 is neutral, 0 makes the map uniform, below 1 flattens it. */
  readonly temperature?: number
  /** Drops random entries of the map (before the softmax). Seeded: equal on every device. */
  readonly mask?: { readonly rate: number; readonly seed: number; readonly keepDiagonal: boolean }
}

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
}
