/**
 * Time-Step Guidance: the negative's embedding of the noise level is perturbed by noise that falls along the schedule.
 * Sadat et al., "No training, no problem: rethinking classifier-free guidance for diffusion models", ICLR 2025
 * (arXiv 2407.02687), section 5. Only the embedding is perturbed; preconditioning and solver keep σ.
 */
import { normals, STREAM } from '../../core/random'
import { adapterOf } from '../../model/adapter'
import type { ModelInfo } from '../../model/types'
import { addOffsets } from '../networks'
import { numberParameter } from '../parameters'
import type { NegativeMethod } from '../types'

/**
 * Time in [0, 1], linear in σ^(1/ρ) or in the network's own time: falls evenly from 1 to 0 along the schedule, as a timestep t/T
 * does. Exactly 0 at the end, although the schedule's σ is rounded to float32.
 */
export function scheduleTime(
  sigma: number,
  model: Pick<ModelInfo, 'sigma' | 'prediction' | 'schedule' | 'range'>,
): number {
  const { min, max, rho, spacing } = model.sigma
  const place = (value: number) => (spacing === 'time' ? adapterOf(model).timeOf(value) : value ** (1 / rho))
  const time = (place(sigma) - place(min)) / (place(max) - place(min))
  return time < 1e-6 ? 0 : Math.min(1, time)
}

export const tsg: NegativeMethod = {
  kind: 'negative',
  id: 'tsg',
  name: 'TSG',
  title: 'Time-step guidance',
  family: 'article',
  order: 70,
  brief: 'noise on what it is told of the noise level',
  sentence:
    'is the same network with noise on its embedding of the noise level, so that it is unsure how noisy its input is.',
  formula: ({ alpha }) =>
    String.raw`D^{-} = D(x;\tilde e),\quad \tilde e = e(\sigma) + s_n\,t^{${String(alpha ?? String.raw`\alpha`)}}\,n,\quad n \sim \mathcal N(0, s_e^2 I)`,
  source: { text: 'Sadat et al. 2025, arXiv 2407.02687', url: 'https://arxiv.org/abs/2407.02687' },
  needs: 'A network that is told the noise level. No class, no second network.',
  breaks: 'Sensitive to the size of the noise: too little does nothing, too much makes the negative wander at random.',
  cost: '+1',
  scale: { default: 2, max: 4 },
  parameters: [
    {
      kind: 'number',
      key: 'noiseScale',
      label: 'Noise',
      help: 'Size of the noise, in deviations of the embedding’s own entries.',
      default: 1,
      min: 0,
      max: 5,
      step: 0.05,
      slider: 'linear',
    },
    {
      kind: 'number',
      key: 'alpha',
      label: 'Fall α',
      help: 'How the noise falls along the schedule: 0 keeps it, 1 falls evenly, higher falls sooner.',
      default: 1,
      min: 0,
      max: 3,
      step: 0.1,
      slider: 'linear',
    },
  ],
  pair: { dimension: 'time', positive: () => null },
  layers: null,
  unavailable: (model) =>
    model.embedding
      ? null
      : 'This model’s graph takes no offset of its embedding, which TSG needs. Use PAG, SEG or self-guidance.',
  negative({ settings, model, positive, sample, step, sigma }) {
    if (!model.embedding) throw new Error('TSG needs a graph that takes an offset of the embedding')
    const { width, noiseDeviation } = model.embedding
    const deviation =
      numberParameter(settings, 'noiseScale') *
      scheduleTime(sigma, model) ** numberParameter(settings, 'alpha') *
      noiseDeviation
    if (deviation === 0) return null
    const offset = normals(settings.seed, sample, width, STREAM.time, step).map((value) => deviation * value)
    return { ...positive, embeddingOffset: addOffsets(positive.embeddingOffset, offset) }
  },
}
