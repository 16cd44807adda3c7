/** What was measured of every method of every family, as rows that can be sorted and compared. Pure. */
import { asMeasured } from '../../../evaluation/as-measured'
import type { Published } from '../../../evaluation/published'
import type { Estimate } from '../../../evaluation/metrics'
import { isGuided, methodById, methods } from '../../../guidance/index'
import type { ModelInfo } from '../../../model/types'
import { defaultSettings, sameSettings } from '../../../settings'
import type { Settings } from '../../../settings/types'
import { baseOf, variantOf, type Verdict, verdictOf } from '../../method/measured'
import { filesOf } from '../../method/methods'
import { below, shareOf } from './estimate'
import { harmsOf } from './harms'
import { list, VERDICTS } from './words'

/** A family, what was measured of it, and the settings whose class, seed and number of images a click keeps. */
export interface Family {
  readonly model: ModelInfo
  readonly rows: readonly Published[]
  readonly now: Settings
  /** Whether it is the one that the address names. */
  readonly asked: boolean
}

export interface MeasuredRow {
  readonly model: ModelInfo
  readonly row: Published
  readonly variant: string
  /** The settings that a click takes, and whether they are in force. */
  readonly wanted: Settings
  readonly inForce: boolean
  readonly verdict: Verdict | null
  /** The difference from no guidance as a share of the distance without it: comparable between families. */
  readonly share: Estimate | null
  /** Evaluations, as a multiple of those without guidance. */
  readonly times: number | null
  /** Bytes to fetch beside what the page has for no guidance. */
  readonly bytes: number
  readonly harms: readonly string[]
  /** Whether it was measured with a class, on as many images as the row without guidance that leads; its network may be another. */
  readonly comparable: boolean
}

export interface Entry {
  readonly id: string
  /** No guidance itself; what only samples longer; a method; a method that was never measured. */
  readonly kind: 'reference' | 'control' | 'method' | 'unmeasured'
  readonly name: string
  readonly brief: string
  /** The best row of each family where there is one, in the order of families. */
  readonly best: readonly MeasuredRow[]
  /** The other rows, best first. */
  readonly others: readonly MeasuredRow[]
}

/** The row that others compare with: no guidance, the default network, a class asked for. */
export function referenceOf({ rows, model }: Pick<Family, 'rows' | 'model'>): Published | undefined {
  return rows.find(
    ({ settings, against }) =>
      !isGuided(settings) && against === null && settings.class !== null && settings.network === model.networks[0]?.id,
  )
}

/** Bytes of the files that a run needs and no guidance does not. */
function extraBytes(settings: Settings, model: ModelInfo): number {
  const plain = new Set(filesOf(defaultSettings(model, 'none'), model).map(({ sha256 }) => sha256))
  return filesOf(settings, model).reduce((sum, { sha256, bytes }) => sum + (plain.has(sha256) ? 0 : bytes), 0)
}

function measuredRow(row: Published, family: Family): MeasuredRow {
  const { model, rows, now } = family
  const base = baseOf(row, model)
  const plain = rows.find(
    (other) => other.against === null && !isGuided(other.settings) && baseOf(other, model) === base,
  )
  const reference = referenceOf(family)
  const wanted = asMeasured(row, now)
  return {
    model,
    row,
    variant: isGuided(row.settings) ? variantOf(row) : '',
    wanted,
    inForce: sameSettings(wanted, now),
    verdict: verdictOf(row.against),
    share: row.against && shareOf(row.frechet, row.against),
    times: plain ? row.evaluations / plain.evaluations : null,
    bytes: extraBytes(row.settings, model),
    harms: harmsOf(row, plain, rows),
    // Networks may differ, where the difference is from the same network; with and without a class are different tasks.
    comparable: row.images === reference?.images && row.settings.class !== null,
  }
}

/** Ascending: the comparable first, and of these what gains most. */
function byGain(a: MeasuredRow | undefined, b: MeasuredRow | undefined): number {
  const tier = (row: MeasuredRow | undefined) => (row === undefined ? 2 : row.comparable ? 0 : 1)
  const gain = (row: MeasuredRow | undefined) => row?.share?.value ?? 0
  return tier(a) - tier(b) || gain(a) - gain(b)
}

function byCost(a: MeasuredRow | undefined, b: MeasuredRow | undefined): number {
  const times = (row: MeasuredRow | undefined) => row?.times ?? Infinity
  const difference = times(a) - times(b)
  return (Number.isNaN(difference) ? 0 : difference) || (a?.bytes ?? 0) - (b?.bytes ?? 0) || byGain(a, b)
}

