/** Euler's method on the probability-flow ODE dx/dσ = (x − D)/σ: Karras et al. 2022 (arXiv 2206.00364), algorithm 2, lines 4 to 8. */
import { toward } from '../../core/vector'
import { churned, churnParameters } from '../churn'
import type { Solver } from '../solver'

export const euler: Solver = {
  id: 'euler',
  name: 'Euler',
  title: 'Euler’s method',
  help: 'One evaluation a step, first order.',
  source: { text: 'Karras et al. 2022, arXiv 2206.00364', url: 'https://arxiv.org/abs/2206.00364' },
  place: 0,
  order: 1,
  evaluations: 1,
  linearStep: true,
  parameters: churnParameters,
  *step(x, context) {
    const { sigmaNext } = context
    const { x: xHat, sigma: sigmaHat } = churned(x, context)
    const denoised = yield { x: xHat, sigma: sigmaHat }
    // x̂ + (σ' − σ̂) (x̂ − D)/σ̂, written so that σ' = 0 gives D.
    return toward(denoised, xHat, sigmaNext / sigmaHat)
  },
}
