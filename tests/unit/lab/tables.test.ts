/** Results as CSV, Parquet and SVG, each read back by another reader than ours where there is one. */
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { acrossOf, chart, ticks } from '../../../src/lab/chart'
import { columnsOf, metricNames } from '../../../src/lab/columns'
import { csv } from '../../../src/lab/csv'
import { parquet } from '../../../src/lab/parquet'
import type { Result } from '../../../src/lab/result'
import { labResult } from '../../support/lab-result'

const result = (values: Record<string, string>, value: number, margin: number | null = null): Result =>
  labResult(values, { frechet: { value, margin } })

const results = [
  result({ method: 'pag', sigma: '0.5' }, 0.1 + 0.2, 0.25),
  result({ method: '=1+1', sigma: 'inf' }, 2, null),
]

/** A reader of RFC 4180 that knows nothing of the writer. */
function fields(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end === '\r\n') rows.push([])
    if (end === '') break
  }
  return rows.slice(0, -1)
}

describe('results as tables', () => {
  it('tells an axis of numbers from one of names, infinity among the numbers', () => {
    const [method, sigma, frechet, margin] = columnsOf(results)
    expect(method).toEqual({ name: 'method', kind: 'text', values: ['pag', '=1+1'] })
    expect(sigma).toEqual({ name: 'sigma', kind: 'number', values: [0.5, Infinity] })
    expect(frechet!.values).toEqual([0.30000000000000004, 2])
    expect(margin).toMatchObject({ name: 'frechet ±', values: [0.25, null] })
  })

  it('tells the judge’s numbers first, in one order, then those of others', () => {
    const one = result({}, 1)
    const named = (...names: readonly string[]) => ({
      ...one,
      metrics: Object.fromEntries(names.map((name) => [name, { value: 1, margin: null }])),
    })
    expect(metricNames([named('kid', 'agreement'), named('recall', 'frechet', 'fid')])).toEqual([
      'frechet',
      'agreement',
      'recall',
      'kid',
      'fid',
    ])
  })

  it('writes CSV that keeps every bit and every quote, and that no spreadsheet runs', () => {
    const [head, first, second] = fields(csv(columnsOf(results)))
    const of = (row: readonly string[] | undefined, name: string) => row?.[head!.indexOf(name)]
    expect(Number(of(first, 'frechet'))).toBe(0.1 + 0.2)
    expect([of(second, 'sigma'), of(second, 'frechet ±'), of(second, 'method')]).toEqual(['inf', '', ' =1+1'])
    expect(JSON.parse(of(first, 'preset')!)).toEqual(results[0]!.preset)
    expect(fields(csv(columnsOf(results)))).toHaveLength(3)
  })

  it('writes Parquet that a reader gives back', async () => {
    const { buffer } = parquet(columnsOf(results)).slice()
    const rows = await parquetReadObjects({ file: buffer })
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatchObject({ method: 'pag', sigma: 0.5, frechet: 0.1 + 0.2, 'frechet ±': 0.25, images: 500 })
    expect(rows[1]).toMatchObject({ method: '=1+1', sigma: Infinity, 'frechet ±': null, seconds: null })
  })
})

describe('a chart', () => {
  it('goes along the numbers with most values, and has a line for each of the others', () => {
    const grid = ['pag', '<seg>'].flatMap((method) =>
      ['0', '0.5', 'inf'].map((sigma, i) => result({ method, sigma }, 3 - i, 0.5)),
    )
    expect(acrossOf(grid)).toBe('sigma')
    const svg = chart('A & B', 'frechet', grid)
    expect(svg.match(/<polyline/g)).toHaveLength(2)
    expect(svg.match(/<circle/g)).toHaveLength(6)
    expect(svg).toContain('<title>A &amp; B</title>')
    expect(svg).toContain('Method &lt;seg&gt;')
    expect(svg).toContain('>∞</text>')
    // 0, 0.5 and infinity are evenly apart by chance of their range: the last is beyond the second.
    const xs = [...svg.matchAll(/<circle cx="([\d.]+)"/g)].map(([, x]) => Number(x))
    expect(xs[0]! < xs[1]! && xs[1]! < xs[2]!).toBe(true)
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })

  it.each([[[]], [[result({}, 1)]], [[result({ method: 'pag' }, 1)]], [[result({ scale: '1' }, 1, 0)]]])(
    'draws whatever there is: %#',
    (some: readonly Result[]) => {
      expect(chart('few', 'frechet', some)).not.toMatch(/NaN|Infinity|undefined/)
    },
  )

  it('has round numbers beside it', () => {
    expect(ticks(0, 2)).toEqual([0, 0.5, 1, 1.5, 2])
    expect(ticks(3.61, 4.42)).toEqual([3.8, 4, 4.2, 4.4])
  })
})
