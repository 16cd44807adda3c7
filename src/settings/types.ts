/** Everything that determines the images, in one value. Written to and read from links and preset files by `codec.ts`. */

export type Solver = 'euler' | 'heun'

/** A value of a method's own parameter, as described by the method's metadata. */
export type ParameterValue = number | string | boolean

/** One negative: what it is, how hard to push away from it, and when. */
export interface Term {
  /** Guidance method id, see `src/guidance`. */
  readonly method: string
  /** Guidance scale s in D_pos + s (D_pos − D_neg); w = s + 1. */
  readonly scale: number
  /** Perturbed self-attention layers: all, or indices in graph order, ascending. */
  readonly layers: 'all' | readonly number[]
  /** Guidance acts where low < σ ≤ high (high may be Infinity). */
  readonly window: readonly [low: number, high: number]
  /** The method's own parameters, complete: every one that `parametersOf` lists, no other. */
  readonly parameters: Readonly<Record<string, ParameterValue>>
}

/** The first term is part of the settings themselves; `stack` holds those added to it. */
export interface Settings extends Term {
  /** Model id: the folder under `models/`. */
  readonly model: string
  /** The positive's network: an id of the model's family. */
  readonly network: string
  /** Length of the positive's weight average, σ_rel; null: the weights as shipped. */
  readonly ema: number | null
  /** Class index; null asks for any image, which only a network trained with label dropout can draw. */
  readonly class: number | null
  readonly seed: number
  /** How many images, 1 to 9; image i uses noise stream i of the seed. */
  readonly samples: number
  readonly steps: number
  readonly solver: Solver
  /** Rescale φ (arXiv 2305.08891): the guided prediction's deviation is pulled to the positive's; 0 is off. */
  readonly rescale: number
  /** More negatives: D_pos + Σ s_i (D_pos − D_neg,i). */
  readonly stack: readonly Term[]
}
