/** Figures as text for a terminal, and as Markdown for a page. */
import { goalsOf } from './goals'
import type { Row, Table, Unit } from './figure'
import { least, most, ratioOf } from './statistics'

const grouped = (value: number) => Math.round(value).toLocaleString('en')

/** A value as a person reads it. */
export function valueText(value: number, unit: Unit): string {
  switch (unit) {
    case 'ms':
      return `${value < 10 ? value.toFixed(1) : grouped(value)} ms`
    case 'bytes':
      return value < 1e6 ? `${grouped(value / 1e3)} kB` : `${(value / 1e6).toFixed(2)} MB`
    case 'count':
      return grouped(value)
    default:
      return unit satisfies never
  }
}

/** The least of the rounds, and how far the largest was. */
function cell(values: readonly number[] | undefined, unit: Unit): string {
  const [low, high] = [least(values ?? []), most(values ?? [])]
  if (low === null || high === null) return '–'
  const [own, far] = [valueText(low, unit), valueText(high, unit)]
  return own === far ? own : `${own} … ${far}`
}

/** How many times less it is in the last column. */
function times(row: Row, column: string, own: string): string {
  const found = ratioOf(row.values[column] ?? [], row.values[own] ?? [])
  if (!found) return '–'
  const text = (value: number) => `${value.toFixed(2)}`
  const [ratio, low, high] = [text(found.ratio), text(found.low), text(found.high)]
  return low === high ? `${ratio} ×` : `${ratio} × (${low} … ${high})`
}

/** Head and lines of a table as cells. */
export function cellsOf({ columns, rows }: Table): readonly (readonly string[])[] {
  const own = columns.at(-1)!
  const others = columns.slice(0, -1)
  const reached = rows.map((row) => goalsOf(row, others, own).join('; '))
  const withGoals = reached.some((text) => text !== '')
  const head = ['', ...columns, ...others.map((other) => `${other} / ${own}`), ...(withGoals ? ['goal'] : [])]
  return [
    head,
    ...rows.map((row, i) => [
      row.line,
      ...columns.map((column) => cell(row.values[column], row.unit)),
      ...others.map((other) => times(row, other, own)),
      ...(withGoals ? [reached[i]!] : []),
    ]),
  ]
}

export function textOf(table: Table): string {
  const cells = cellsOf(table)
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)))
  const lines = cells.map((row) =>
    row.map((text, column) => (column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!))).join('  '),
  )
  return [table.title, `  ${table.note}`, ...lines.map((line) => `  ${line.trimEnd()}`)].join('\n')
}

export function markdownOf(table: Table): string {
  const [head, ...rows] = cellsOf(table)
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text) => text.replaceAll('|', '\\|').replaceAll('*', '\\*')).join(' | ')} |`
  const rule = `|---|${'---:|'.repeat(head!.length - 1)}`
  return [`## ${table.title}`, '', table.note, '', line(head!), rule, ...rows.map(line)].join('\n')
}
