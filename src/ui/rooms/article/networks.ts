/** The networks of a family as the article's figures ask for them. Pure. */
import { unconditionalNetwork } from '../../../guidance/networks'
import type { ModelInfo, NetworkInfo } from '../../../model/types'
import { early, images, ofRole } from '../../ablations/family'
import type { Asked } from './evidence'
import type { Named } from './section'

export { images, ofRole }

/** Autoguidance by one of the family's networks. */
export const weakNamed = (network: NetworkInfo, label: string): Named => ({
  label,
  asked: () => ({ method: 'autoguidance', weak: network.id }),
})

/** The snapshots of the main network, the least trained first. */
export const snapshots = (model: ModelInfo): readonly NetworkInfo[] => ofRole(model, 'snapshot')

export const smaller = (model: ModelInfo): NetworkInfo | undefined =>
  ofRole(model, 'small').find((network) => !early(network, model))

export const smallerAndEarlier = (model: ModelInfo): NetworkInfo | undefined =>
  ofRole(model, 'small').find((network) => early(network, model))

/** By a network that is chosen once the family is known. */
export const byWeak = (label: string, of: (model: ModelInfo) => NetworkInfo | undefined): Named => ({
  label,
  asked(model) {
    const weak = of(model)
    return weak ? { method: 'autoguidance', weak: weak.id } : null
  },
})

/** On the network that was trained with classes left out. */
export const onDropout = (label: string, asked: (model: ModelInfo) => Asked | null): Named => ({
  label,
  asked(model) {
    const [network, wanted] = [unconditionalNetwork(model), asked(model)]
    return network && wanted ? { ...wanted, network: network.id } : null
  },
})
