/** Helpers for methods that choose networks of the model's family, and for what a network can be asked. */
import type { ModelInfo, NetworkInfo, NetworkRef } from '../model/types'
import type { AttentionLayer } from '../network/types'

export function networkById(id: string, model: ModelInfo): NetworkInfo | undefined {
  return model.networks.find((network) => network.id === id)
}

/** The family as a network of it is run: nothing acts inside one that came beside another. */
export function asRun(id: string, model: ModelInfo): ModelInfo {
  return networkById(id, model)?.role === 'second' ? { ...model, layers: [], embedding: null } : model
}

/** The attention layers of a network of the family, which differ from the default network's in their heads. */
export function layersOfNetwork(id: string, model: ModelInfo): readonly AttentionLayer[] {
  const heads = networkById(id, model)?.heads
  return heads ? model.layers.map((layer) => ({ ...layer, heads: heads[layer.index] ?? layer.heads })) : model.layers
}

/**
 * The weights of a network's average of the given length; null, or the length that is shipped, means those that are
 * shipped.
 */
export function networkRef(id: string, ema: number | null, model: ModelInfo): NetworkRef {
  return ema === null || ema === networkById(id, model)?.sigmaRel ? { id } : { id, sigmaRel: ema }
}

/** Whether a network can be asked for a class; one that was trained without classes draws the same for each. */
export const knowsClasses = ({ role }: NetworkInfo): boolean => role !== 'unconditional'

/** The network for images without a class: one that was trained without classes, or else with label dropout. */
export function unconditionalNetwork({ networks }: ModelInfo): NetworkInfo | undefined {
  return networks.find((network) => !knowsClasses(network)) ?? networks.find(({ labelDropout }) => labelDropout)
}

/** The first network that knows images of a class and those of none; a second one, brought to be worse, is chosen by name alone. */
export function dropoutNetwork({ networks }: ModelInfo): NetworkInfo | undefined {
  return networks.find((network) => network.labelDropout && knowsClasses(network) && network.role !== 'second')
}

/**
 * The network of a wanted class (null: of none) where nothing is said of it. Links leave it out, so that a network which was
 * trained without classes, and which a family may list later, is not taken while another one knows images of none.
 */
export function networkOfClass(label: number | null | undefined, model: ModelInfo): NetworkInfo | undefined {
  return (label === null && (dropoutNetwork(model) ?? unconditionalNetwork(model))) || model.networks[0]
}

interface Asked {
  readonly class: number | null
  readonly network: string
  readonly ema: number | null
}

/** Another class (null: none), and another network where the chosen one can't be asked for it: the best for that class. */
export function withClass(label: number | null, { network: id, ema }: Asked, model: ModelInfo): Asked {
  const network = networkById(id, model)
  if (network && (label === null ? network.labelDropout : knowsClasses(network)))
    return { class: label, network: id, ema }
  const able = label === null ? unconditionalNetwork(model) : networkOfClass(label, model)
  return { class: label, network: able?.id ?? id, ema: null }
}

/**
 * Why a network can't be asked for an image without a class, and what to do (`key`: the setting that names it); null where it
 * can. `otherwise`: what else to do where a class is wanted, too, so that another network has to know both.
 */
export function needsNull(id: string, model: ModelInfo, key: string, otherwise?: string): string | null {
  const network = networkById(id, model)
  if (!network || network.labelDropout) return null
  const able = model.networks.filter((other) => other.labelDropout && (!otherwise || knowsClasses(other)))
  const other = otherwise ?? 'choose a class'
  const remedy = able.length > 0 ? `set ${key} to ${able.map((one) => one.id).join(' or ')}, or ${other}` : other
  return `Network ${id} always saw a class in training, so it can’t be asked for an image without one: ${remedy}.`
}

/**
 * Why a network can't be asked for a class, and what to do (`key`: the setting that names it; `able`: a network to set it to);
 * null where it can.
 */
export function needsClassless(id: string, model: ModelInfo, key: string, able = model.networks[0]?.id): string | null {
  const network = networkById(id, model)
  if (!network || knowsClasses(network)) return null
  const other = able === undefined || able === id ? '' : `set ${key} to ${able}, or `
  return `Network ${id} was trained without classes, so it can’t be asked for one: ${other}set class to none.`
}

/** Why an average of this length can't be made of a network's weights, and what to do; null where it can. */
export function needsAverages(id: string, ema: number | null, model: ModelInfo, key: string): string | null {
  const network = networkById(id, model)
  if (!network || ema === null || ema === network.sigmaRel || network.averages.length > 0) return null
  return `No averages of network ${id} are stored, so it has no other length: set ${key} to stored.`
}

/**
 * Why a network can't predict crops, for which there are graphs of the default network's shape only; null where it can.
 */
export function needsCrops(id: string, model: ModelInfo, key: string): string | null {
  const [main] = model.networks
  const network = networkById(id, model)
  if (!main || !network || network.graph.sha256 === main.graph.sha256) return null
  return `Crops can be predicted by networks of ${main.id}’s shape only, and ${id} has another: set ${key} to ${main.id}.`
}

/** Adds two offsets of the embedding, of which one may be missing. */
export function addOffsets(a: Float32Array | null, b: Float32Array): Float32Array {
  return a ? a.map((value, i) => value + b[i]!) : b
}
