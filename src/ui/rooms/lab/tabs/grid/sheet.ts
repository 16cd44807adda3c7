/** A grid as files: a PNG with labels along its axes and everything that made it inside, and the same as JSON. */
import { axisLabel } from '../../../../../lab/axis'
import type { Cell } from '../../../../../lab/grid'
import type { ModelInfo } from '../../../../../model/types'
import { toPreset } from '../../../../../settings'
import type { Rgb8 } from '../../../../../storage/png'
import { PNG_KEY, withPngText } from '../../../../../storage/png-text'
import { encodePng } from '../../../../../storage/write-png'
import { lay, type Word, wordsOnWhite } from '../../../../stage/triptych'
import type { LabPicture } from '../../pictures'
import { valueName } from '../../values'
import type { DrawingState } from './drawing'
import { type ReadyPlan, unusedWords } from './plan'

/** What is written. */
export interface SheetParts extends Pick<DrawingState, 'pictures' | 'failures' | 'rows'> {
  readonly plan: ReadyPlan
  readonly model: ModelInfo
  readonly models: readonly ModelInfo[]
  /** What is varied, in words. */
  readonly caption: string
  /** To the grid itself. */
  readonly link: string
}

/** The key of the whole grid in a picture; the settings that it varies are where other pictures have theirs. */
export const GRID_KEY = 'grid'

const INK = '#15171a'
const MUTED = '#565c65'
const [MARGIN, GAP, LINE] = [32, 6, 20]
const SIDE = 128
/** Under a picture whose method lacks a setting. */
const NOTE_LINE = 13
const NOTE_LETTERS = 22
const LABEL = 168
/** About the width of a letter of the caption. */
const LETTER = 7.2

