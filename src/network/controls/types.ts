/** What the rewritten graph offers: the features it can have, and the names and shapes of its inputs and outputs. */
import type { LayerBranches } from '../left-out'
import type { AttentionControl } from '../types'

export interface TokenGrid {
  readonly height: number
  readonly width: number
}

/** Fields of a control that need inputs of their own. A row that uses none of them runs in the plain graph. */
export const FEATURES = [
  'mask',
  'drop',
  'noise',
  'smooth',
  'shuffle',
  'skip',
  'entmax',
  'sparsemax',
  'extrapolate',
  'dropout',
] as const satisfies readonly (keyof AttentionControl)[]
export type Feature = (typeof FEATURES)[number]

/**
 * What a graph has of the controls that each could have. A row that uses none of one is the same, to the bit, with and without it, so
 * rows of all kinds share the graph that has what one of them needs.
 */
export interface Extent {
  /** Blur and temperature of queries. */
  readonly blur: boolean
  /** `whole`: heads are the identity or untouched. `part`: any mix. */
  readonly mix: 'none' | 'whole' | 'part'
}

export interface ControlOptions {
  /** Token grid of each self-attention layer in graph order. Left out: square grids of the graph's own token counts. */
  readonly grids?: readonly TokenGrid[]
  /** What can be left out round each layer. Left out: what residuals the graph's own shapes tell. */
  readonly branches?: readonly LayerBranches[]
  /** Bakes a batch size into the graph, or leaves it to each run. */
  readonly rows: number | 'dynamic'
  /** What the graph can do beyond mix, blur and temperature. Inputs of mask, drop, noise, smooth and shuffle grow with the square of the tokens. */
  readonly features: readonly Feature[]
  /** Layer whose effective map and received attention become outputs; null for none. */
  readonly map: number | null
  /** `open` spells the attention out in every layer, for devices where the fused node is wrong or missing. */
  readonly form: 'fused' | 'open'
  /** No more of mix and blur than this, where no map is asked for. Left out: all of both. */
  readonly extent?: Extent
}

/** A layer as it was found, and the grid its controls act on. */
export interface ControlledLayer extends TokenGrid {
  readonly index: number
  readonly heads: number
  /** Tokens that matrices act on: the grid's, and those beside them where they are one row of tokens to the network. */
  readonly tokens: number
  /** How far controls reach before the map: to queries on their grid, to scores only, since no grid is known, or to none. */
  readonly reach: 'queries' | 'scores' | 'map'
  /** Are queries, keys and values known, and not only the map that they make? */
  readonly values: boolean
  /** What can be left out here: a network need not have a residual connection round the attention, or a block before it. */
  readonly skippable: { readonly attention: boolean; readonly block: boolean }
  /** Channels that enter the last convolution of the block before it, where dropout acts; null where there is none. */
  readonly dropoutChannels: number | null
}

/** Names and shapes of a layer's inputs; R rows, grid h × w, N = h·w tokens. */
export const controlNames = (layer: number) => ({
  /** [R, 1, heads, 1] */
  mix: `mix_${layer}`,
  /** Is the whole head the identity? [R, 1, heads, 1], boolean; in the place of `mix` where a graph has no more of it. */
  whole: `whole_${layer}`,
  /** [R, h, h] */
  blurHeight: `blur_h_${layer}`,
  /** [R, 1, w, w] */
  blurWidth: `blur_w_${layer}`,
  /** [R, 1, N, N], added to the logits; with `mask`. */
  bias: `bias_${layer}`,
  /** L, [R, 1, N, N]; with `smooth` or `shuffle`. */
  left: `left_${layer}`,
  /** R, [R, 1, N, N]; with `smooth`. */
  right: `right_${layer}`,
  /** K, [R, 1, N, N]; with `drop`. */
  keep: `keep_${layer}`,
  /** E, [R, 1, N, N]; with `noise`. */
  noise: `noise_${layer}`,
  /** Factor on the attention's branch, [R]; with `skip`, where the layer has one. */
  gate: `gate_${layer}`,
  /** Factor on the branch of the residual block before it, [R]; with `skip`, where the layer has one. */
  gateBlock: `gate_block_${layer}`,
  /** Factor on the way from softmax's map to 1.5-entmax's, [R, 1, 1, 1]; with `entmax`. */
  entmax: `entmax_${layer}`,
  /** The same for sparsemax, [R, 1, 1, 1]; with `sparsemax`. */
  sparsemax: `sparsemax_${layer}`,
  /** Scale, limit and blend of the extrapolation, [R, 1, 1] each; with `extrapolate`. */
  extrapolateScale: `extrapolate_scale_${layer}`,
  extrapolateLimit: `extrapolate_limit_${layer}`,
  extrapolateBlend: `extrapolate_blend_${layer}`,
  /** Factors on what enters the last convolution of the block before it, [R, C, h, w]; with `dropout`, where there is one. */
  dropout: `dropout_${layer}`,
})

export const mapNames = (layer: number) => ({
  /** Effective map (1 − mix) A' + mix I, mean over heads: [R, N, N]. Its rows sum to 1 where nothing changes it after the softmax. */
  map: `map_${layer}`,
  /** Attention that each token receives under each head: [R, heads, N], sums of the effective map over its queries. */
  received: `received_${layer}`,
})
