/** Helpers for methods that act on chosen self-attention layers. */
import type { ModelInfo } from '../engine/types'
import type { AttentionControl } from '../network/types'
import type { Settings } from '../settings/types'
import type { Negative } from './types'

/** Indices of the layers that the settings choose. */
export function chosenLayers(settings: Settings, model: ModelInfo): readonly number[] {
  return settings.layers === 'all' ? model.layers.map((layer) => layer.index) : settings.layers
}

/** The negative that puts a control on every chosen layer; null where no layer is chosen. */
export function perturbLayers(settings: Settings, model: ModelInfo, control: (layer: number) => AttentionControl): Negative | null {
  const chosen = new Set(chosenLayers(settings, model))
  if (chosen.size === 0) return null
  return { attention: model.layers.map(({ index }) => (chosen.has(index) ? control(index) : null)) }
}

/** The method's own parameters; the settings codec guarantees their presence and type, so a mismatch is a programming error. */
export function numberParameter(settings: Settings, key: string): number {
  const value = settings.parameters[key]
  if (typeof value !== 'number') throw new TypeError(`parameter ${key} of ${settings.method} must be a number`)
  return value
}

export function choiceParameter<T extends string>(settings: Settings, key: string, choices: readonly T[]): T {
  const value = choices.find((choice) => choice === settings.parameters[key])
  if (value === undefined) throw new TypeError(`parameter ${key} of ${settings.method} must be one of ${choices.join(', ')}`)
  return value
}

export function flagParameter(settings: Settings, key: string): boolean {
  const value = settings.parameters[key]
  if (typeof value !== 'boolean') throw new TypeError(`parameter ${key} of ${settings.method} must be true or false`)
  return value
}

type Layer = ModelInfo['layers'][number]
const tokens = ({ height, width }: Layer) => height * width

/** The decoder's layers with the most tokens, where a blur of the queries costs details and not the whole image; all layers where no decoder has any. */
export function finestDecoderLayers({ layers }: ModelInfo): 'all' | readonly number[] {
  const decoder = layers.filter(({ stage }) => stage === 'decoder')
  if (decoder.length === 0) return 'all'
  const most = Math.max(...decoder.map(tokens))
  return decoder.filter((layer) => tokens(layer) === most).map(({ index }) => index)
}
