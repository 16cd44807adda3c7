/**
 * Smoothed Energy Guidance: the negative blurs the queries over the token grid, which blurs the attention weights.
 * Hong, "Smoothed energy guidance: guiding diffusion models with reduced energy curvature of attention", NeurIPS 2024
 * (arXiv 2408.00760); kernel, clamp and padding as in SusungHong/SEG-SDXL.
 */
import { finestDecoderLayers, layersLack, needsLayers, perturbLayers } from '../layers'
import { numberParameter } from '../parameters'
import type { NegativeMethod } from '../types'

export const seg: NegativeMethod = {
  kind: 'negative',
  id: 'seg',
  name: 'SEG',
  title: 'Smoothed energy guidance',
  family: 'article',
  order: 40,
  brief: 'attention’s queries blurred',
  sentence:
    'is the same network with the queries of the chosen layers blurred over the image, so that neighbouring tokens ask for the same things.',
  formula: ({ sigma }) =>
    sigma === Infinity
      ? String.raw`D^{-}:\quad Q \;\to\; \bar Q`
      : String.raw`D^{-}:\quad Q \;\to\; G_{${String(sigma ?? String.raw`\sigma`)}} * Q`,
  source: { text: 'Hong 2024, arXiv 2408.00760', url: 'https://arxiv.org/abs/2408.00760' },
  needs: 'Self-attention. No class, no second network.',
  breaks: 'In few layers a wide blur takes contrast and composition along; narrow the blur or choose finer layers.',
  cost: '+1',
  scale: { default: 0.75, max: 6 },
  parameters: [
    {
      kind: 'number',
      key: 'sigma',
      label: 'Query blur σ',
      help: 'Width of the Gaussian blur in tokens. Off leaves the attention alone; ∞ gives every token the same query, which no finite σ reaches: its kernel has at most side + 1 taps, as the authors’.',
      // The paper's ∞ overshoots in a network of so few layers: it changes contrast before it repairs anything.
      default: 1,
      min: 0,
      max: Infinity,
      step: 0.25,
      slider: { kind: 'log2', from: -2, to: 6 },
      unit: 'tokens',
    },
  ],
  pair: { dimension: 'perturbation', positive: () => null },
  layers: { default: finestDecoderLayers },
  unavailable: needsLayers,
  refuses: (settings, model) => layersLack('grid', settings, model),
  negative(context) {
    const querySigma = numberParameter(context.settings, 'sigma')
    return querySigma === 0 ? null : perturbLayers(context, () => ({ querySigma }))
  },
}
