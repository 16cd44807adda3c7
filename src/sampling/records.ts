/** What a run reports after each step. Plain data, structured-cloneable: tensors, and the scalars that can't be derived from them. */

/** The trajectories from one noise: the positive alone, the first negative alone, and the guided one. */
export interface Trajectories<T> {
  readonly positive: T
  readonly negative: T
  readonly guided: T
}
export type Trajectory = keyof Trajectories<unknown>
/** A trajectory that is walked only where somebody looks at it; the guided one always is. */
export type Lone = Exclude<Trajectory, 'guided'>

/** One image on its way along one trajectory. Data units. */
export interface Frame {
  /** x_t where the step's first prediction was made: at its beginning, or with the noise that the solver added. */
  readonly x: Float32Array
  /** D(x_t) that the step used (guided trajectory: the guided D). */
  readonly denoised: Float32Array
}

/** One negative at the guided x_t; fields are null where it was not evaluated (s = 0, outside its window, neutral method). */
export interface TermRecord {
  /** D⁻; of SAG, whose two predictions see different inputs, D⁺ − Δ. */
  readonly predictionNegative: Float32Array | null
  /** Where the input was made worse (SAG) or guidance acts (SWG): 0 or 1 for each pixel, [h × w]; null for other methods. */
  readonly mask: Float32Array | null
}

/** The fields of a term are those of the first; `stacked` has the others. */
export interface SampleRecord extends TermRecord {
  /** Null where it was not asked for. */
  readonly positive: Frame | null
  /** Null where it was not asked for, or can't walk alone. */
  readonly negative: Frame | null
  readonly guided: Frame
  /** D⁺ at the guided x_t. */
  readonly predictionPositive: Float32Array
  readonly stacked: readonly TermRecord[]
}

/** One outer step, from sigma to sigmaNext. */
export interface StepRecord {
  readonly index: number
  readonly steps: number
  readonly sigma: number
  readonly sigmaNext: number
  /** Noise level of the frames: `sigma`, or above it where the solver adds noise before it predicts. */
  readonly sigmaHat: number
  /** Whether the guidance window contains this step. */
  readonly inWindow: boolean
  readonly samples: readonly SampleRecord[]
  /** Network rows evaluated for this step, all samples together. */
  readonly rows: number
}

/** The images at σ = 0. */
export interface FinalSample {
  readonly positive: Float32Array | null
  readonly negative: Float32Array | null
  readonly guided: Float32Array
}

export type SamplerEvent =
  | { readonly kind: 'step'; readonly record: StepRecord }
  | { readonly kind: 'final'; readonly samples: readonly FinalSample[] }
