/** What was measured of a method, as lines of a table: its own rows, after those without guidance that they compare with. Pure. */
import { asMeasured } from '../../evaluation/as-measured'
import type { Published } from '../../evaluation/published'
import { isGuided, methodById } from '../../guidance/index'
import type { ModelInfo } from '../../model/types'
import type { Settings } from '../../settings/types'
import { networkById } from '../controls/parameters'
import { fixed } from '../../core/format'

export interface Line {
  readonly name: string
  /** The settings that a click takes; null for a line that is no single measurement. */
  readonly wanted: Settings | null
  readonly frechet: Published['frechet']
  readonly images: number
  readonly verdict: string
}

export interface MeasuredTable {
  readonly lines: readonly Line[]
  /** How many images the lines were measured on: each number that occurs. */
  readonly counts: readonly number[]
  readonly steps: number
  /** Whether longer sampling without guidance is among the lines. */
  readonly controlled: boolean
}

export type Verdict = 'helps' | 'harms' | 'same'

/** Whether guidance helped, as far as the 95 % interval tells; null where nothing was compared. */
export function verdictOf(against: Published['against']): Verdict | null {
  if (against === null) return null
  const { value, margin } = against
  if (margin === null || Math.abs(value) <= margin) return 'same'
  return value < 0 ? 'helps' : 'harms'
}

function verdictWords(against: Published['against']): string {
  const verdict = verdictOf(against)
  if (against === null || verdict === null) return ''
  switch (verdict) {
    case 'same':
      return 'not told apart'
    case 'helps':
      return `${fixed(-against.value)} better`
    case 'harms':
      return `${fixed(against.value)} worse`
    default:
      return verdict satisfies never
  }
}

/** What is sampled: the network, and whether a class is asked for. */
export function baseOf({ settings: { network, class: label } }: Published, model: ModelInfo): string {
  return `${networkById(network, model)?.name ?? network}${label === null ? ', no class' : ''}`
}

/** What a row is beside its method: `8×8 layers` of “PAG, 8×8 layers”; empty where it is the method and no more. */
export function variantOf({ name, settings }: Pick<Published, 'name' | 'settings'>): string {
  const method = methodById(settings.method)?.name ?? ''
  const rest = name.startsWith(method) ? name.slice(method.length).replace(/^[,:]? /, '') : name
  return rest
    .replace(/^[a-z]/, (letter) => letter.toUpperCase()) // σ stays small
    .replaceAll(' = ', '\u00a0=\u00a0')
}

/** A row's name without the method's, which is the title of the card. */
function titleOf(row: Published): string {
  return `${variantOf(row) || row.name}, s\u00a0${fixed(row.settings.scale)}`
}

function lineOf(row: Published, name: string, now: Settings): Line {
  return {
    name,
    wanted: asMeasured(row, now),
    frechet: row.frechet,
    images: row.images,
    verdict: verdictWords(row.against),
  }
}

/** What a row compares with: no guidance at as many images, and what only samples longer. */
function referencesOf(row: Published, plain: readonly Published[], name: string, now: Settings): readonly Line[] {
  const { against, frechet, images } = row
  if (against === null) return []
  const same = plain.find((other) => other.against === null)
  const longer = plain.filter((other) => other.against !== null)
  return [
    same
      ? lineOf(same, name, now)
      : { name, wanted: null, frechet: { value: frechet.value - against.value, margin: null }, images, verdict: '' },
    ...longer.map((control) => lineOf(control, control.name.replace('No guidance', name), now)),
  ]
}

/** The table of the method in use; null where nothing was measured of it. */
export function measuredTable(
  published: readonly Published[],
  settings: Settings,
  model: ModelInfo,
): MeasuredTable | null {
  const rows = published.filter((row) => row.settings.method === settings.method)
  const [first] = rows
  if (!first) return null
  const base = (row: Published) => baseOf(row, model)
  const several = new Set(rows.map(base)).size > 1
  // The distance falls with the number of images, so each number has references of its own.
  const references = new Map<string, readonly Line[]>()
  for (const row of rows.filter((each) => isGuided(each.settings))) {
    const plain = published.filter(
      (other) => !isGuided(other.settings) && base(other) === base(row) && other.images === row.images,
    )
    const lines = referencesOf(row, plain, several ? `None: ${base(row)}` : 'No guidance', settings)
    if (lines.length > 0) references.set(`${base(row)} ${row.images}`, lines)
  }
  const nameOf = (row: Published) => {
    if (isGuided(row.settings)) return titleOf(row)
    return row.against === null ? base(row) : row.name
  }
  return {
    lines: [...[...references.values()].flat(), ...rows.map((row) => lineOf(row, nameOf(row), settings))],
    counts: [...new Set(rows.map(({ images }) => images))],
    steps: first.settings.steps,
    controlled: [...references.values()].some((lines) => lines.length > 1),
  }
}
