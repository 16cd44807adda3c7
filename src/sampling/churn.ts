/**
 * Churn: fresh noise before a step, which forgets errors of earlier steps. Karras et al. 2022, "Elucidating the design space of
 * diffusion-based generative models" (arXiv 2206.00364), algorithm 2, lines 4 to 6. Off (S_churn = 0) it leaves x as it is.
 */
import type { Evaluation, SolverParameter, StepContext } from './solver'

export const churnParameters: readonly SolverParameter[] = [
  {
    kind: 'number',
    key: 'churn',
    label: 'Churn S',
    help: 'Fresh noise before each step, divided among the steps: 0 is none; the more, the more steps it takes.',
    default: 0,
    min: 0,
    max: 100,
    step: 1,
    slider: 'linear',
  },
  {
    kind: 'number',
    key: 'churnFrom',
    label: 'Churn from σ',
    help: 'The lowest noise level at which fresh noise is added.',
    default: 0,
    min: 0,
    max: Infinity,
    step: 0.01,
    slider: { kind: 'log2', from: -8, to: 7 },
    with: 'churn',
  },
  {
    kind: 'number',
    key: 'churnTo',
    label: 'Churn to σ',
    help: 'The highest noise level at which fresh noise is added.',
    default: Infinity,
    min: 0,
    max: Infinity,
    step: 0.01,
    slider: { kind: 'log2', from: -8, to: 7 },
    with: 'churn',
  },
  {
    kind: 'number',
    key: 'churnNoise',
    label: 'Churn’s noise',
    help: 'Standard deviation of the fresh noise: slightly above 1 makes up for detail that the network loses.',
    default: 1,
    min: 0.9,
    max: 1.1,
    step: 0.001,
    slider: 'linear',
    with: 'churn',
  },
]

/** x̂ and its noise level t̂ (σ̂). */
export function churned(x: Float32Array, { sigma, steps, noise, parameters }: StepContext): Evaluation {
  const { churn = 0, churnFrom = 0, churnTo = Infinity, churnNoise = 1 } = parameters
  const gamma = churnFrom <= sigma && sigma <= churnTo ? Math.min(churn / steps, Math.SQRT2 - 1) : 0
  if (gamma === 0) return { x, sigma }
  const sigmaHat = sigma + gamma * sigma
  const added = churnNoise * Math.sqrt(sigmaHat * sigmaHat - sigma * sigma)
  const fresh = noise()
  return { x: x.map((value, i) => value + added * fresh[i]!), sigma: sigmaHat }
}
