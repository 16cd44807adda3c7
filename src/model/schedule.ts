/** How a network is given x and told the noise level: the contract of the files in `schedules/`. */
import type { KindValues, KindWords, Spacing } from './description'

/** A schedule with its parameters. All in the units in which the network was trained. */
export interface Schedule {
  /** The factor on x = data + σ · noise that the network gets. */
  scale(sigma: number): number
  /** The number that the network is told for a noise level. */
  told(sigma: number): number
  /** The noise level at a time that `told` counts in: its inverse, exact at whole training steps. */
  sigma(time: number): number
  /** Noise levels of training, the highest that can be computed with where training had no highest. */
  readonly range: { readonly min: number; readonly max: number }
  /** Times as the default way of sampling spaces them evenly, where that is not the time itself; and back. */
  readonly even?: { from(time: number): number; to(even: number): number }
}

export interface ScheduleKind extends KindWords {
  /** How its authors space the noise levels of sampling. */
  readonly spacing: Spacing
  /** Throws RangeError for parameters that make no schedule together. */
  of(parameters: KindValues): Schedule
}
