/** What one side of the guidance equation is asked, as plain data: network, condition, controls, noise level and input. */
import type { NetworkRef } from '../model/types'
import type { AttentionControl } from '../network/types'

/** What an image is asked to show. */
export type Condition =
  | { readonly kind: 'class'; readonly index: number }
  /** No class at all: for networks trained with label dropout, or together with an embedding offset. */
  | { readonly kind: 'null' }

/** Where SAG makes the image worse: see `mask.ts`. */
export type MaskStrategy = 'attention' | 'global' | 'high-frequency' | 'random' | 'square' | 'dino'

/** What stands in for x_t. */
export type Input =
  | { readonly kind: 'x' }
  /**
   * SAG: x_t with the parts of its denoised image that a mask picks made worse, noised again with the predicted noise.
   * Needs D⁺ and a map of it first.
   */
  | {
      readonly kind: 'degraded'
      readonly strategy: MaskStrategy
      readonly layer: number
      /** Head whose map is used; null for the mean. */
      readonly head: number | null
      /** A token is masked where the attention that it receives exceeds this; the mean is 1. */
      readonly threshold: number
      /** Standard deviation of the blur in pixels. */
      readonly blurSigma: number
      readonly fill: 'blur' | 'zero'
      /** Of random and square masks. */
      readonly seed: number
    }
  /**
   * SWG: predictions of overlapping crops at native scale, averaged where they overlap; `overlapOnly` guides only where
   * at least two agree.
   */
  | {
      readonly kind: 'windows'
      readonly height: number
      readonly width: number
      readonly perSide: number
      readonly overlapOnly: boolean
    }
  /**
   * No evaluation: an exponential average of the positive's own earlier predictions, m ← (1 − beta) D⁺ + beta m, of the
   * image (x0) or of the noise ε = (x − D⁺)/σ, which is x − σ m as an image; empty at the first step. It is kept from the
   * beginning, and pushed away from where σ ≤ `below`.
   */
  | { readonly kind: 'history'; readonly beta: number; readonly of: 'image' | 'noise'; readonly below: number }

/**
 * One side of the guidance equation: everything that a prediction is asked but x_t and σ. Plain data, so that the page
 * can show it.
 */
export interface Prediction {
  readonly network: NetworkRef
  readonly condition: Condition
  /** Per layer in graph order; null leaves all layers alone. */
  readonly attention: readonly (AttentionControl | null)[] | null
  /** The network is told the noise level σ · noiseFactor, at most σ_max; 1 is neutral. Preconditioning keeps σ. */
  readonly noiseFactor: number
  /** Added to the embedding of noise level and class. */
  readonly embeddingOffset: Float32Array | null
  readonly input: Input
}
