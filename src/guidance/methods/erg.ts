/**
 * Entropy Rectifying Guidance: the negative's attention has another temperature, and with it another entropy. Ifriqi et
 * al., "Entropy rectifying guidance for diffusion and flow models", 2025 (arXiv 2504.13987); its part on images
 * (I-ERG).
 */
import { layersLack, needsLayers, perturbLayers } from '../layers'
import { numberParameter } from '../parameters'
import type { NegativeMethod } from '../types'

export const erg: NegativeMethod = {
  kind: 'negative',
  id: 'erg',
  name: 'ERG',
  title: 'Entropy rectifying guidance',
  family: 'beyond',
  order: 140,
  brief: 'attention flattened',
  sentence:
    'is the same network with the attention of the chosen layers flattened, so that tokens look everywhere a little.',
  formula: ({ tau }) =>
    String.raw`D^{-}:\quad \mathrm{softmax}\!\left(${String(tau ?? String.raw`\tau`)}\,\tfrac{QK^{\top}}{\sqrt d}\right)V`,
  source: { text: 'Ifriqi et al. 2025, arXiv 2504.13987', url: 'https://arxiv.org/abs/2504.13987' },
  needs: 'Self-attention. No class, no second network.',
  breaks: 'Near τ = 1 nothing pushes; at 0 every token sees the same mean, which is a strong push.',
  cost: '+1',
  scale: { default: 0.5, max: 6 },
  parameters: [
    {
      kind: 'number',
      key: 'tau',
      label: 'Factor on the logits τ',
      help: 'Multiplies the attention logits: below 1 flattens the map, 1 changes nothing, above 1 sharpens it.',
      default: 0.25,
      min: 0,
      max: 2,
      step: 0.01,
      slider: 'linear',
    },
  ],
  pair: { dimension: 'perturbation', positive: () => null },
  layers: { default: () => 'all' },
  unavailable: needsLayers,
  refuses: (settings, model) => layersLack('scores', settings, model),
  negative(context) {
    const temperature = numberParameter(context.settings, 'tau')
    return temperature === 1 ? null : perturbLayers(context, () => ({ temperature }))
  },
}
