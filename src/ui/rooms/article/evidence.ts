/** What was measured of a family, found by settings: a figure names the settings that it is about, and gets numbers where there are some. Pure. */
import type { Curve, CurvePoint } from '../../../evaluation/curves'
import type { Estimate } from '../../../evaluation/metrics'
import type { Published } from '../../../evaluation/published'
import type { ModelInfo } from '../../../model/types'
import { defaultSettings, encodeLink, parsePreset, toPreset, withoutStarts } from '../../../settings'
import type { Settings } from '../../../settings/types'
import type { Shape, ShapePoint } from '../measured/shape'

/** Settings, and how their images compared with no guidance. */
export interface Measured {
  readonly settings: Settings
  readonly images: number
  readonly frechet: Estimate
  /** Null for no guidance itself. */
  readonly against: Estimate | null
}

type Preset = Readonly<Record<string, unknown>>

export interface Evidence {
  readonly model: ModelInfo
  readonly rows: readonly Published[]
  /** Everything, what was measured of most images first, each with its preset. */
  readonly all: readonly { readonly measured: Measured; readonly preset: Preset; readonly text: string }[]
}

/** Parts of a preset; what they leave out is as the methods' own metadata says. */
export type Asked = Readonly<Record<string, unknown>> & { readonly method: string }

/** The settings of a preset, or null where the family has no such network, layer or class. */
export function askedOf({ model }: Evidence, asked: Asked): Settings | null {
  const result = parsePreset({ model: model.id, ...asked }, withoutStarts(model))
  return result.ok ? result.settings : null
}

/** All that decides many images: classes take turns and seeds count up, so neither says anything, unless no class is asked for. */
const common = (settings: Settings): Settings => ({
  ...settings,
  class: settings.class === null ? null : 0,
  seed: 1,
  samples: 1,
})

/** The same network without guidance. */
export function unguided({ network, ema, class: label, steps, solver }: Settings, model: ModelInfo): Settings {
  const plain = defaultSettings(withoutStarts(model), 'none', label)
  return common({ ...plain, network, ema, steps, solver })
}

const presetOf = (settings: Settings): Preset => toPreset(common(settings))

/** What tells settings apart from others, where nothing but one setting may differ. */
const rest = (preset: Preset, key: string | null): string =>
  JSON.stringify({ ...preset, ...(key !== null && { [key]: null }) })

/** Names pictures: a link, which tells the weights as well. At s = 0 a method is no guidance, whatever it is. */
export const keyOf = (settings: Settings, model: ModelInfo): string =>
  encodeLink(settings.scale === 0 && settings.stack.length === 0 ? unguided(settings, model) : common(settings), model)

export function evidenceOf(model: ModelInfo, rows: readonly Published[], curves: readonly Curve[]): Evidence {
  const all: readonly Measured[] = [
    ...rows,
    ...rows.flatMap(({ settings, scales }) =>
      scales.map(({ scale, ...told }) => ({ ...told, settings: { ...settings, scale } })),
    ),
    ...curves.flatMap(({ images, points }) => points.map((point) => ({ ...point, images }))),
  ]
  const sorted = [...all].sort((a, b) => b.images - a.images)
  return {
    model,
    rows,
    all: sorted.map((measured) => {
      const preset = presetOf(measured.settings)
      return { measured, preset, text: rest(preset, null) }
    }),
  }
}

/** What was measured of these settings; null where nothing was. */
export function found({ all }: Evidence, settings: Settings): Measured | null {
  const wanted = rest(presetOf(settings), null)
  return all.find(({ text }) => text === wanted)?.measured ?? null
}

/** Where a value stands among others; NaN for what is no place on an axis, such as several layers. */
function numberOf(x: CurvePoint['x']): number {
  if (typeof x === 'object') return x.length === 1 ? Number(x[0]) : NaN
  return x === 'inf' ? Infinity : Number(x)
}

/** As a curve says a place: a number, "inf", or layers. */
function placeIn(preset: Preset, key: string): CurvePoint['x'] {
  const value = preset[key]
  if (Array.isArray(value)) return value.map(Number)
  return typeof value === 'number' ? value : String(value)
}

const NEUTRAL: Estimate = { value: 0, margin: 0 }

/** Where a line along the scale begins: no guidance, which differs from itself by nothing. */
function start(of: Settings, { images, frechet: { value, margin }, against }: Measured): Measured {
  const without = { value: value - (against?.value ?? 0), margin }
  return { settings: { ...of, scale: 0 }, images, frechet: without, against: NEUTRAL }
}

/** The measured points of settings of which one, by its key, takes any value; in the order of the axis. */
export function along({ all, model }: Evidence, of: Settings, key: string, shape: Shape): readonly ShapePoint[] {
  const wanted = rest(presetOf(of), key)
  const points = new Map<string, { readonly x: CurvePoint['x']; readonly measured: Measured }>()
  for (const { measured, preset } of all) {
    const x = placeIn(preset, key)
    const name = JSON.stringify(x)
    if (measured.against === null || Number.isNaN(numberOf(x)) || points.has(name)) continue
    if (rest(preset, key) === wanted) points.set(name, { x, measured })
  }
  const [first] = points.values()
  if (!first) return []
  if (key === 'scale') points.set('0', { x: 0, measured: start(of, first.measured) })
  return [...points.values()]
    .sort((a, b) => numberOf(a.x) - numberOf(b.x))
    .map(({ x, measured: { settings, frechet, against: told } }, index) => {
      const against = settings.scale === 0 ? NEUTRAL : (told ?? NEUTRAL)
      const point = { x, settings, frechet, against }
      return { ...shape.place(point, index, model), point, against }
    })
}
