/**
 * View keys of an address: how the page is shown, and never what is computed. They stand beside the settings of any room's
 * address; some of them stay in it when settings or rooms change. Read leniently, as links are.
 */
import { shown } from './faults'
import { fewOf } from './limits'
import { linkParts } from './mend'

/** A part of the page, by the name that it has in addresses and lessons. */
export type PartName = string

export interface View {
  readonly embed: boolean
  /** Only these parts; null: all that are not hidden. */
  readonly show: readonly PartName[] | null
  readonly hide: readonly PartName[]
  readonly lock: readonly PartName[]
  readonly present: boolean
  readonly theme: 'light' | 'dark' | null
  /** The playhead's step, from 0. */
  readonly at: number | null
  readonly lens: string | null
  /** The inspected layer. */
  readonly inspect: number | null
  /** A lesson by name, by address, or itself. */
  readonly lesson: string | null
  /** The lesson's step, from 0. */
  readonly page: number
}

export const NO_VIEW: View = {
  embed: false,
  show: null,
  hide: [],
  lock: [],
  present: false,
  theme: null,
  at: null,
  lens: null,
  inspect: null,
  lesson: null,
  page: 0,
}

const KEYS = Object.keys(NO_VIEW) as readonly (keyof View)[]

const NAME = /^[a-z][\w-]*$/i
const MOST = 9_999

/** The view of an address, and what of it was not understood. */
export function readView(hash: string): { readonly view: View; readonly problems: readonly string[] } {
  const parts = linkParts(hash)
  const problems: string[] = []
  /** The value of a key as it is understood; what is not understood is as if it were not said. */
  const read = <T>(key: keyof View, must: string, otherwise: T, of: (text: string) => T | undefined): T => {
    const text = parts[key]
    if (text === undefined) return otherwise
    const value = of(text)
    if (value === undefined) problems.push(`${key} must be ${must}, not ${shown(text)}.`)
    return value === undefined ? otherwise : value
  }
  const flag = (key: keyof View) =>
    read(key, '1 or 0', false, (text) => (text === '1' || text === '0' ? text === '1' : undefined))
  const whole = <T>(key: keyof View, otherwise: T) =>
    read<number | T>(key, 'a whole number', otherwise, (text) =>
      /^\d+$/.test(text) && Number(text) <= MOST ? Number(text) : undefined,
    )
  const names = <T>(key: keyof View, otherwise: T) =>
    read<readonly string[] | T>(key, 'names joined by _', otherwise, (text) => {
      const all = text.split('_')
      return all.every((name) => NAME.test(name)) ? all : undefined
    })
  const view: View = {
    embed: flag('embed'),
    show: names('show', null),
    hide: names('hide', NO_VIEW.hide),
    lock: names('lock', NO_VIEW.lock),
    present: flag('present'),
    theme: read('theme', 'light or dark', NO_VIEW.theme, (text) =>
      text === 'light' || text === 'dark' ? text : undefined,
    ),
    at: whole('at', null),
    lens: read('lens', 'a name', NO_VIEW.lens, (text) => (NAME.test(text) ? text : undefined)),
    inspect: whole('inspect', null),
    lesson: parts.lesson === undefined || parts.lesson === '' ? null : parts.lesson,
    page: whole('page', 0),
  }
  return { view, problems: fewOf(problems) }
}

const plain = (text: string) => encodeURIComponent(text).replace(/%(?:3A|2F)/g, decodeURIComponent)

function valueText(value: View[keyof View]): string {
  if (typeof value === 'boolean') return value ? '1' : '0'
  return typeof value === 'string' || typeof value === 'number' ? plain(String(value)) : (value ?? []).join('_')
}

/** The keys whose values are not those of `NO_VIEW`, as an address has them; '' for none. */
export function viewText(view: Partial<View>): string {
  return KEYS.flatMap((key) => {
    const value = view[key]
    const text = valueText(value ?? NO_VIEW[key])
    return text === valueText(NO_VIEW[key]) ? [] : `${key}=${text}`
  }).join('&')
}
