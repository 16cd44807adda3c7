/** What a grid is to be: its axes as they are typed, what they make of the settings, and in which batches it is drawn. Pure. */
import { axisLabel, isAxisKey, type AxisKey } from '../../../../../lab/axis'
import { LabError } from '../../../../../lab/error'
import { type Cell, cellsOf, type Grid, type Models, sizeOf, strangeValue } from '../../../../../lab/grid'
import { hashOfText } from '../../../../../lab/identity'
import { valuesOf } from '../../../../../lab/values'
import { canonicalJson } from '../../../../../core/canonical'
import { toPreset } from '../../../../../settings'
import type { Settings } from '../../../../../settings/types'
import type { Said } from '../../address'

/** Columns, rows, pages. */
export const SLOTS = ['x', 'y', 'z'] as const
export type Slot = (typeof SLOTS)[number]

/** An axis as it is typed. */
export interface AxisText {
  readonly key: string
  readonly text: string
}

/** By slot; a slot without an axis is empty. */
export type AxisTexts = Readonly<Partial<Record<Slot, AxisText>>>

/** More would not be looked at, and not be kept. */
export const MOST_CELLS = 500
/** Pictures that are drawn side by side: they share rows of the network, and are lost together where a drawing is broken off. */
const MOST_TOGETHER = 6

/** What the address says of the axes; null where it says nothing. */
export function readAxes(said: Said): AxisTexts | null {
  const found = SLOTS.flatMap((slot): [Slot, AxisText][] => {
    const text = said[slot]
    const colon = text?.indexOf(':') ?? -1
    return text === undefined || colon < 0 ? [] : [[slot, { key: text.slice(0, colon), text: text.slice(colon + 1) }]]
  })
  return found.length === 0 ? null : Object.fromEntries(found)
}

export function writeAxes(axes: AxisTexts): Said {
  return Object.fromEntries(
    SLOTS.flatMap((slot) => {
      const axis = axes[slot]
      return axis ? [[slot, `${axis.key}:${axis.text}`] as const] : []
    }),
  )
}

/** Rows of a fresh grid. */
const FIRST_ROWS = 4

/** What a person who said nothing most likely wants: the two likeliest settings, the one of more values as columns. */
export function suggested(keys: readonly AxisKey[]): AxisTexts {
  const [first, second] = keys
  const text = ({ key, example }: AxisKey, most = Infinity): AxisText => ({
    key,
    text: example.split(', ').slice(0, most).join(', '),
  })
  if (!first) return {}
  return second ? { x: text(second), y: text(first, FIRST_ROWS) } : { x: text(first) }
}

export type Plan =
  /** `slot`: whose axis it is about; null for all together. */
  | { readonly kind: 'faulty'; readonly slot: Slot | null; readonly why: string }
  | {
      readonly kind: 'ready'
      readonly id: string
      readonly grid: Grid
      /** The slots that have an axis, in the order of the axes. */
      readonly slots: readonly Slot[]
      /** In the order of work. */
      readonly cells: readonly Cell[]
    }

export type ReadyPlan = Extract<Plan, { kind: 'ready' }>
export type ReadyCell = Extract<Cell, { kind: 'ready' }>

export function planOf(axes: AxisTexts, settings: Settings, models: Models): Plan {
  const slots = SLOTS.filter((slot) => axes[slot])
  if (slots.length === 0) return { kind: 'faulty', slot: null, why: 'Choose a setting to vary.' }
  const read: Grid['axes'][number][] = []
  for (const slot of slots) {
    const { key, text } = axes[slot]!
    const faulty = (why: string): Plan => ({ kind: 'faulty', slot, why })
    if (!isAxisKey(key)) return faulty(`“${key}” is no setting that can be varied: choose one of the list.`)
    if (read.some((other) => other.key === key)) return faulty('This setting is varied by another axis already.')
    try {
      read.push({ key, values: valuesOf(text) })
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      return faulty(error.message)
    }
  }
  const grid: Grid = { preset: toPreset({ ...settings, samples: 1 }), axes: read }
  const size = sizeOf(grid)
  if (size > MOST_CELLS) {
    const why = `These are ${size} pictures, and a grid has at most ${MOST_CELLS}: leave values out.`
    return { kind: 'faulty', slot: null, why }
  }
  const cells = cellsOf(grid, models)
  const strange = strangeValue(cells)
  if (strange) {
    const { key, why } = strange
    return { kind: 'faulty', slot: slots.find((slot) => axes[slot]!.key === key) ?? null, why }
  }
  return { kind: 'ready', id: hashOfText(canonicalJson(grid)).slice(0, 16), grid, slots, cells }
}

/** That a setting means nothing here, in a few words. */
export function unusedWords({ unused }: Pick<Cell, 'unused'>): string {
  const names = unused.map((key) => axisLabel(key).toLowerCase())
  return names.length === 0 ? '' : `has no ${names.join(' and no ')}`
}

/** Cells that are pictures, each once: where a setting means nothing, its cells are one. */
export function pictured(cells: readonly Cell[]): readonly ReadyCell[] {
  const known = new Map<string, ReadyCell>()
  for (const cell of cells) if (cell.kind === 'ready' && !known.has(cell.id)) known.set(cell.id, cell)
  return [...known.values()]
}

/** Cells of one line: those that follow each other along the axis that is changed most often. */
function linesOf(cells: readonly ReadyCell[]): readonly ReadyCell[][] {
  const lines: ReadyCell[][] = []
  for (const cell of cells) {
    const before = lines.at(-1)?.at(-1)
    const unlike = before && cell.at.filter((index, axis) => index !== before.at[axis]).length
    if (unlike === 1 && before?.settings.model === cell.settings.model) lines.at(-1)!.push(cell)
    else lines.push([cell])
  }
  return lines
}

/** Batches of cells that are drawn side by side: of one model, whole lines where they fit, since the cells of a line share most. */
export function batchesOf(cells: readonly ReadyCell[]): readonly (readonly ReadyCell[])[] {
  const pieces = linesOf(cells).flatMap((line) => {
    const size = Math.ceil(line.length / Math.ceil(line.length / MOST_TOGETHER))
    return Array.from({ length: Math.ceil(line.length / size) }, (_, i) => line.slice(i * size, (i + 1) * size))
  })
  const batches: ReadyCell[][] = []
  for (const piece of pieces) {
    const last = batches.at(-1)
    const joins = last && last.length + piece.length <= MOST_TOGETHER
    if (joins && last[0]?.settings.model === piece[0]?.settings.model) last.push(...piece)
    else batches.push([...piece])
  }
  return batches
}
