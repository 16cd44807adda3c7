/** Results and cells as tables that a person reads. */
import { metricNames } from '../../lab/columns'
import type { Cell } from '../../lab/grid'
import type { Result } from '../../lab/result'
import type { Entry } from './opened'
import { shardOfPiece } from './pieces'
import { storedOf } from './stored'

const numberText = (
  estimate: { readonly value: number; readonly margin: number | null } | undefined,
  factor: number,
  digits: number,
) => {
  if (!estimate) return ''
  const { value, margin } = estimate
  return `${(factor * value).toFixed(digits)}${margin === null ? '' : ` ± ${(factor * margin).toFixed(digits)}`}`
}

export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]! + 2))
        .join('')
        .trimEnd(),
    )
    .join('\n')
}

/** Shares, which are told in hundredths. */
const SHARES = ['agreement', 'precision', 'recall', 'clarity', 'shift']

/** `metric`: what the Fréchet distance is called. */
export function resultTable(results: readonly Result[], metric: string): string {
  const keys = [...new Set(results.flatMap(({ values }) => Object.keys(values)))]
  const names = metricNames(results)
  const head = (name: string) => (name === 'frechet' ? metric : SHARES.includes(name) ? `${name} %` : name)
  return aligned([
    [...keys, ...names.map(head), 'images'],
    ...results.map(({ values, images, metrics }) => [
      ...keys.map((key) => values[key] ?? ''),
      ...names.map((name) =>
        SHARES.includes(name) ? numberText(metrics[name], 100, 1) : numberText(metrics[name], 1, 3),
      ),
      String(images),
    ]),
  ])
}

/** Every cell with its point, and why one can't be drawn. `of`: the number of shards. */
export function cellTable(entries: readonly Entry[], of: number): string {
  const keys = Object.keys(entries[0]?.cell.values ?? {})
  const said = (cell: Cell) => {
    if (cell.kind === 'refused') return cell.why
    return cell.unused.length > 0 ? `has no ${cell.unused.join(', ')}` : ''
  }
  return aligned([
    [...keys, 'point', ...(of > 1 ? ['shard'] : []), 'measured', ''],
    ...entries.map(({ cell, point }) => [
      ...keys.map((key) => cell.values[key] ?? ''),
      point?.id ?? '–',
      ...(of > 1 ? [point ? String(shardOfPiece(point.id, 0, of)) : ''] : []),
      point ? storedOf(point).join(', ') : '',
      said(cell),
    ]),
  ])
}
