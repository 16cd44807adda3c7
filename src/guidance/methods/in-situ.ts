/**
 * In-situ autoguidance: the negative is the same network with dropout switched on, as if it were still in training. Gu
 * and Hou, "In-situ autoguidance: eliciting self-correction in diffusion models", 2025 (arXiv 2510.17136), section 3.
 * Dropout is where EDM's networks have it: on what enters the last convolution of a residual block.
 */
import { randomWord, streamOf } from '../../core/random'
import { layersLack, needsLayers, perturbLayers } from '../layers'
import { numberParameter } from '../parameters'
import type { NegativeMethod } from '../types'

const STREAM = streamOf('in-situ')

export const inSitu: NegativeMethod = {
  kind: 'negative',
  id: 'in-situ',
  name: 'In-situ',
  title: 'In-situ autoguidance',
  family: 'beyond',
  order: 127,
  brief: 'dropout switched on',
  sentence: 'is the same network with dropout switched on in the blocks of the chosen layers, drawn anew at each step.',
  formula: ({ dropout }) =>
    String.raw`D^{-}:\quad h \;\to\; \frac{m \odot h}{1-p},\quad m_i \sim \mathrm{Bernoulli}(1-p),\quad p = ${String(dropout ?? 'p')}`,
  source: { text: 'Gu and Hou 2025, arXiv 2510.17136', url: 'https://arxiv.org/abs/2510.17136' },
  needs:
    'Residual blocks that end in a convolution. No class, no second network. Networks that were trained without dropout, as this project’s are, do not know such noise.',
  breaks: 'Each step draws other noise, so a high rate or scale adds grain instead of taking it away.',
  cost: '+1',
  // Looked at on avatars: at 5 grain covers the image.
  scale: { default: 2, max: 6 },
  parameters: [
    {
      kind: 'number',
      key: 'dropout',
      label: 'Dropout p',
      help: 'The chance that a value inside the blocks is set to zero; the others grow by as much.',
      default: 0.1,
      min: 0,
      max: 0.9,
      step: 0.05,
      slider: 'linear',
    },
  ],
  pair: { dimension: 'perturbation', positive: () => null },
  layers: { default: () => 'all' },
  unavailable: needsLayers,
  refuses: (settings, model) => layersLack('dropout', settings, model),
  negative(context) {
    const { settings, sample, step } = context
    const rate = numberParameter(settings, 'dropout')
    if (rate === 0) return null
    return perturbLayers(context, ({ index }) => ({
      dropout: { rate, seed: randomWord(settings.seed, sample, STREAM, step, index) },
    }))
  },
}
