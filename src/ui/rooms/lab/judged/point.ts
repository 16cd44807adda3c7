/** A point of the lab: settings that many images are judged of, seed after seed. What is drawn of it is named by its key. Pure. */
import { addsPlainly, isGuided } from '../../../../guidance'
import { settingsId } from '../../../../lab/identity'
import type { ModelInfo } from '../../../../model/types'
import { defaultSettings, sameSettings, withoutStarts } from '../../../../settings'
import type { Settings } from '../../../../settings/types'
import { settingsOfImage } from '../../../judge/evaluate'

export interface Point {
  /** Equal for equal images and judges. */
  readonly key: string
  /** As they were asked for. */
  readonly settings: Settings
  /** What is drawn: where nothing guides, no method is computed for nothing. */
  readonly drawn: Settings
  readonly model: ModelInfo
}

/** The same network, noise and solver without guidance. */
export function plainOf(settings: Settings, model: ModelInfo): Settings {
  const plain = defaultSettings(withoutStarts(model), 'none', settings.class)
  const { network, ema, seed, image, steps, solver, solverParameters } = settings
  return { ...plain, network, ema, seed, image, steps, solver, solverParameters }
}

/** At s = 0 a difference that is added plainly is no guidance, whatever it is of. */
export function drawnOf(settings: Settings, model: ModelInfo): Settings {
  const guides = isGuided(settings) && !(settings.scale === 0 && addsPlainly(settings))
  return guides || settings.stack.length > 0 ? settings : plainOf(settings, model)
}

/** `judge`: the digest of what judges it. Classes take turns, unless none is asked for, so the first image says which. */
export function pointOf(settings: Settings, model: ModelInfo, judge: string): Point {
  const one = { ...settings, samples: 1 }
  const drawn = drawnOf(one, model)
  const first = settingsOfImage(drawn, 0, model.conditioning.classes.length)
  return { key: `${settingsId(first, model)}-${judge.slice(0, 8)}`, settings: one, drawn, model }
}

/** Image `index` of the point, as it is asked for, to be seen live. */
export const imageOf = ({ settings, model }: Point, index: number): Settings =>
  settingsOfImage(settings, index, model.conditioning.classes.length)

export const isPlain = ({ drawn, model }: Point): boolean => sameSettings(drawn, plainOf(drawn, model))
