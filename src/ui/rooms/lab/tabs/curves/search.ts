/** What a search tries: scales of the method, then layers at the best of them, then windows, each by what the one before found. Pure. */
import { isGuided, negativeMethodOf } from '../../../../../guidance'
import { cellsOf } from '../../../../../lab/grid'
import type { ModelInfo } from '../../../../../model/types'
import { toPreset } from '../../../../../settings'
import type { Settings } from '../../../../../settings/types'
import { pointOf } from '../../judged/point'
import { placeName, type Place } from './curve'

export const STEPS = ['scale', 'layers', 'window'] as const
export type Step = (typeof STEPS)[number]

/** Of the scale that is now; 0 is no guidance, which may be the best. */
const TIMES = [0, 0.25, 0.5, 1, 2, 4] as const
const MOST_SCALE = 20
/** Single layers that are tried: of more, so many between the first and the last. */
const MOST_LAYERS = 8
/** From whole to what papers use: without the lowest levels, without the highest, and neither. */
const WINDOWS = ['0_inf', '0.3_inf', '0_5', '0.3_5', '1_inf'] as const

function layerTexts({ layers: own }: Settings, { layers }: ModelInfo): readonly string[] {
  const step = Math.max(1, (layers.length - 1) / (MOST_LAYERS - 1))
  const count = Math.min(layers.length, MOST_LAYERS)
  const singles = Array.from({ length: count }, (_, i) => String(layers[Math.round(i * step)]!.index))
  return [own === 'all' ? 'all' : own.join('_'), 'all', ...singles]
}

function textsOf(step: Step, settings: Settings, model: ModelInfo): readonly string[] {
  switch (step) {
    case 'scale': {
      const now = settings.scale > 0 ? settings.scale : 1
      return TIMES.map((times) => String(Number(Math.min(MOST_SCALE, times * now).toPrecision(3))))
    }
    case 'layers':
      return layerTexts(settings, model)
    case 'window':
      return [settings.window.map((end) => (end === Infinity ? 'inf' : String(end))).join('_'), ...WINDOWS]
    default:
      return step satisfies never
  }
}

/** The steps that mean something to the method. */
export function stepsOf(settings: Settings, model: ModelInfo): readonly Step[] {
  if (!isGuided(settings)) return []
  const acts = negativeMethodOf(settings)?.layers && model.layers.length > 1
  return STEPS.filter((step) => step !== 'layers' || acts)
}

/** What a step tries from here, each once; what the method refuses is not among it. */
export function triedOf(step: Step, settings: Settings, model: ModelInfo, judge: string): readonly Place[] {
  const values = [...new Set(textsOf(step, settings, model))]
  const cells = cellsOf({ preset: toPreset(settings), axes: [{ key: step, values }] }, () => model)
  const places = cells.flatMap((cell): Place[] => {
    if (cell.kind === 'refused' || cell.unused.length > 0) return []
    const text = cell.values[step]!
    const point = pointOf(cell.settings, model, judge)
    return [{ at: [cell.at[0] ?? 0, 0], name: placeName(cell.values), text, values: cell.values, point, why: null }]
  })
  return [...new Map(places.map((place) => [place.point!.key, place])).values()]
}
