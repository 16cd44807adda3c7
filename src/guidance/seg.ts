/**
 * Smoothed Energy Guidance: the negative blurs the queries over the token grid, which blurs the attention weights.
 * Hong, "Smoothed energy guidance: guiding diffusion models with reduced energy curvature of attention", NeurIPS 2024
 * (arXiv 2408.00760); kernel, clamp and padding as in SusungHong/SEG-SDXL.
 */
import { finestDecoderLayers, numberParameter, perturbLayers } from './layers'
import type { GuidanceMethod } from './types'

export const seg: GuidanceMethod = {
  id: 'seg',
  name: 'SEG',
  title: 'Smoothed energy guidance',
  sentence: 'is the same network with the queries of the chosen layers blurred over the image, so that neighbouring tokens ask for the same things.',
  formula: () => String.raw`D^{-}:\quad Q \;\to\; G_{\sigma} * Q`,
  source: { text: 'Hong 2024, arXiv 2408.00760', url: 'https://arxiv.org/abs/2408.00760' },
  layers: { default: finestDecoderLayers },
  scale: { default: 0.75, max: 6 },
  parameters: [
    {
      kind: 'number',
      key: 'sigma',
      label: 'Query blur σ',
      help: 'Width of the Gaussian blur in tokens. Off leaves the attention alone; ∞ gives every token the same query.',
      // The paper's ∞ overshoots in a network of so few layers: it changes contrast before it repairs anything.
      default: 1,
      min: 0,
      max: Infinity,
      step: 0.25,
      slider: { kind: 'log2', from: -2, to: 6 },
      unit: 'tokens',
    },
  ],
  unavailable: (model) => (model.layers.length > 0 ? null : 'This model has no self-attention layers to blur. Choose another method.'),
  negative({ settings, model }) {
    const querySigma = numberParameter(settings, 'sigma')
    return querySigma === 0 ? null : perturbLayers(settings, model, () => ({ querySigma }))
  },
}
