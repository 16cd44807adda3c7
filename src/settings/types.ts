/** Everything that determines the images, in one value. Written to and read from links and preset files by `codec.ts`. */

export type Solver = 'euler' | 'heun'

/** A value of a method's own parameter, as described by the method's metadata. */
export type ParameterValue = number | string | boolean

export interface Settings {
  /** Model id: the folder under `models/`. */
  readonly model: string
  /** Guidance method id, see `src/guidance`. */
  readonly method: string
  /** Guidance scale s in D_pos + s (D_pos − D_neg); w = s + 1. */
  readonly scale: number
  /** Class index. */
  readonly class: number
  readonly seed: number
  /** How many images, 1 to 9; image i uses noise stream i of the seed. */
  readonly samples: number
  readonly steps: number
  readonly solver: Solver
  /** Perturbed self-attention layers: all, or indices in graph order, ascending. */
  readonly layers: 'all' | readonly number[]
  /** Guidance acts where low < σ ≤ high (high may be Infinity). */
  readonly window: readonly [low: number, high: number]
  /** The method's own parameters, complete: every parameter of the method, no other. */
  readonly parameters: Readonly<Record<string, ParameterValue>>
}
