/**
 * Classifier-free guidance: the negative is the network asked for any image, which takes training with label dropout.
 * Ho and Salimans, "Classifier-free diffusion guidance", 2022 (arXiv 2207.12598), eq. 6.
 */
import { needsNull, networkById, unconditionalNetwork } from '../networks'
import type { NegativeMethod } from '../types'

const INSTEAD =
  'ICG, which asks for a random class, or PAG, SEG or autoguidance, which need no unconditional prediction.'

export const cfg: NegativeMethod = {
  kind: 'negative',
  id: 'cfg',
  name: 'CFG',
  title: 'Classifier-free guidance',
  family: 'article',
  order: 10,
  brief: 'no class asked for',
  sentence: 'is the same network asked for any image, without a class.',
  formula: () => String.raw`D^{-} = D(x;\sigma,\varnothing)`,
  source: { text: 'Ho and Salimans 2022, arXiv 2207.12598', url: 'https://arxiv.org/abs/2207.12598' },
  peers: {
    here: 'on the network with label dropout',
    diffusers: 'guider and pipelines',
    perturbedAttention: '– (that of ComfyUI)',
    comfy: 'yes',
  },
  needs: 'A network trained with its class dropped at times, and a wanted class.',
  breaks: 'A high scale trades variety for typical, oversaturated images; it can’t help where no class is wanted.',
  cost: '+1',
  scale: { default: 1, max: 10 },
  parameters: [],
  defaults: (model) => ({ network: unconditionalNetwork(model)?.id ?? model.networks[0]!.id }),
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
  unavailable: (model) =>
    unconditionalNetwork(model)
      ? null
      : `No network of this model was trained with label dropout, so there is no unconditional prediction for CFG. Use ${INSTEAD}`,
  refuses(settings, model) {
    if (settings.class === null)
      return 'CFG pushes towards a class, and none is wanted. Choose a class, or use PAG, SEG, TSG or autoguidance.'
    const network = networkById(settings.network, model)
    if (!network || network.labelDropout) return null
    return `CFG needs a network that knows images without a class, and ${network.id} was trained without label dropout. Set network to ${unconditionalNetwork(model)?.id}. Or keep it and use ${INSTEAD}`
  },
  negative: ({ positive }) =>
    positive.condition.kind === 'null' ? null : { ...positive, condition: { kind: 'null' } },
}
