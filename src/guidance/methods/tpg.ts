/**
 * Token Perturbation Guidance: the negative hands tokens each other's results. Rajabi et al., "Token perturbation
 * guidance for diffusion models", NeurIPS 2025 (arXiv 2506.10036). The paper shuffles the tokens that enter a
 * transformer block; here the tokens that leave an attention layer's branch are shuffled, since the network's layers
 * are attention alone and its residual keeps every token in place, as the paper's outer residual does.
 */
import { STREAM, randomWord } from '../../core/random'
import { layersLack, layersOf, needsLayers, perturbLayers } from '../layers'
import { numberParameter } from '../parameters'
import type { NegativeMethod } from '../types'

export const tpg: NegativeMethod = {
  kind: 'negative',
  id: 'tpg',
  name: 'TPG',
  title: 'Token perturbation guidance',
  family: 'beyond',
  order: 130,
  brief: 'tokens shuffled',
  sentence:
    'is the same network with the tokens of the chosen layers shuffled, so that it knows what is there but not where.',
  formula: () =>
    String.raw`D^{-}:\quad \mathrm{attn}(h) \;\to\; P\,\mathrm{attn}(h),\quad P\ \text{a random permutation}`,
  source: { text: 'Rajabi et al. 2025, arXiv 2506.10036', url: 'https://arxiv.org/abs/2506.10036' },
  needs: 'Self-attention. No class, no second network.',
  breaks: 'Every step draws another shuffle, so a high scale adds grain.',
  cost: '+1',
  scale: { default: 0.4, max: 5 },
  parameters: [
    {
      kind: 'number',
      key: 'share',
      label: 'Shuffled share',
      help: 'How many of the tokens change places: 1 is all of them.',
      default: 1,
      min: 0,
      max: 1,
      step: 0.05,
      slider: 'linear',
    },
  ],
  pair: { dimension: 'perturbation', positive: () => null },
  layers: { default: layersOf('encoder') },
  unavailable: needsLayers,
  refuses: (settings, model) => layersLack('order', settings, model),
  negative(context) {
    const { settings, sample, step } = context
    const share = numberParameter(settings, 'share')
    return perturbLayers(context, ({ index, height, width }) =>
      // One token has nobody to change places with.
      Math.round(share * height * width) < 2
        ? null
        : { shuffle: { share, seed: randomWord(settings.seed, sample, STREAM.shuffle, step, index) } },
    )
  },
}
