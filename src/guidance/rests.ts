/** What a prediction rests on: what has to be predicted at the same x before it can be made. */
import type { Prediction } from './prediction'

const wholes = new WeakMap<Prediction, Prediction>()

/** The same prediction of x as it is; equal questions give the same object. */
export function wholeOf(prediction: Prediction): Prediction {
  if (prediction.input.kind === 'x') return prediction
  const whole = wholes.get(prediction) ?? { ...prediction, input: { kind: 'x' } }
  wholes.set(prediction, whole)
  return whole
}

/**
 * The prediction that this one falls back on or is made of, null where there is none; `positive` is what the positive
 * is asked.
 */
export function restsOn(prediction: Prediction, positive: Prediction): Prediction | null {
  const { input } = prediction
  switch (input.kind) {
    case 'x':
    case 'history':
      return null
    case 'windows':
      // Where crops don't overlap, a negative is the positive; the positive itself is that of the whole image.
      if (!input.overlapOnly) return null
      return prediction === positive ? wholeOf(positive) : positive
    case 'degraded':
      return positive
    default:
      return input satisfies never
  }
}
