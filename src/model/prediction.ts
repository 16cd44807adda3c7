/** What a network's output may stand for: the contract of the files in `predictions/`. */
import type { KindValues, KindWords } from './description'

export interface PredictionKind extends KindWords {
  /**
   * D = skip · x + out · F, where F is the network's output at x = data + σ · noise. `scale`: the factor on x that it was given.
   * In double precision.
   */
  denoised(
    at: { readonly sigma: number; readonly scale: number },
    parameters: KindValues,
  ): { readonly skip: number; readonly out: number }
}
