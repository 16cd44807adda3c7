/** What a model is, and what it means to evaluate it. No ORT, no DOM. */
import type { AttentionControl, AttentionLayer } from '../network/types'

export interface ModelClass {
  readonly name: string
  readonly artist?: string
  readonly licence?: string
  readonly url?: string
}

/** A validated model manifest (`models/<id>/manifest.json`); `src/engine/manifest.ts` is its parser. */
export interface ModelInfo {
  readonly id: string
  readonly name: string
  readonly licence: string
  readonly graph: ModelFile
  readonly weights: ModelFile
  /** Inputs and the output the engine's start-up check must reproduce; see `GoldenCase`. */
  readonly golden: ModelFile
  readonly image: { readonly channels: number; readonly height: number; readonly width: number }
  readonly preconditioning: { readonly kind: 'edm'; readonly sigmaData: number }
  /** Noise levels of the default schedule. */
  readonly sigma: { readonly min: number; readonly max: number; readonly rho: number }
  readonly conditioning: { readonly kind: 'class'; readonly labelDropout: boolean; readonly classes: readonly ModelClass[] }
  readonly layers: readonly AttentionLayer[]
  readonly parameters: number
  /** Multiply-adds times two, for one row. */
  readonly flops: number
}

export interface ModelFile {
  readonly file: string
  readonly bytes: number
  readonly sha256: string
}

/** One batch row: what the network is asked. */
export interface DenoiserRow {
  /** Noisy image x_t, [channels × height × width], planar, in data units (data in [−1, 1]). */
  readonly x: Float32Array
  /** Noise level, standard deviation in data units. */
  readonly sigma: number
  /** Weight of each class, [classes]; one-hot for a class. */
  readonly classWeights: Float32Array
  /** Per layer in graph order; null leaves all layers alone. */
  readonly attention: readonly (AttentionControl | null)[] | null
}

/** Evaluates D(x; σ, class). Rows are independent of each other and returned in order, as new arrays. */
export interface Denoiser {
  readonly model: ModelInfo
  evaluate(rows: readonly DenoiserRow[]): Promise<Float32Array[]>
}

/** Attention maps of one layer for one batch of rows: the effective map, mean over heads, [tokens × tokens], rows sum to 1. */
export interface AttentionProbe {
  attentionMaps(rows: readonly DenoiserRow[], layer: number): Promise<Float32Array[]>
}
