/** What of a network guidance takes hold of beside its attention maps, as found in anybody's graph. */

import type { Ran } from '../maps/measure'
import type { Weights } from '../weights'

export interface HandleSearch extends Ran {
  /** The graph as it came, before anything was opened. */
  readonly original: Ran['model']
  /** The input that tells the noise level; null where the network has none. */
  readonly noise: string | null
  /** The output that is the prediction. */
  readonly output: string
  /** The model's external data, where it has some that was read. */
  readonly weights: Weights | null
}

/** The input that `insertHandles` adds, as shipped networks have it: [rows, width], added to the embedding of the noise level. */
export const EMBEDDING_OFFSET = 'embedding_offset'

/** One sentence that names the node which stands in the way. */
export interface Refused {
  readonly kind: 'refused'
  readonly reason: string
}

export interface FoundEmbedding {
  readonly kind: 'found'
  /**
   * The tensors that hold it, which all are the same: some networks compute their embedding once for each block. What the last
   * linear layer gave, before its activation, before a class or a text is added to it.
   */
  readonly tensors: readonly string[]
  /** The tensors' lengths; the first axis is that of the rows. */
  readonly dims: readonly number[]
  readonly width: number
}

/** The embedding of the noise level (TSG); `own`: the graph has an input for its offset already. */
export type EmbeddingHandle = FoundEmbedding | { readonly kind: 'own' } | Refused

/** `effect`: how far it moved the output when it was tried, in deviations of the output. */
export type Proved = { readonly kind: 'proved'; readonly effect: number } | Refused

/** What can be done at and round one attention beside its map. */
export interface LayerHandles {
  /** Its own residual branch left out. */
  readonly attention: Proved
  /** Its block left out with it. */
  readonly block: Proved
  /** Its tokens' results handed to each other. */
  readonly tokens: Proved
  /** Dropout before the last convolution of the residual block in front of it. */
  readonly dropout: Proved
}
