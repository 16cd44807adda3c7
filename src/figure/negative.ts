/** The negative alone, where an engine draws guided images only: guided by s = −1 and nothing else, an image is the negative's. */
import { negativeMethodOf, parametersOf } from '../guidance'
import { walksAlone } from '../guidance/pair'
import { lowestScale, NEGATIVE_ITSELF } from '../guidance/scale'
import type { ModelInfo } from '../model/types'
import { TERM } from '../settings'
import type { Settings } from '../settings/types'

/** Settings whose guided images are the negatives of these; null where there are none by themselves. */
export function negativeAlone(settings: Settings, model: ModelInfo): Settings | null {
  const method = negativeMethodOf(settings)
  if (!method || lowestScale(method) !== NEGATIVE_ITSELF || !walksAlone(settings, model)) return null
  const own = parametersOf(method, settings.parameters).map(({ key }) => key)
  return {
    ...settings,
    method: method.id,
    parameters: Object.fromEntries(Object.entries(settings.parameters).filter(([key]) => own.includes(key))),
    scale: NEGATIVE_ITSELF,
    window: TERM.window.standard(model, settings.class),
    rescale: 0,
    stack: [],
  }
}
