/** Heun's method on the probability-flow ODE: Karras et al. 2022 (arXiv 2206.00364), algorithm 2; without churn, algorithm 1. */
import { churned, churnParameters } from '../churn'
import type { Solver } from '../solver'

export const heun: Solver = {
  id: 'heun',
  name: 'Heun',
  title: 'Heun’s method',
  help: 'Two evaluations a step, second order.',
  source: { text: 'Karras et al. 2022, arXiv 2206.00364', url: 'https://arxiv.org/abs/2206.00364' },
  place: 1,
  order: 2,
  evaluations: 2,
  linearStep: false,
  parameters: churnParameters,
  *step(x, context) {
    const { sigmaNext } = context
    const { x: xHat, sigma: sigmaHat } = churned(x, context)
    const denoised = yield { x: xHat, sigma: sigmaHat }
    const euler = xHat.map((value, i) => denoised[i]! + (sigmaNext / sigmaHat) * (value - denoised[i]!))
    if (sigmaNext === 0) return euler
    const denoisedNext = yield { x: euler, sigma: sigmaNext }
    return xHat.map((value, i) => {
      const slope = (value - denoised[i]!) / sigmaHat
      const slopeNext = (euler[i]! - denoisedNext[i]!) / sigmaNext
      return value + (sigmaNext - sigmaHat) * 0.5 * (slope + slopeNext)
    })
  },
}
