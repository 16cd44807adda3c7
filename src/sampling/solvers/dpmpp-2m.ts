/**
 * DPM-Solver++(2M): a multistep solver of second order that takes the step before this one into account.
 * Lu et al. 2022, "DPM-Solver++" (arXiv 2211.01095), algorithm 2, with α = 1 and λ = −ln σ.
 */
import { deterministicLog } from '../../core/random'
import type { Solver } from '../solver'

export const dpmpp2m: Solver = {
  id: 'dpmpp-2m',
  name: 'DPM++ 2M',
  title: 'DPM-Solver++(2M)',
  help: 'One evaluation a step, second order: it remembers the step before. Its last step, to σ = 0, is Euler’s.',
  source: { text: 'Lu et al. 2022, arXiv 2211.01095', url: 'https://arxiv.org/abs/2211.01095' },
  place: 2,
  order: 2,
  evaluations: 1,
  linearStep: false,
  parameters: [],
  *step(x, { sigma, sigmaNext, previous }) {
    const denoised = yield { x, sigma }
    // σ'/σ is e^(−h), so that 1 − σ'/σ is the paper's 1 − e^(−h).
    const ratio = sigmaNext / sigma
    if (!previous || sigmaNext === 0) return x.map((value, i) => ratio * value + (1 - ratio) * denoised[i]!)
    const h = deterministicLog(sigma / sigmaNext)
    const hBefore = deterministicLog(previous.sigma / sigma)
    const r = hBefore / h
    return x.map((value, i) => {
      const extrapolated = (1 + 1 / (2 * r)) * denoised[i]! - (1 / (2 * r)) * previous.denoised[i]!
      return ratio * value + (1 - ratio) * extrapolated
    })
  },
}
