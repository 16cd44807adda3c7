/** A point: settings that many images are judged of, image after image. Pure. */
import { addsPlainly, isGuided } from '../guidance'
import type { ModelInfo } from '../model/types'
import { defaultSettings, withoutStarts } from '../settings'
import type { Settings } from '../settings/types'
import { hashOfText, settingsId } from './identity'

/** The same network, noise and solver without guidance. */
export function plainOf(settings: Settings, model: ModelInfo): Settings {
  const plain = defaultSettings(withoutStarts(model), 'none', settings.class)
  const { network, ema, seed, image, samples, steps, solver, solverParameters } = settings
  return { ...plain, network, ema, seed, image, samples, steps, solver, solverParameters }
}

/** What is drawn: at s = 0 a difference that is added plainly is no guidance, whatever it is of, and no method is computed for nothing. */
export function drawnOf(settings: Settings, model: ModelInfo): Settings {
  const guides = isGuided(settings) && !(settings.scale === 0 && addsPlainly(settings))
  return guides || settings.stack.length > 0 ? settings : plainOf(settings, model)
}

/**
 * Names a point: the settings of its first image. `each`: classes take turns, beginning with the first. A point of one class alone is
 * another one, also of the first class.
 */
export function pointId(settings: Settings, model: ModelInfo, each: boolean): string {
  const id = settingsId({ ...settings, samples: 1, ...(each && { class: 0 }) }, model)
  return each || settings.class === null ? id : hashOfText(`${id} alone`).slice(0, 16)
}
