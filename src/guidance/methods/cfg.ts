/**
 * Classifier-free guidance: the negative is the network asked for any image, which takes training with label dropout; or a network
 * that was trained without classes, beside a positive that always saw one (as in Karras et al. 2024).
 * Ho and Salimans, "Classifier-free diffusion guidance", 2022 (arXiv 2207.12598), eq. 6.
 */
import type { ModelInfo } from '../../model/types'
import { dropoutNetwork, knowsClasses, needsNull, networkById, unconditionalNetwork } from '../networks'
import type { NegativeMethod } from '../types'

const INSTEAD =
  'ICG, which asks for a random class, or PAG, SEG or autoguidance, which need no unconditional prediction.'

/** The network of the negative: the positive's own where it knows images without a class, or else one that knows nothing else. */
function asksAny(id: string, model: ModelInfo): string | undefined {
  if (networkById(id, model)?.labelDropout) return id
  return model.networks.find((network) => !knowsClasses(network))?.id
}

export const cfg: NegativeMethod = {
  kind: 'negative',
  id: 'cfg',
  name: 'CFG',
  title: 'Classifier-free guidance',
  family: 'article',
  order: 10,
  brief: 'no class asked for',
  sentence: 'is the same network asked for any image, without a class, or one that was trained without classes.',
  formula: () => String.raw`D^{-} = D(x;\sigma,\varnothing)`,
  source: { text: 'Ho and Salimans 2022, arXiv 2207.12598', url: 'https://arxiv.org/abs/2207.12598' },
  needs:
    'A network trained with its class dropped at times, or a second one trained without classes; and a wanted class.',
  breaks: 'A high scale trades variety for typical, oversaturated images; it can’t help where no class is wanted.',
  cost: '+1',
  scale: { default: 1, max: 10 },
  parameters: [],
  defaults: (model) => ({ network: (dropoutNetwork(model) ?? model.networks[0]!).id }),
  pair: {
    dimension: 'condition',
    choice: { value: 'null', label: 'Any image', help: 'No class, as in CFG.' },
    refuses(settings, model, networkKey) {
      if (settings.class === null)
        return 'Without a class the positive is asked for any image already. Choose a class, or set negativeCondition to same.'
      return needsNull(settings.network, model, networkKey, 'set negativeCondition to same or random')
    },
  },
  layers: null,
  unavailable(model) {
    if (model.conditioning.classes.length === 0)
      return 'This model is asked for nothing, so there is nothing for CFG to push towards. Use PAG, SEG, TSG or autoguidance.'
    return unconditionalNetwork(model)
      ? null
      : `No network of this model was trained with label dropout, so there is no unconditional prediction for CFG. Use ${INSTEAD}`
  },
  refuses(settings, model) {
    if (settings.class === null)
      return 'CFG pushes towards a class, and none is wanted. Choose a class, or use PAG, SEG, TSG or autoguidance.'
    if (!networkById(settings.network, model) || asksAny(settings.network, model) !== undefined) return null
    return `CFG needs a network that knows images without a class, and ${settings.network} was trained without label dropout. Set network to ${dropoutNetwork(model)?.id}. Or keep it and use ${INSTEAD}`
  },
  negative({ model, positive }) {
    if (positive.condition.kind === 'null') return null
    const id = asksAny(positive.network.id, model) ?? positive.network.id
    const network = id === positive.network.id ? positive.network : { id }
    return { ...positive, network, condition: { kind: 'null' } }
  },
}
