/** Which of a model's files a run needs, so that nothing else is fetched. Pure. */
import { requiredFiles } from './recipe'
import type { ModelFile, ModelInfo, NetworkRef } from '../model/types'
import { networksOf, predictionsOf, usesVision } from '../guidance/pair'
import type { Settings } from '../settings/types'

export interface Need {
  /** What the files are for: a network, or the vision transformer (null). */
  readonly network: NetworkRef | null
  readonly files: readonly ModelFile[]
}

/**
 * Files of a run, the positive's network first; a file that several need is listed with each. `ownVision`: the reader gave a
 * vision transformer in place of the model's own. Throws RangeError for settings that the model can't serve.
 */
export function needsOf(settings: Settings, model: ModelInfo, ownVision: boolean): readonly Need[] {
  const needs: Need[] = networksOf(settings, model).map((network) => ({
    network,
    files: requiredFiles(network, model),
  }))
  // Crops share the weights of a network: only their graphs come on top.
  for (const { input, network } of predictionsOf(settings, model)) {
    if (input.kind !== 'windows') continue
    const { height, width } = input
    const crop = model.crops.find((size) => size.height === height && size.width === width)
    const known = needs.some(({ files }) => files.includes(crop?.graph ?? model.graph))
    if (crop && !known) needs.push({ network, files: [crop.graph] })
  }
  if (usesVision(settings, model) && model.vision && !ownVision)
    needs.push({ network: null, files: [model.vision.graph, model.vision.weights] })
  return needs
}
