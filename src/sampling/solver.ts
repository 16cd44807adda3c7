/** What a solver is: the contract of the files in `solvers/`. */

/** A point where a solver wants D(x; σ). */
export interface Evaluation {
  readonly x: Float32Array
  readonly sigma: number
}

/** What a step starts from, beside x. */
export interface StepContext {
  /** σ at its beginning and its end; the last step ends at 0. */
  readonly sigma: number
  readonly sigmaNext: number
  /** How many steps the run has. */
  readonly steps: number
  /** Where the step before this one made its first prediction, and the prediction; null in the first step. */
  readonly previous: { readonly sigma: number; readonly denoised: Float32Array } | null
  /** Standard normals of this step, shaped as x; the same for every trajectory of an image. */
  noise(): Float32Array
  readonly parameters: Readonly<Record<string, number>>
}

/**
 * Yields where it wants a prediction and is given it; returns x at `sigmaNext`. Where it asks, and what it returns, are sums of x, predictions
 * (those remembered too) and noise, whose shares must depend on the context's other numbers only.
 */
export type SolverStep = Generator<Evaluation, Float32Array, Float32Array>

/** A number that a person may set, described as a method's is. */
export interface SolverParameter {
  readonly kind: 'number'
  /** Key in links and preset files, different from every other setting's and method parameter's. */
  readonly key: string
  readonly label: string
  /** One sentence for a person who meets the control for the first time. */
  readonly help: string
  readonly default: number
  readonly min: number
  /** May be Infinity. */
  readonly max: number
  readonly step: number
  readonly slider: 'linear' | { readonly kind: 'log2'; readonly from: number; readonly to: number }
  /** Meaningful only while this other parameter is above 0. */
  readonly with?: string
}

export interface Solver {
  /** In links and presets; never changed. */
  readonly id: string
  /** Short name, for menus. */
  readonly name: string
  readonly title: string
  /** One sentence or two: what it costs, what it gives, when to take it. */
  readonly help: string
  readonly source: { readonly text: string; readonly url: string }
  /** Place in the menu, ascending; the first is the default. */
  readonly place: number
  /** Order of convergence: the error falls as steps^(−order). Of a stochastic one, that of the distribution (weak order). */
  readonly order: number
  /** Evaluations a step, but for the last, which may have fewer. */
  readonly evaluations: number
  /** A step is x' = D + σ'/σ (x − D) from where it predicts; what is written for that step (CFG++) runs under no other. */
  readonly linearStep: boolean
  readonly parameters: readonly SolverParameter[]
  step(x: Float32Array, context: StepContext): SolverStep
}
