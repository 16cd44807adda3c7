/** The networks of a family as ablations pick them, and variants that need one; those that a family lacks say why. Pure. */
import { unconditionalNetwork } from '../../guidance/networks'
import type { ModelInfo, NetworkInfo, NetworkRole } from '../../model/types'
import type { Asked, Variant } from './ablation'

/** Images in thousands or millions. */
export const images = (count: number) =>
  count < 1e6 ? `${Math.round(count / 1000)} k` : `${(count / 1e6).toPrecision(2)} M`

export const ofRole = ({ networks }: ModelInfo, role: NetworkRole) =>
  networks.filter((network) => network.role === role).sort((a, b) => a.samples - b.samples)

/** Trained for less than half as long as the main network. */
export const early = (network: NetworkInfo, { networks }: ModelInfo) =>
  network.samples < (networks[0]?.samples ?? 0) / 2

/** Autoguidance by a network of the family, or why there is none. */
export function weak(label: string, network: NetworkInfo | undefined, missing: string): Variant {
  return network ? { label, method: 'autoguidance', scale: 1, parameters: { weak: network.id } } : { label, missing }
}

/** On the network that knows images without a class, or why there is none. */
export function onDropout(
  model: ModelInfo,
  label: string,
  asked: (network: NetworkInfo) => Omit<Asked, 'network'>,
): Variant {
  const network = unconditionalNetwork(model)
  return network
    ? { label, network: network.id, ...asked(network) }
    : { label, missing: 'No network of this family knows images without a class.' }
}
