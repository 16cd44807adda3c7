/**
 * SIMS: the negative is the network tuned on its own samples, whose faults it therefore has twice. Alemohammad et al.,
 * "Self-improving diffusion models with synthetic data", 2024 (arXiv 2408.16333). Neon folds the same push into the
 * weights: θ = (1 + w) θ − w θ_tuned (Alemohammad et al., arXiv 2510.03597), one evaluation.
 */
import { networkKey, type ModelInfo } from '../../model/types'
import { needsNull, networkById } from '../networks'
import { choiceParameter, textParameter } from '../parameters'
import type { NegativeMethod } from '../types'

const copies = ({ networks }: ModelInfo) => networks.filter(({ role }) => role === 'sims')

/** Id of the copy of the middle budget; '' where there is none. */
const middleCopy = (model: ModelInfo) => {
  const tuned = copies(model)
  return tuned[Math.floor((tuned.length - 1) / 2)]?.id ?? ''
}

/** Id of the network that a copy was made of. */
const originalOf = (copy: string, model: ModelInfo) => networkById(copy, model)?.tunedFrom ?? model.networks[0]!.id

const FORMS = ['sims', 'neon'] as const

export const sims: NegativeMethod = {
  kind: 'negative',
  id: 'sims',
  name: 'SIMS',
  title: 'Self-improvement with synthetic data',
  family: 'article',
  order: 80,
  brief: 'a copy trained on its own samples',
  sentence: 'is the network after training on its own samples, which deepened its faults.',
  formula: ({ form }) =>
    form === 'neon'
      ? String.raw`D = D_{(1+s)\,\theta - s\,\theta_{\mathrm{syn}}}(x;\sigma,y)`
      : String.raw`D^{-} = D_{\theta_{\mathrm{syn}}}(x;\sigma,y)`,
  source: { text: 'Alemohammad et al. 2024, arXiv 2408.16333', url: 'https://arxiv.org/abs/2408.16333' },
  needs: 'A copy of the network tuned on images that it made itself.',
  breaks:
    'The longer the copy was tuned, the smaller the best scale; beyond it images get worse quickly. Neon’s weights leave the region where they mean anything sooner still.',
  cost: '+1 (Neon: +0)',
  scale: { default: 4, max: 8 },
  parameters: [
    {
      kind: 'network',
      key: 'budget',
      label: 'Copy',
      help: 'The copy that was tuned on synthetic images, by how long.',
      default: middleCopy,
      among: ({ role }) => role === 'sims',
    },
    {
      kind: 'choice',
      key: 'form',
      label: 'Push',
      help: 'Whether predictions are pushed apart, or the weights themselves.',
      default: 'sims',
      choices: [
        { value: 'sims', label: 'Predictions', help: 'SIMS: both networks predict at every step.' },
        {
          value: 'neon',
          label: 'Weights',
          help: 'Neon: one network whose weights were pushed away from the tuned copy’s. Costs nothing.',
        },
      ],
    },
  ],
  defaults: (model) => ({ network: originalOf(middleCopy(model), model) }),
  pair: { dimension: null, why: 'The copy is a network of the family, which Another network offers already.' },
  folds: ({ form }) =>
    form === 'neon' ? 'Neon pushes weights, so there are no two predictions to combine. Set form to sims.' : null,
  layers: null,
  unavailable: (model) =>
    copies(model).length > 0
      ? null
      : 'This model comes with no copy tuned on its own samples. Use autoguidance, or PAG or SEG, which need no second network.',
  refuses(settings, model) {
    const budget = textParameter(settings, 'budget')
    if (settings.class === null) return needsNull(budget, model, 'network')
    if (settings.parameters.form !== 'neon') return null
    const original = originalOf(budget, model)
    if (settings.network !== original)
      return `Neon pushes the weights that the copy was tuned from, which are not those of ${settings.network}. Set network to ${original}, or form to sims.`
    if (settings.ema !== null)
      return 'Neon pushes the weights as shipped, not another average. Set ema to stored, or form to sims.'
    return null
  },
  negative({ settings, positive }) {
    const network = { id: textParameter(settings, 'budget') }
    return networkKey(network) === networkKey(positive.network) ? null : { ...positive, network }
  },
  folded({ settings, positive }) {
    if (choiceParameter(settings, 'form', FORMS) === 'sims') return null
    return {
      ...positive,
      network: { ...positive.network, neon: { against: textParameter(settings, 'budget'), w: settings.scale } },
    }
  },
}
