/** What the trajectories of an image ask at one step. Drawn once a step: a solver's later evaluations see the same negatives. */
import type { Negative } from '../guidance/pair'
import type { Prediction } from '../guidance/prediction'
import type { ModelInfo } from '../model/types'
import type { Settings } from '../settings/types'

/** Does guidance act at this noise level? Where low < σ ≤ high. */
export function inWindow(sigma: number, [low, high]: Settings['window']): boolean {
  return low < sigma && sigma <= high
}

export interface PlannedTerm extends Negative {
  /** Null where the negative equals the positive. */
  readonly prediction: Prediction | null
  /** Whether predictions are pushed apart at all: s is not 0, and no weights are folded. */
  readonly pushes: boolean
  /** Whether the term's window contains the step. */
  readonly inWindow: boolean
}

export interface Plan {
  readonly positive: Prediction
  /** What the negative alone is asked. */
  readonly negative: Prediction
  /** What D⁺ at the guided x is asked: the positive, or the weights that it was folded with. */
  readonly base: Prediction
  readonly terms: readonly PlannedTerm[]
}

interface Moment {
  readonly model: ModelInfo
  readonly sample: number
  readonly step: number
  readonly sigma: number
  readonly sigmaNext: number
}

/** `plain`: what the positive is asked unless the first method has a say. */
export function planOf(negatives: readonly Negative[], plain: Prediction, moment: Moment): Plan {
  const [first] = negatives
  const positive = first?.method.positive?.({ ...moment, settings: first.settings, positive: plain }) ?? plain
  let base = positive
  const terms = negatives.map((term): PlannedTerm => {
    const context = { ...moment, settings: term.settings, positive }
    const inside = inWindow(moment.sigma, term.settings.window)
    const wanted = term.settings.scale !== 0
    // What one term pushes inside the network, the next one pushes on.
    const folded = wanted && inside ? (term.method.folded?.({ ...context, positive: base }) ?? null) : null
    base = folded ?? base
    return { ...term, prediction: term.method.negative(context), pushes: wanted && !folded, inWindow: inside }
  })
  return { positive, negative: terms[0]?.prediction ?? positive, base, terms }
}

/** Whether the term's negative is evaluated at the guided x; one made of history is known without. */
export function evaluates(term: PlannedTerm): boolean {
  return term.pushes && term.inWindow && term.prediction !== null && term.prediction.input.kind !== 'history'
}

/** Whether the guided D is a sum of what whole images of x give, whatever the numbers are. */
export function isSum({ positive, base, terms }: Plan): boolean {
  const whole = (prediction: Prediction | null) => prediction === null || prediction.input.kind === 'x'
  return [positive, base].every(whole) && terms.every(({ prediction, combiner }) => !combiner && whole(prediction))
}
