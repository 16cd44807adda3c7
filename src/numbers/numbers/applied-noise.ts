/** Cosine of the angle between D − D⁺ and the predicted noise (x − D⁺)/σ. */
import { cosine, subtract } from '../../core/vector'
import type { StepNumber } from '../number'

export const appliedNoise: StepNumber = {
  id: 'applied-noise',
  name: 'How what was applied lies to the noise',
  plain: 'noise kept, applied',
  short: 'cos(D − D⁺, noise)',
  symbol: String.raw`\cos(D - D^{+}, \epsilon)`,
  help: 'Below 0 what was applied takes more of the noise out, above 0 it keeps some of it in; 0 where nothing was applied.',
  place: 7,
  about: 'guided',
  axis: null,
  beside: 'noise',
  plot: 'noise',
  unit: 'cosine',
  range: [-1, 1],
  of({ sample: { predictionPositive, guided } }) {
    // A stored run may have come without x.
    if (guided.x.length !== predictionPositive.length) return null
    return cosine(subtract(guided.denoised, predictionPositive), subtract(guided.x, predictionPositive))
  },
}
