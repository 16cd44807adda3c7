/**
 * PLADIS: attention maps go beyond sparse ones, away from the dense ones of softmax. Kim and Sim, "PLADIS: pushing the
 * limits of attention in diffusion models at inference time by leveraging sparsity", ICCV 2025 (arXiv 2503.07677),
 * equation 15: λ · sparse + (1 − λ) · dense, with λ = s.
 *
 * The paper changes cross-attention, where a token looks at words. These networks have self-attention alone, where
 * tokens look at each other.
 */
import { layersOf, needsLayers, perturbLayers } from '../layers'
import { choiceParameter } from '../parameters'
import type { NegativeMethod } from '../types'

const MAPS = ['entmax', 'sparsemax'] as const

export const pladis: NegativeMethod = {
  kind: 'negative',
  id: 'pladis',
  name: 'PLADIS',
  title: 'Sparse attention, extrapolated',
  family: 'beyond',
  order: 180,
  brief: 'attention less sparse',
  sentence:
    'is not evaluated: in the chosen layers the maps go from softmax’s to a sparse one, in which weak links are exactly 0, and beyond it.',
  formula: ({ sparseMap }) => {
    const sparse = sparseMap === 'sparsemax' ? String.raw`\mathrm{sparsemax}` : String.raw`\mathrm{entmax}_{1.5}`
    return String.raw`D:\quad \mathrm{softmax}(z)\,V \;\to\; \left(s\,${sparse}(z) + (1-s)\,\mathrm{softmax}(z)\right)V,\quad z = \tfrac{QK^{\top}}{\sqrt d}`
  },
  source: { text: 'Kim and Sim 2025, arXiv 2503.07677', url: 'https://arxiv.org/abs/2503.07677' },
  needs:
    'Attention. No class, no second network. The paper acts on cross-attention, which these networks have not: here it acts on self-attention.',
  breaks:
    'Sharper maps are not always better ones: where attention should average over many tokens, it now picks a few.',
  cost: '+0 (its maps: half an evaluation)',
  // The paper's λ.
  scale: { default: 2, max: 6 },
  oneWay: 'pushes on from the positive to sparser maps, so that a scale below 0 does not lead to a negative',
  parameters: [
    {
      kind: 'choice',
      key: 'sparseMap',
      label: 'Sparse map',
      help: 'What stands in for softmax’s map.',
      default: 'entmax',
      choices: [
        { value: 'entmax', label: '1.5-entmax', help: 'Half way between softmax and sparsemax: the paper’s choice.' },
        { value: 'sparsemax', label: 'Sparsemax', help: 'Fewer links are left.' },
      ],
    },
  ],
  pair: { dimension: null, why: 'It pushes inside the network, so that it makes no prediction to pair.' },
  folds: () =>
    'PLADIS changes the attention maps themselves, so there are no two predictions to combine. Set negative to another method, such as pag.',
  // In every layer even half the way to a sparse map blots details out (looked at, on avatars).
  layers: { default: layersOf('middle') },
  unavailable: needsLayers,
  // What it pushes away from, the dense maps, is the positive itself.
  negative: () => null,
  folded(context) {
    const kind = choiceParameter(context.settings, 'sparseMap', MAPS)
    return perturbLayers(context, () => ({ [kind]: context.settings.scale })) ?? context.positive
  },
}
