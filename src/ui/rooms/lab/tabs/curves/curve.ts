/** A curve: what is varied, on one or two axes, and the points that this makes. Written to the address, and read from it. Pure. */
import { axisLabel, isAxisKey, type Axis, type AxisKey } from '../../../../../lab/axis'
import { axisKeys } from '../../../../../lab/axis-keys'
import { LabError } from '../../../../../lab/error'
import { cellsOf, strangeValue, type Cell } from '../../../../../lab/grid'
import { shortText, valuesOf } from '../../../../../lab/values'
import { OWN, toPreset } from '../../../../../settings'
import type { ModelInfo } from '../../../../../model/types'
import type { Settings } from '../../../../../settings/types'
import type { Said } from '../../address'
import { pointOf, type Point } from '../../judged/point'

/** What is typed: an axis as text. */
export interface AxisText {
  readonly key: string
  readonly text: string
}

export interface Wish {
  /** Along the curve, and from line to line; null: one line. */
  readonly along: AxisText
  readonly lines: AxisText | null
  /** Of each point. */
  readonly images: number
  /** Whether points that are beaten beyond doubt are not drawn any further. */
  readonly stop: boolean
}

export const COUNTS = [100, 200, 500, 2000] as const
/** Points of a curve: more would take a day. */
export const MOST_POINTS = 60

/** What decides seeds and classes can't be compared on the same ones, and another family has another judge. */
const NEVER = ['model', 'seed', 'image', 'class', 'samples']
export const canVary = (key: string): boolean => isAxisKey(key) && !NEVER.includes(key)

export function keysOf(settings: Settings, model: ModelInfo): readonly AxisKey[] {
  return axisKeys(settings, model).filter(({ key }) => canVary(key))
}

/** Seven scales, from none to three times the one that is now. */
function scaleText({ scale }: Settings): string {
  const now = scale > 0 ? Math.min(scale, MOST_SCALE / 3) : 1
  const step = Number((now / 2).toPrecision(2))
  return `0..${Number((6 * step).toPrecision(3))} by ${step}`
}
const MOST_SCALE = 20

export function textFor(key: string, settings: Settings, model: ModelInfo): string {
  if (key === 'scale') return scaleText(settings)
  return keysOf(settings, model).find((each) => each.key === key)?.example ?? ''
}

export const firstWish = (settings: Settings): Wish => ({
  along: { key: 'scale', text: scaleText(settings) },
  lines: null,
  images: COUNTS[0],
  stop: false,
})

export const axisSaid = ({ key, text }: AxisText) => `${key}:${text}`

export function axisRead(said: string | undefined): AxisText | null {
  const [key, text] = said?.split(/:(.*)/s) ?? []
  return key !== undefined && text !== undefined && canVary(key) ? { key, text } : null
}

export const ADDRESS_KEYS = ['curve', 'lines', 'each', 'stop'] as const

export const saidOf = ({ along, lines, images, stop }: Wish): Said => ({
  curve: axisSaid(along),
  ...(lines && { lines: axisSaid(lines) }),
  each: String(images),
  ...(stop && { stop: '1' }),
})

/** Null where the address says no curve. */
export function wishOf(said: Said): Wish | null {
  const along = axisRead(said.curve)
  if (!along) return null
  const images = Number(said.each)
  return {
    along,
    lines: axisRead(said.lines),
    images: Number.isInteger(images) && images >= 20 && images <= 100_000 ? images : COUNTS[0],
    stop: said.stop === '1',
  }
}

/** One value of the axis along, on one line. */
export interface Place {
  /** Index along, and of the line. */
  readonly at: readonly [number, number]
  /** As a person reads it: `scale 1.5`. */
  readonly name: string
  /** Of the axis along. */
  readonly text: string
  readonly values: Readonly<Record<string, string>>
  /** Null where the combination can't be run; `why` says it. */
  readonly point: Point | null
  readonly why: string | null
}

export interface Curve {
  readonly wish: Wish
  readonly settings: Settings
  readonly model: ModelInfo
  readonly axes: readonly Axis[]
  /** In the order of the axes. */
  readonly places: readonly Place[]
}

function axisOf({ key, text }: AxisText): Axis {
  if (!canVary(key)) throw new LabError(`A curve can’t go along “${key}”: choose another setting.`)
  return { key, values: valuesOf(text) }
}

/** The axes that a wish says. Throws LabError. */
export function axesOf({ along, lines }: Pick<Wish, 'along' | 'lines'>): readonly Axis[] {
  const axes = [along, ...(lines ? [lines] : [])].map(axisOf)
  if (lines?.key === along.key)
    throw new LabError(`Both axes vary ${axisLabel(along.key)}: choose another for the lines.`)
  const points = axes.reduce((product, { values }) => product * values.length, 1)
  if (points > MOST_POINTS)
    throw new LabError(`That makes ${points} points, and ${MOST_POINTS} are the most: take fewer values.`)
  return axes
}

/** The axes, or why there are none: also for a value that is none of its setting's. */
export function axesRead(wish: Pick<Wish, 'along' | 'lines'>, settings: Settings, model: ModelInfo) {
  try {
    const axes = axesOf(wish)
    const strange = strangeValue(cellsAlong(axes, settings, model))
    return strange ? { axes: null, why: strange.why } : { axes, why: null }
  } catch (error) {
    if (error instanceof LabError) return { axes: null, why: error.message }
    throw error
  }
}

export function placeName(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, text]) => `${axisLabel(key)} ${text.replaceAll('_', '–')}`)
    .join(', ')
}

const cellsAlong = (axes: readonly Axis[], settings: Settings, model: ModelInfo) =>
  cellsOf({ preset: toPreset(settings), axes }, (id) => (id === model.id ? model : null))

/** Every combination of values, line after line. */
export function placesOf(
  axes: readonly Axis[],
  settings: Settings,
  model: ModelInfo,
  pointFor: (settings: Settings) => Point,
): readonly Place[] {
  const [along] = axes
  const place = (cell: Cell): Place => ({
    at: [cell.at[0] ?? 0, cell.at[1] ?? 0],
    name: placeName(cell.values),
    text: cell.values[along!.key]!,
    values: cell.values,
    point: cell.kind === 'ready' ? pointFor(cell.settings) : null,
    why: cell.kind === 'refused' ? cell.why : null,
  })
  return cellsAlong(axes, settings, model)
    .map(place)
    .sort((a, b) => a.at[1] - b.at[1] || a.at[0] - b.at[0])
}

/** `judge`: the digest of what judges the images. Throws LabError. */
export function curveOf(wish: Wish, settings: Settings, model: ModelInfo, judge: string): Curve {
  const axes = axesOf(wish)
  return { wish, settings, model, axes, places: placesOf(axes, settings, model, (own) => pointOf(own, model, judge)) }
}

/** Its points, each once: at s = 0 all methods are one. */
export function pointsOf(places: readonly Place[]): readonly Point[] {
  return [...new Map(places.flatMap(({ point }) => (point ? [[point.key, point] as const] : []))).values()]
}

/** The values in words for the button: how many points, how many images. */
export function sizeText(axes: readonly Axis[], images: number): string {
  const points = axes.reduce((product, { values }) => product * values.length, 1)
  return `${points} ${points === 1 ? 'point' : 'points'} of ${images} images`
}

export { shortText }

/** Why seeds do not suffice; null where they do. */
export function seedRefusal({ seed }: Settings, images: number): string | null {
  return seed + images - 1 > OWN.seed.max
    ? `Seeds count up from ${seed}, which leaves no room for ${images}. Choose a lower seed.`
    : null
}
