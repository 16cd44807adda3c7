/** What the page opens with where nobody says anything. */
import type { ModelInfo } from '../model/types'
import { read } from './read'
import type { Settings } from './types'

/** The family's first picture. Throws RangeError for a manifest whose `first` can't be read. */
export function firstSettings(model: ModelInfo): Settings {
  return read(model.first, model, (problem) => {
    throw new RangeError(`manifest.json of ${model.id}: first: ${problem}`)
  })
}
