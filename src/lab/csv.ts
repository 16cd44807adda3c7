/** A table as CSV (RFC 4180), numbers to the last bit. Pure. */
import type { Column } from './columns'

/** Spreadsheets run what begins like a formula; a space before it is harmless to everybody else. */
const harmless = (text: string) => (/^[=+@\t]|^-(?!\d|\.|inf)/.test(text) ? ` ${text}` : text)

const quoted = (text: string) => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

function cell({ values }: Column, row: number): string {
  const value = values[row] ?? null
  if (value === null) return ''
  if (typeof value === 'string') return quoted(harmless(value))
  return Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : value < 0 ? '-inf' : 'nan'
}

export function csv(columns: readonly Column[]): string {
  const rows = columns[0]?.values.length ?? 0
  const lines = [columns.map(({ name }) => quoted(name))]
  for (let row = 0; row < rows; row++) lines.push(columns.map((column) => cell(column, row)))
  return lines.map((line) => `${line.join(',')}\r\n`).join('')
}
