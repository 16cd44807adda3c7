/** Helpers for methods that act on chosen self-attention layers. */
import type { ModelInfo } from '../model/types'
import type { AttentionControl, AttentionLayer, LayerPart, Stage } from '../network/types'
import type { Term } from '../settings/types'
import { layersOfNetwork } from './networks'
import type { Prediction } from './prediction'
import type { NegativeContext } from './types'

/** Indices of the layers that the settings choose. */
export function chosenLayers({ layers }: Pick<Term, 'layers'>, model: ModelInfo): readonly number[] {
  return layers === 'all' ? model.layers.map((layer) => layer.index) : layers
}

/**
 * The positive with a control on every chosen layer, added to what is there already; null where no layer gets one.
 * `control` may leave a layer alone by null.
 */
export function perturbLayers(
  { settings, model, positive }: NegativeContext,
  control: (layer: AttentionLayer) => AttentionControl | null,
): Prediction | null {
  const chosen = new Set(chosenLayers(settings, model))
  const controls = layersOfNetwork(positive.network.id, model).map((layer) =>
    chosen.has(layer.index) ? control(layer) : null,
  )
  if (controls.every((entry) => entry === null)) return null
  return {
    ...positive,
    attention: controls.map((entry, index) => {
      const before = positive.attention?.[index] ?? null
      return before && entry ? { ...before, ...entry } : (entry ?? before)
    }),
  }
}

/** Why a method that reads or changes attention layers can't run on this model, or null. */
export function needsLayers({ layers, brought }: ModelInfo): string | null {
  if (layers.length > 0) return null
  const why = brought?.searched === false ? 'Its layers are not proved yet' : 'This model has no self-attention layers'
  return `${why}. Choose a method that needs none, such as ICG or autoguidance.`
}

const LACKS: Readonly<Record<LayerPart, string>> = {
  grid: 'can’t be blurred: how its tokens lie in the image is not known. Choose other layers, or open the network again and say how they lie.',
  scores: 'gives no way to what its softmax reads. Choose other layers.',
  values: 'gives no way to its values, only to its map. Choose another method, such as PAG.',
  attention: 'can’t be left out: no residual connection leads round it. Choose other layers.',
  block: 'has no residual block that can be left out with it. Set part to attention, or choose other layers.',
  order: 'can’t have its tokens shuffled. Choose other layers.',
  dropout: 'has no place for dropout that was proved. Choose another method, such as PAG.',
  map: 'has no map of the whole image. Choose another layer for the mask.',
}

/** Why a chosen layer can't be acted on, of a network that somebody brought, or null. */
export function layersLack(part: LayerPart, { layers }: Pick<Term, 'layers'>, model: ModelInfo): string | null {
  const chosen = new Set(chosenLayers({ layers }, model))
  return layerLacks(
    part,
    model.layers.find(({ index, lacks }) => chosen.has(index) && lacks?.includes(part)),
  )
}

/** The same of one layer. */
export function layerLacks(part: LayerPart, layer: AttentionLayer | undefined): string | null {
  return layer?.lacks?.includes(part) ? `The layer ${layer.name} ${LACKS[part]}` : null
}

const tokens = ({ height, width }: AttentionLayer) => height * width

/**
 * The decoder's layers with the most tokens, where a perturbation costs details and not the whole image; all layers
 * where no decoder has any.
 */
export function finestDecoderLayers({ layers }: ModelInfo): 'all' | readonly number[] {
  const decoder = layers.filter(({ stage }) => stage === 'decoder')
  if (decoder.length === 0) return 'all'
  const most = Math.max(...decoder.map(tokens))
  return decoder.filter((layer) => tokens(layer) === most).map(({ index }) => index)
}

/** The layers of one stage of the network; all layers where it has none there. */
export function layersOf(stage: Stage): (model: ModelInfo) => 'all' | readonly number[] {
  return ({ layers }) => {
    const chosen = layers.filter((layer) => layer.stage === stage).map(({ index }) => index)
    return chosen.length > 0 && chosen.length < layers.length ? chosen : 'all'
  }
}
