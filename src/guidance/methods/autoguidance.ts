/**
 * Autoguidance: the negative is a worse version of the network itself: less trained, smaller, of another average, or
 * all of these. Karras et al., "Guiding a diffusion model with a bad version of itself", NeurIPS 2024 (arXiv
 * 2406.02507), eq. 3.
 */
import { networkKey, type ModelInfo, type NetworkRole } from '../../model/types'
import type { Settings } from '../../settings/types'
import { needsAverages, needsClassless, needsNull, networkById, networkOfClass, networkRef } from '../networks'
import { emaParameter, textParameter } from '../parameters'
import type { NegativeMethod } from '../types'

/**
 * The paper's best: both smaller and trained a sixteenth as long; where the family has none, the least trained of its
 * kind. Without a class both sides must know images without one.
 */
function defaultWeak(model: ModelInfo, label: number | null = 0): string {
  const { networks } = model
  const able = label === null ? networks.filter(({ labelDropout }) => labelDropout) : networks
  const positive = networkOfClass(label, model)
  const least = (role: NetworkRole) =>
    able.filter((network) => network !== positive && network.role === role).sort((a, b) => a.samples - b.samples)[0]
  // Without a class it is worse in the same way if it saw as few classes as the positive.
  const blind = label === null ? [...(positive ? [least(positive.role)] : []), least('dropout')] : []
  const [small, snapshot] = [least('small'), least('snapshot')]
  const young = [small, snapshot, ...blind].find((network) => network && positive && network.samples < positive.samples)
  return (young ?? small ?? networks.find(({ role }) => role === 'second'))?.id ?? ''
}

const weakRef = (settings: Settings, model: ModelInfo) =>
  networkRef(textParameter(settings, 'weak'), emaParameter(settings, 'weakEma'), model)

export const autoguidance: NegativeMethod = {
  kind: 'negative',
  id: 'autoguidance',
  name: 'Autoguidance',
  title: 'Autoguidance',
  family: 'article',
  order: 50,
  brief: 'a network trained less, or smaller',
  sentence: 'is a worse version of the network, asked for the same class: trained for less time, smaller, or both.',
  formula: () => String.raw`D^{-} = D_{\mathrm{weak}}(x;\sigma,y)`,
  source: { text: 'Karras et al. 2024, arXiv 2406.02507', url: 'https://arxiv.org/abs/2406.02507' },
  needs: 'A second network that is worse in the same way.',
  breaks:
    'Where the second network is worse in another way, or hardly worse, its difference points nowhere in particular.',
  cost: '+1 of the weak network',
  scale: { default: 1, max: 4 },
  parameters: [
    {
      kind: 'network',
      key: 'weak',
      label: 'Weak network',
      help: 'The negative’s network: an earlier snapshot, a smaller network, or any other of the family.',
      default: defaultWeak,
      among: () => true,
    },
    {
      kind: 'ema',
      key: 'weakEma',
      label: 'Average of the weak network',
      help: 'Length of its weight average, relative to its training: longer is smoother and further behind.',
      of: 'weak',
      default: 'stored',
    },
  ],
  pair: {
    dimension: 'network',
    choice: { value: 'other', label: 'Another', help: 'Any network of the family, as in autoguidance.' },
    network: 'weak',
    refuses(settings, model) {
      const weak = textParameter(settings, 'weak')
      if (!networkById(weak, model))
        return 'There is no other network. Set weak to one of the model’s networks, or negativeNetwork to same.'
      return needsAverages(weak, emaParameter(settings, 'weakEma'), model, 'weakEma')
    },
  },
  layers: null,
  unavailable: (model) =>
    defaultWeak(model)
      ? null
      : `This model comes with no worse network to guide by. Use PAG or SEG, which make one of the same weights${model.brought ? ', or add one in Explore → Open a model' : ''}.`,
  refuses(settings, model) {
    const weak = networkById(textParameter(settings, 'weak'), model)
    if (!weak) return 'Autoguidance needs a weak network. Set weak to one of the model’s networks.'
    if (networkKey(weakRef(settings, model)) === networkKey(networkRef(settings.network, settings.ema, model))) {
      return `The weak network is the positive’s own (${weak.id}), so nothing would push. Set weak or weakEma to something else.`
    }
    return (
      needsAverages(weak.id, emaParameter(settings, 'weakEma'), model, 'weakEma') ??
      (settings.class === null
        ? needsNull(weak.id, model, 'weak')
        : needsClassless(weak.id, model, 'weak', defaultWeak(model)))
    )
  },
  negative({ settings, model, positive }) {
    const network = weakRef(settings, model)
    return networkKey(network) === networkKey(positive.network) ? null : { ...positive, network }
  },
}
