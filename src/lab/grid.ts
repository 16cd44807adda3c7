/** A preset varied along axes: every combination is a cell, which runs, or says why it can't. */
import type { ModelInfo } from '../model/types'
import { FLAG_KEYS, parsePreset, presetModel, toPreset, withFlags } from '../settings'
import { fromLinkText } from '../settings/link'
import { read } from '../settings/read'
import type { Settings } from '../settings/types'
import { costOf, WINDOW_ENDS, type Axis } from './axis'
import { settingsId } from './identity'

/** A preset's keys. */
export type Raw = Readonly<Record<string, unknown>>

export interface Grid {
  readonly preset: Raw
  /** One to three: columns, rows, pages. */
  readonly axes: readonly Axis[]
}

interface Place {
  /** Index of the value on each axis. */
  readonly at: readonly number[]
  /** Texts of the values by key. */
  readonly values: Readonly<Record<string, string>>
  /** Keys of the axes that mean nothing to this cell's method or solver: all of their values are the same here. */
  readonly unused: readonly string[]
}

export type Cell = Place &
  (
    | { readonly kind: 'ready'; readonly settings: Settings; readonly id: string }
    | {
        readonly kind: 'refused'
        readonly why: string
        /** The axis whose value is none of its setting's, as far as that is why. */
        readonly strange: string | null
      }
  )

/** A model that is here, by its id. */
export type Models = (id: string) => ModelInfo | null

/** The preset with both ends of its window as the axes say. */
function withEnds(flags: Record<string, unknown>, values: Readonly<Record<string, string>>, preset: Raw): void {
  const [low, high] = WINDOW_ENDS.map((key) => values[key])
  if (low === undefined && high === undefined) return
  const said: unknown = flags.window ?? preset.window
  const [bottom, top]: readonly unknown[] = Array.isArray(said) ? said : [0, 'inf']
  const number = (text: string | undefined, otherwise: unknown) =>
    text === undefined ? otherwise : fromLinkText('scale', text)
  flags.window = [number(low, bottom), number(high, top)]
}

/** Keys of a preset that its own method and solver do not have: a reading that forgives tells which there are. */
function meaningless(preset: Raw, model: ModelInfo): readonly string[] {
  const settings = read(preset, model, () => undefined)
  const known = ['image', ...Object.keys(toPreset(settings)), ...Object.keys(settings.solverParameters)]
  // A word that is no setting at all is left for the strict reading to refuse.
  return Object.keys(preset).filter((key) => FLAG_KEYS.includes(key) && !known.includes(key))
}

/** One combination of values over a preset. */
export function placed(preset: Raw, place: Pick<Place, 'at' | 'values'>, models: Models): Cell {
  const refused = (problem: string, strange = strangeKey(problem, place.values)): Cell => ({
    ...place,
    unused: [],
    kind: 'refused',
    why: sentence(problem),
    strange,
  })
  const flags: Record<string, unknown> = {}
  for (const [key, text] of Object.entries(place.values))
    if (!WINDOW_ENDS.some((end) => end === key)) flags[key] = key === 'model' ? text : fromLinkText(key, text)
  withEnds(flags, place.values, preset)
  const id = presetModel(flags) ?? presetModel(preset)
  const model = id === null ? null : models(id)
  if (model === null)
    return refused(`There is no model ${id === null ? 'named' : `“${id}”`} here.`, 'model' in flags ? 'model' : null)
  // What is said for whatever method is not what one method had, and so stays with each.
  const whole = preset.method === undefined ? { ...preset, ...flags } : withFlags(preset, flags)
  const idle = meaningless(whole, model)
  const without = (keys: readonly string[]) =>
    parsePreset(Object.fromEntries(Object.entries(whole).filter(([key]) => !keys.includes(key))), model)
  const asked = without(idle)
  // As on the page, a method under which the preset's network can't run brings its own.
  const free = flags.method !== undefined && flags.network === undefined && flags.ema === undefined
  const result = asked.ok || !free ? asked : without([...idle, 'network', 'ema'])
  if (!asked.ok && !result.ok) return refused(asked.problem)
  if (!result.ok) return refused(result.problem)
  const unused = idle.filter((key) => key in place.values)
  return { ...place, unused, kind: 'ready', settings: result.settings, id: settingsId(result.settings, model) }
}

/** A fault of a value begins with its key; one of a method that is known but can't run here names the method, too. */
const strangeKey = (problem: string, values: Place['values']): string | null =>
  /^method \S+: /.test(problem)
    ? null
    : (Object.keys(values).find((key) => problem.startsWith(`${key.replace(/^window\..*/, 'window')} `)) ?? null)

const sentence = (text: string) => {
  const whole = `${text.charAt(0).toUpperCase()}${text.slice(1)}`
  return whole.endsWith('.') ? whole : `${whole}.`
}

/** How many cells there are. */
export const sizeOf = ({ axes }: Pick<Grid, 'axes'>): number => axes.reduce((n, { values }) => n * values.length, 1)

/** All cells in the order of work: what costs most to change is changed last. `at` counts on the axes as they are given. */
export function cellsOf({ preset, axes }: Grid, models: Models): readonly Cell[] {
  const outer = axes
    .map(({ key, values }, axis) => ({ key, values, axis }))
    // Pages before rows before columns, where the cost is the same.
    .sort((a, b) => costOf(b.key) - costOf(a.key) || b.axis - a.axis)
  let places: readonly (readonly number[])[] = [axes.map(() => 0)]
  for (const { values, axis } of outer)
    places = places.flatMap((at) => values.map((_, index) => at.map((old, i) => (i === axis ? index : old))))
  return places.map((at) => {
    const values = Object.fromEntries(axes.map(({ key, values: texts }, i) => [key, texts[at[i]!]!]))
    return placed(preset, { at, values }, models)
  })
}

/** A value that is none of its setting's, in whatever cell it is used; null where there is none. */
export function strangeValue(cells: readonly Cell[]): { readonly key: string; readonly why: string } | null {
  for (const cell of cells) {
    if (cell.kind !== 'refused' || cell.strange === null) continue
    const { strange: key, why } = cell
    const text = cell.values[key]!
    // Such as a layer that another model has.
    const used = cells.some(
      (other) => other.kind === 'ready' && other.values[key] === text && !other.unused.includes(key),
    )
    if (!used) return { key, why: `“${text}” is not understood: ${why} Write another value, or leave it out.` }
  }
  return null
}
