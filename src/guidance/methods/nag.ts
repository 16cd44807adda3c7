/**
 * Normalized attention guidance: the push happens inside the attention layers, and its length is limited there. Chen et
 * al., "Normalized attention guidance: universal negative guidance for diffusion models", NeurIPS 2025 (arXiv
 * 2505.21179), algorithm 1, with the L1 norm of a token's result over all heads.
 *
 * The paper's negative is what cross-attention gives for a negative prompt. These networks have self-attention alone
 * and read no text, so here it is what the layer gives when each token sees only itself, V, as in PAG; it costs no
 * evaluation.
 */
import { layersLack, needsLayers, perturbLayers } from '../layers'
import { numberParameter } from '../parameters'
import type { NegativeMethod } from '../types'

export const nag: NegativeMethod = {
  kind: 'negative',
  id: 'nag',
  name: 'NAG',
  title: 'Normalized attention guidance',
  family: 'beyond',
  order: 170,
  brief: 'tokens that see only themselves',
  sentence:
    'is not evaluated: in the chosen layers each token’s result is pushed away from what it would be if the token saw only itself.',
  formula: ({ featureLimit, featureBlend }) => {
    const [limit, blend] = [featureLimit ?? String.raw`\tau`, featureBlend ?? String.raw`\alpha`].map(String)
    return String.raw`D:\quad Z \;\to\; ${blend}\,\tilde Z\,\min\!\left(1,\ ${limit}\,\tfrac{\lVert Z\rVert_1}{\lVert\tilde Z\rVert_1}\right) + (1 - ${blend})\,Z,\quad \tilde Z = Z + s\,(Z - V)`
  },
  source: { text: 'Chen et al. 2025, arXiv 2505.21179', url: 'https://arxiv.org/abs/2505.21179' },
  needs:
    'Self-attention. No class, no second network. In the paper the negative is a prompt that cross-attention reads, which these networks have not.',
  breaks:
    'What one layer exaggerates the next ones have never seen: beyond a small scale or limit the image falls apart.',
  cost: '+0',
  // Looked at on avatars: at 3 grain covers the image.
  scale: { default: 0.5, max: 8 },
  oneWay: 'limits and blends what it pushes, so that a scale below 0 does not lead to a negative',
  parameters: [
    {
      kind: 'number',
      key: 'featureLimit',
      label: 'Limit τ',
      help: 'How many times as long as before a token’s result may become (sum of its absolute values).',
      default: 2.5,
      min: 0.5,
      max: 10,
      step: 0.1,
      slider: 'linear',
    },
    {
      kind: 'number',
      key: 'featureBlend',
      label: 'Blend α',
      help: 'How much of the pushed result is taken; the rest stays as it was.',
      default: 0.5,
      min: 0,
      max: 1,
      step: 0.05,
      slider: 'linear',
    },
  ],
  pair: { dimension: null, why: 'It pushes inside the network, so that it makes no prediction to pair.' },
  folds: () =>
    'NAG pushes inside the attention layers, so there are no two predictions to combine. Set negative to another method, such as pag.',
  layers: { default: () => 'all' },
  unavailable: needsLayers,
  refuses: (settings, model) => layersLack('values', settings, model),
  negative: (context) => perturbLayers(context, () => ({ mix: 1 })),
  folded(context) {
    const [limit, blend] = [
      numberParameter(context.settings, 'featureLimit'),
      numberParameter(context.settings, 'featureBlend'),
    ]
    const extrapolate = { scale: context.settings.scale, limit, blend }
    // Where nothing is pushed D is the positive's own, and not pushed from the negative's.
    return (blend === 0 ? null : perturbLayers(context, () => ({ extrapolate }))) ?? context.positive
  },
}
