/** A point of the lab: settings that many images are judged of, seed after seed. What is drawn of it is named by its key. Pure. */
import { drawnOf, plainOf, pointId } from '../../../../lab/point'
import type { ModelInfo } from '../../../../model/types'
import { sameSettings } from '../../../../settings'
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

/** `judge`: the digest of its weights. */
export const keyOf = (id: string, judge: string): string => `${id}-${judge.slice(0, 8)}`

/** `judge`: the digest of what judges it. Classes take turns, unless none is asked for, so the first image says which. */
export function pointOf(settings: Settings, model: ModelInfo, judge: string): Point {
  const one = { ...settings, samples: 1 }
  const drawn = drawnOf(one, model)
  return { key: keyOf(pointId(drawn, model, settings.class !== null), judge), settings: one, drawn, model }
}

/** Image `index` of the point, as it is asked for, to be seen live. */
export const imageOf = ({ settings, model }: Pick<Point, 'settings' | 'model'>, index: number): Settings =>
  settingsOfImage(settings, index, model.conditioning.classes.length)

export const isPlain = ({ drawn, model }: Point): boolean => sameSettings(drawn, plainOf(drawn, model))
