/** What the tab is asked for: guidance scales and images, in the address and as points. Pure. */
import { LabError } from '../../../../../lab/error'
import { placed } from '../../../../../lab/grid'
import { valuesOf } from '../../../../../lab/values'
import type { ModelInfo } from '../../../../../model/types'
import { OWN, toPreset } from '../../../../../settings'
import type { Settings } from '../../../../../settings/types'
import type { Said } from '../../address'
import { pointOf, type Point } from '../../judged/point'

export const COUNTS = [100, 500, 2000] as const
const MOST_ROWS = 12

export interface PaperWish {
  readonly scales: string
  readonly images: number
}

/** Without guidance first: the others are compared with it. */
export const firstWish = ({ scale }: Settings): PaperWish => ({
  scales: scale === 0 ? '0, 1' : `0, ${scale}`,
  images: COUNTS[0],
})

export function wishOf({ scales, images }: Said, settings: Settings): PaperWish {
  const first = firstWish(settings)
  const count = COUNTS.find((one) => String(one) === images)
  return { scales: scales?.trim() ? scales : first.scales, images: count ?? first.images }
}

export const saidOf = ({ scales, images }: PaperWish): Said => ({ scales, images: String(images) })

export interface Asked {
  readonly scale: string
  readonly point: Point
}

/** The points of a wish, or the sentence that says why there are none. */
export function askedOf(
  { scales, images }: PaperWish,
  settings: Settings,
  model: ModelInfo,
  judge: string,
): readonly Asked[] | string {
  try {
    const values = valuesOf(scales)
    if (values.length > MOST_ROWS) return `${values.length} scales are many: ${MOST_ROWS} at most.`
    if (settings.seed + images - 1 > OWN.seed.max) return `Seed ${settings.seed} leaves no room for ${images} seeds.`
    return values.map((scale, index): Asked => {
      const models = (id: string) => (id === model.id ? model : null)
      const cell = placed(toPreset(settings), { at: [index], values: { scale } }, models)
      if (cell.kind === 'refused') throw new LabError(cell.why)
      return { scale, point: pointOf(cell.settings, model, judge) }
    })
  } catch (error) {
    if (error instanceof LabError) return error.message
    throw error
  }
}
