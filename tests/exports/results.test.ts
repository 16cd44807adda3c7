/** What the sweep's files say to Python: src/workflow/results.py reads Parquet by pyarrow and JSON Lines by pandas, and both say what was written. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatOf } from '../../src/cli/sweep/formats'
import type { Result } from '../../src/lab/result'
import { labResult } from '../support/lab-result'

const workflow = join(import.meta.dirname, '../../src/workflow')
const python = process.env['EXPORTS_PYTHON'] ?? ''
let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'results-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const result = (id: string, values: Result['values'], frechet: number, margin: number | null): Result =>
  labResult(values, { frechet: { value: frechet, margin }, precision: { value: 0.9, margin: 0.01 } }, { id })

const results = [
  result('0000000000000001', { method: 'seg', sigma: '0.5', layers: '0,2' }, 0.1 + 0.2, 0.25),
  result('0000000000000002', { method: 'seg', sigma: 'inf', layers: 'all' }, 2, null),
  result('0000000000000003', { method: 'é, "quoted"', sigma: '2', layers: 'all' }, 1 / 3, 1e-9),
]

const read = `
import json, math, sys
sys.path.insert(0, ${JSON.stringify(workflow)})
from results import to_pandas
def plain(value):
    if not isinstance(value, float) or math.isfinite(value): return value
    return None if math.isnan(value) else str(value)
print(json.dumps([{key: plain(value) for key, value in row.items()} for row in to_pandas(sys.argv[1]).to_dict('records')]))
`

/** Rows of the data frame that Python makes of a file. JSON has no infinity, so a number that has no end is its name. */
function rowsOf(name: string): readonly Readonly<Record<string, unknown>>[] {
  const file = join(folder, name)
  writeFileSync(file, formatOf(file)(results, 'results'))
  const { stdout, stderr, status } = spawnSync(python, ['-c', read, file], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as readonly Readonly<Record<string, unknown>>[]
}

describe.each(['results.parquet', 'results.jsonl'])('%s in Python', (name) => {
  it('has every setting that was varied, every number, and half its interval', () => {
    const rows = rowsOf(name)
    expect(rows).toHaveLength(results.length)
    for (const [i, { values, metrics, images, id }] of results.entries()) {
      expect(rows[i]).toMatchObject({
        method: values['method'],
        layers: values['layers'],
        sigma: values['sigma'] === 'inf' ? 'inf' : Number(values['sigma']),
        frechet: metrics['frechet']!.value,
        'frechet ±': metrics['frechet']!.margin,
        images,
        id,
      })
    }
  })
})

it('prints the lowest first, whatever numbers there are', () => {
  const file = join(folder, 'few.parquet')
  const few = results.map((each): Result => ({
    ...each,
    metrics: { kid: { value: each.images / 16_000, margin: null } },
  }))
  writeFileSync(
    file,
    formatOf(file)([...few.slice(1), { ...few[0]!, metrics: { kid: { value: -1, margin: 0.5 } } }], 'few'),
  )
  const { stdout, stderr } = spawnSync(python, [join(workflow, 'results.py'), file], { encoding: 'utf8' })
  expect(stderr).toBe('')
  const [head, first] = stdout.trim().split('\n')
  expect(head?.split(/\s+/).filter(Boolean)).toEqual(['method', 'sigma', 'layers', 'kid', 'kid', '±', 'images'])
  expect(first?.trim()).toMatch(/^seg +0\.5 +0,2 +-1\.0/)
})