/** What the table is about: of which kind a row is, and under which name it stands. Null: another network without guidance. */
function placeOf(row: Published, family: Family): Pick<Entry, 'id' | 'kind' | 'name' | 'brief'> | null {
  const { name, settings } = row
  const method = methodById(settings.method)
  if (method && method.kind !== 'none') return { id: method.id, kind: 'method', name: method.name, brief: method.brief }
  if (row.against !== null) return { id: name, kind: 'control', name, brief: 'nothing: it only samples longer' }
  return row === referenceOf(family) ? { id: '', kind: 'reference', name, brief: 'what all rows compare with' } : null
}

/** Every method once: as it was measured, or with nothing where it never was. */
export function entriesOf(families: readonly Family[]): readonly Entry[] {
  const found = new Map<
    string,
    { readonly place: Pick<Entry, 'id' | 'kind' | 'name' | 'brief'>; rows: MeasuredRow[] }
  >()
  for (const family of families) {
    for (const row of family.rows) {
      const place = placeOf(row, family)
      if (!place) continue
      const entry = found.get(place.id) ?? { place, rows: [] }
      entry.rows.push(measuredRow(row, family))
      found.set(place.id, entry)
    }
  }
  const measured = [...found.values()].map(({ place, rows }): Entry => {
    const best = families.flatMap(({ model }) => rows.filter((row) => row.model === model).sort(byGain)[0] ?? [])
    return { ...place, best, others: rows.filter((row) => !best.includes(row)).sort(byGain) }
  })
  const never = methods.filter(({ id, kind }) => kind !== 'none' && !found.has(id))
  return [
    ...measured,
    ...never.map(({ id, name, brief }): Entry => ({ id, kind: 'unmeasured', name, brief, best: [], others: [] })),
  ]
}

export interface Order {
  readonly by: 'gain' | 'cost'
  /** Id of the family whose numbers decide. */
  readonly family: string
}

const RANK = { reference: 0, control: 1, method: 1, unmeasured: 2 } as const satisfies Record<Entry['kind'], number>

/** No guidance first; then controls and methods together; what was never measured last. */
export function sorted(entries: readonly Entry[], { by, family }: Order): readonly Entry[] {
  const compare = by === 'gain' ? byGain : byCost
  const of = ({ best }: Entry) => best.find(({ model }) => model.id === family)
  return [...entries].sort((a, b) => RANK[a.kind] - RANK[b.kind] || compare(of(a), of(b)))
}

/** `Helps on Toys, harms on Avatars`; null where fewer than two families say anything. */
export function acrossFamilies({ best }: Entry): string | null {
  const told = best.filter(({ verdict }) => verdict !== null)
  if (told.length < 2) return null
  const parts = (['helps', 'same', 'harms'] as const).flatMap((verdict) => {
    const names = told.filter((row) => row.verdict === verdict).map(({ model }) => model.name)
    return names.length === 0 ? [] : [`${VERDICTS[verdict]} on ${list(names)}`]
  })
  const text = parts.join(', ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export interface Summary {
  readonly model: ModelInfo
  readonly helps: number
  readonly same: number
  readonly harms: number
  /** What gains most without any guidance. */
  readonly control: MeasuredRow | null
  /** Methods whose interval lies beyond the control's. */
  readonly beyond: readonly string[]
}

/** A family in numbers: each method at its best row, among those that can be compared. */
export function summaryOf(entries: readonly Entry[], model: ModelInfo): Summary {
  const rows = entries.flatMap(({ kind, name, best }) =>
    best.filter((row) => row.model === model && row.comparable).map((row) => ({ kind, name, row })),
  )
  const guided = rows.filter(({ kind }) => kind === 'method')
  const count = (verdict: Verdict) => guided.filter(({ row }) => row.verdict === verdict).length
  const control =
    rows
      .filter(({ kind }) => kind === 'control')
      .map(({ row }) => row)
      .sort(byGain)[0] ?? null
  const bar = control?.share
  return {
    model,
    helps: count('helps'),
    same: count('same'),
    harms: count('harms'),
    control,
    beyond: [...guided]
      .sort((a, b) => byGain(a.row, b.row))
      .flatMap(({ name, row: { share } }) => (bar && share && below(share, bar) ? [name] : [])),
  }
}
