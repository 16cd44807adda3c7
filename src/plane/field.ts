/** The field of D⁺ − D⁻ at one step of the way: what guidance adds at each place, times the scale. */
import { negativesOf, rowOf } from '../guidance/pair'
import { positiveOf } from '../guidance/positive'
import { planOf } from '../sampling/plan'
import { noiseLevels } from '../sampling/schedule'
import type { Settings } from '../settings/types'
import type { PlaneDenoiser } from './denoiser'

/** D⁺ − D⁻ of the first negative at the points; null where it has none there, or one that is made of the way itself. */
export function differenceAt(
  x: Float32Array,
  step: number,
  settings: Settings,
  denoiser: PlaneDenoiser,
): Float32Array | null {
  const { model } = denoiser
  const sigmas = noiseLevels(settings.steps, model)
  const [sigma = 0, sigmaNext = 0] = sigmas.slice(Math.min(step, settings.steps - 1))
  const plan = planOf(negativesOf(settings), positiveOf(settings, model), {
    model,
    sample: settings.image,
    step,
    sigma,
    sigmaNext,
  })
  const prediction = plan.terms[0]?.prediction
  if (!prediction || prediction.input.kind !== 'x') return null
  const positive = denoiser.predict(rowOf(plan.positive, x, sigma, model))
  const negative = denoiser.predict(rowOf(prediction, x, sigma, model))
  return positive.map((value, i) => value - negative[i]!)
}