/** Broken between words into lines of so many letters. */
export function wrapped(text: string, most: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** What a cell's method does not have, in lines. */
function noteOf(cell: Cell): readonly string[] {
  const words = unusedWords(cell)
  return words === '' ? [] : wrapped(words, NOTE_LETTERS)
}

/** Everything but the pixels. */
export function gridJson({ plan, pictures, failures, rows, link }: SheetParts): Record<string, unknown> {
  const state = (cell: Cell) => {
    if (cell.kind === 'refused') return { refused: cell.why }
    const [picture, failed] = [pictures.get(cell.id), failures.get(cell.id)]
    return {
      id: cell.id,
      preset: toPreset(cell.settings),
      ...(picture && { digest: picture.digest }),
      ...(failed !== undefined && { failed }),
    }
  }
  return {
    kind: 'grid',
    link,
    preset: plan.grid.preset,
    axes: plan.grid.axes.map(({ key, values }, i) => ({ slot: plan.slots[i], key, label: axisLabel(key), values })),
    rows,
    cells: plan.cells.map((cell) => ({ at: cell.at, values: cell.values, unused: cell.unused, ...state(cell) })),
  }
}

/** Where things stand on the sheet. */
function layoutOf({ plan }: SheetParts) {
  const axis = (slot: 'x' | 'y' | 'z') => {
    const index = plan.slots.indexOf(slot)
    const own = plan.grid.axes[index]
    return { index, key: own?.key ?? null, values: own?.values ?? [''] }
  }
  const [x, y, z] = [axis('x'), axis('y'), axis('z')]
  const left = MARGIN + (y.key === null ? 0 : LABEL)
  const head = 3 * LINE
  const noted = plan.cells.map((cell) => noteOf(cell).length)
  const row = SIDE + Math.max(0, ...noted) * NOTE_LINE + GAP
  const pageHeight = head + y.values.length * row + LINE
  return {
    x,
    y,
    z,
    left,
    head,
    row,
    pageHeight,
    width: Math.max(left + x.values.length * (SIDE + GAP) + MARGIN, 640),
    height: MARGIN + 2 * LINE + z.values.length * pageHeight + MARGIN,
    topOf: (page: number) => MARGIN + 2 * LINE + page * pageHeight,
  }
}

type Layout = ReturnType<typeof layoutOf>

function placeOf({ at }: Cell, { x, y, z, left, head, row, topOf }: Layout) {
  const index = (axis: Layout['x']) => (axis.index < 0 ? 0 : (at[axis.index] ?? 0))
  return { left: left + index(x) * (SIDE + GAP), top: topOf(index(z)) + head + index(y) * row }
}

function labels({ model, models, caption }: SheetParts, layout: Layout): Word[] {
  const { x, y, z, left, head, row, topOf } = layout
  const word = (text: string, at: number, top: number, colour = INK, font = '400 14px'): Word => ({
    text,
    x: at,
    y: top,
    colour,
    font,
  })
  const name = (key: string | null, text: string) => (key === null ? '' : valueName(key, text, model, models))
  const pages = z.values.flatMap((page, index) => {
    const top = topOf(index)
    const title =
      z.key === null ? [] : [word(`${axisLabel(z.key)} ${name(z.key, page)}`, MARGIN, top + 14, INK, '500 16px')]
    const corner = [
      ...(y.key === null ? [] : [word(`${axisLabel(y.key)} ↓`, MARGIN, top + head - 12, MUTED)]),
      ...(x.key === null ? [] : [word(`${axisLabel(x.key)} →`, left, top + LINE + 12, MUTED)]),
    ]
    const columns = x.values.map((text, i) =>
      word(name(x.key, text), left + i * (SIDE + GAP), top + head - 6, INK, '500 14px'),
    )
    const rows = y.values.flatMap((text, i) =>
      wrapped(name(y.key, text), 20).map((line, at) =>
        word(line, MARGIN, top + head + i * row + SIDE / 2 + at * LINE, INK, '500 14px'),
      ),
    )
    return [...title, ...corner, ...columns, ...rows]
  })
  const letters = Math.floor((layout.width - 2 * MARGIN) / LETTER)
  const title = wrapped(`${model.name} · ${caption}`, letters).map((line, i) =>
    word(line, MARGIN, MARGIN + 8 + i * LINE, MUTED),
  )
  return [...title, ...pages]
}

/** What a cell's method does not have, under its picture. */
function notes({ plan }: SheetParts, layout: Layout): Word[] {
  return plan.cells.flatMap((cell) => {
    const { left, top } = placeOf(cell, layout)
    return noteOf(cell).map((text, i) => ({
      text,
      x: left,
      y: top + SIDE + NOTE_LINE * (i + 1),
      colour: MUTED,
      font: '400 11px',
    }))
  })
}

/** Why a cell has no picture, in its place. */
function reasons({ plan, failures }: SheetParts, layout: Layout): Word[] {
  return plan.cells.flatMap((cell) => {
    const why = cell.kind === 'refused' ? cell.why : failures.get(cell.id)
    if (why === undefined) return []
    const { left, top } = placeOf(cell, layout)
    return wrapped(why, 20)
      .slice(0, 7)
      .map((text, i) => ({ text, x: left + 4, y: top + 16 + 15 * i, colour: MUTED, font: '400 11px' }))
  })
}

/** All that is written on the sheet. */
export const wordsOf = (parts: SheetParts, layout = layoutOf(parts)): readonly Word[] => [
  ...labels(parts, layout),
  ...notes(parts, layout),
  ...reasons(parts, layout),
]

export function drawGrid(parts: SheetParts): Rgb8 {
  const layout = layoutOf(parts)
  const page = wordsOnWhite(wordsOf(parts, layout), layout)
  for (const cell of parts.plan.cells) {
    const picture: LabPicture | undefined = cell.kind === 'ready' ? parts.pictures.get(cell.id) : undefined
    if (!picture) continue
    const { left, top } = placeOf(cell, layout)
    lay(page, picture.image, picture, left, top, SIDE)
  }
  return page
}

export async function pngOfGrid(parts: SheetParts): Promise<Blob> {
  const plain = withPngText(await encodePng(drawGrid(parts)), GRID_KEY, JSON.stringify(gridJson(parts)))
  const png = withPngText(plain, PNG_KEY, JSON.stringify(parts.plan.grid.preset))
  return new Blob([png], { type: 'image/png' })
}
