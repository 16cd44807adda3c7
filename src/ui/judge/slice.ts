/** What the judge has said: of the three pictures, and of many images drawn in the background. */
import type { Metrics } from '../../evaluation/metrics'
import type { Settings } from '../../settings/types'
import type { Run } from '../run/run'

export type JudgeState =
  | { readonly kind: 'closed' }
  | { readonly kind: 'fetching'; readonly loaded: number; readonly total: number }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'open' }

/** Index of the class that the judge sees in each picture of a sample. */
export interface Verdict {
  readonly positive: number
  readonly negative: number | null
  readonly guided: number
}

export interface Verdicts {
  /** The pictures that they are of. */
  readonly final: Run['final']
  readonly samples: readonly Verdict[]
}

/** How far each picture of a sample is from real drawings, in the judge's features: below 1 it is among them. */
export interface Distances {
  readonly positive: number | null
  readonly negative: number | null
  readonly guided: number
}

export interface Evaluation {
  /** What is drawn; class and seed are those of the first image. */
  readonly settings: Settings
  readonly wanted: number
  readonly done: number
  readonly state: 'drawing' | 'measuring' | 'done' | 'stopped' | 'failed'
  /** Why it failed. */
  readonly message: string | null
  /** Time that the images to come will take, as far as is known. */
  readonly millisecondsLeft: number | null
  /** Of the images so far: the positive's own, and the guided ones. */
  readonly metrics: { readonly positive: Metrics; readonly guided: Metrics } | null
}

export interface JudgeSlice {
  readonly state: JudgeState
  /** What it sees in the pictures of the last full run. */
  readonly verdicts: Verdicts | null
  /** Of the same pictures, a moment later. */
  readonly distances: { readonly final: Run['final']; readonly samples: readonly Distances[] } | null
  readonly evaluation: Evaluation | null
}

export const judgeSlice: JudgeSlice = { state: { kind: 'closed' }, verdicts: null, distances: null, evaluation: null }
