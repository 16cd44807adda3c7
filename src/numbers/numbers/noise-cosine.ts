/** Cosine of the angle between Δ and the predicted noise (x − D⁺)/σ; σ > 0 does not change it. */
import { cosine, subtract } from '../../core/vector'
import type { StepNumber } from '../number'

export const noiseCosine: StepNumber = {
  id: 'noise',
  name: 'How the difference lies to the noise',
  plain: 'noise kept',
  short: 'cos(Δ, noise)',
  symbol: String.raw`\cos(\Delta, \epsilon)`,
  help: 'Below 0 guidance takes more of the noise out, above 0 it keeps some of it in; near 0 it hardly touches the noise.',
  place: 2,
  about: 'difference',
  axis: 'line',
  plot: 'noise',
  unit: 'cosine',
  range: [-1, 1],
  of({ sample: { guided, predictionPositive }, term: { predictionNegative } }) {
    // A stored run may have come without x.
    if (!predictionNegative || guided.x.length !== predictionPositive.length) return null
    return cosine(subtract(predictionPositive, predictionNegative), subtract(guided.x, predictionPositive))
  },
}
