/**
 * DDIM, or ancestral Euler: a step to a lower noise level than wanted, and fresh noise up to it.
 * Song, Meng and Ermon 2021, "Denoising diffusion implicit models" (arXiv 2010.02502), eq. 12 and 16, with x̄ = x/√ᾱ and
 * σ² = (1 − ᾱ)/ᾱ, where they become σ_up² = η² σ'² (σ² − σ'²)/σ².
 */
import type { Solver } from '../solver'

export const ddim: Solver = {
  id: 'ddim',
  name: 'DDIM η',
  title: 'DDIM, ancestral Euler',
  help: 'One evaluation a step, first order, with fresh noise after each: it forgets its errors and needs more steps.',
  source: { text: 'Song et al. 2021, arXiv 2010.02502', url: 'https://arxiv.org/abs/2010.02502' },
  place: 3,
  order: 1,
  evaluations: 1,
  linearStep: false,
  parameters: [
    {
      kind: 'number',
      key: 'ancestral',
      label: 'Fresh noise η',
      help: 'Share of the noise that is drawn anew at each step: 0 is DDIM and equals Euler, 1 is ancestral sampling.',
      default: 1,
      min: 0,
      max: 1,
      step: 0.05,
      slider: 'linear',
    },
  ],
  *step(x, { sigma, sigmaNext, noise, parameters: { ancestral: eta = 1 } }) {
    const denoised = yield { x, sigma }
    const ratio = sigmaNext / sigma
    const up = eta * sigmaNext * Math.sqrt(1 - ratio * ratio)
    const down = Math.sqrt(sigmaNext * sigmaNext - up * up)
    const determined = x.map((value, i) => denoised[i]! + (down / sigma) * (value - denoised[i]!))
    if (up === 0) return determined
    const fresh = noise()
    return determined.map((value, i) => value + up * fresh[i]!)
  },
}
