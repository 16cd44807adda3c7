/** The pure parts of the benchmark: what is read of the system, what is said of several rounds, and how tables are written. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { readOptions } from '../../../src/cli/bench/arguments'
import { parseStat, usedBy } from '../../../src/cli/bench/cpu'
import { Rounds, type Table } from '../../../src/cli/bench/figure'
import { goalsOf, missedIn } from '../../../src/cli/bench/goals'
import { loadWarning } from '../../../src/cli/bench/machine'
import { Meter } from '../../../src/cli/bench/meter'
import { figuresOf } from '../../../src/cli/bench/pages'
import { least, ratioOf } from '../../../src/cli/bench/statistics'
import { UsageError } from '../../../src/cli/usage'
import { cellsOf, markdownOf, textOf, valueText } from '../../../src/cli/bench/table'

it('reads the time of a process, whatever its name holds', () => {
  const after = 'S 1 2 3 0 -1 4194304 98 0 0 0 150 50 7 9 20 0 12 0 7263603 3133440'
  expect(parseStat(`4711 (chromium) ${after}`)).toBe(2000)
  expect(parseStat(`4711 (a) S 9 (b) ) ${after}`)).toBe(2000)
  expect(parseStat('')).toBeNull()
})

it('says what was used between samples, and no more than there was', () => {
  const samples = [
    { at: 100, cpu: 0 },
    { at: 120, cpu: 10 },
    { at: 140, cpu: 50 },
  ]
  expect([90, 100, 110, 130, 140, 200].map((at) => usedBy(samples, at))).toEqual([0, 0, 5, 30, 50, 50])
  expect(usedBy([], 0)).toBeNull()
})

it('takes the ratio of the least, and its range of values of one round', () => {
  expect(least([])).toBeNull()
  expect(ratioOf([200, 900, 300], [100, 300, 600])).toEqual({ ratio: 2, low: 0.5, high: 3 })
  expect(ratioOf([200], [])).toBeNull()
  expect(ratioOf([200], [0])).toBeNull()
  // The least of each may be of different rounds.
  expect(ratioOf([100, 300], [50, 10])).toEqual({ ratio: 10, low: 2, high: 30 })
})

const rounds = new Rounds()
rounds.add('old', [{ line: 'a | b', unit: 'ms', value: 900, goals: [{ times: 2.5 }, { atMost: 250 }] }])
rounds.add('new', [{ line: 'a | b', unit: 'ms', value: 300 }])
rounds.add('old', [{ line: 'a | b', unit: 'ms', value: 1200 }])
rounds.add('new', [{ line: 'a | b', unit: 'ms', value: 400 }])
rounds.add('old', [{ line: 'size', unit: 'bytes', value: null }])
rounds.add('new', [{ line: 'size', unit: 'bytes', value: 1_234_567 }])
const table: Table = { title: 'Run', note: 'Of two.', columns: ['old', 'new'], rows: rounds.rows() }

it('puts rounds into a table with ratios, ranges and goals', () => {
  expect(cellsOf(table)).toEqual([
    ['', 'old', 'new', 'old / new', 'goal'],
    ['a | b', '900 ms … 1,200 ms', '300 ms … 400 ms', '3.00 ×', '≥ 2.5 ×: met; ≤ 250: not met'],
    ['size', '–', '1.23 MB', '–', ''],
  ])
  expect(markdownOf(table).split('\n')).toContain('| size | – | 1.23 MB | – |  |')
  expect(markdownOf(table)).toContain('| a \\| b |')
  const lines = textOf(table).split('\n').slice(3)
  expect(lines[0]!.indexOf('300 ms')).toBeGreaterThan(lines[0]!.indexOf('900 ms'))
  expect(lines[1]!.indexOf('1.23 MB') + '1.23 MB'.length).toBe(lines[0]!.indexOf('300 ms … 400 ms') + 15)
})

it('says nothing of a goal that was not measured', () => {
  const row = { line: 'x', unit: 'ms' as const, goals: [{ times: 2 }, { atMost: 5 }], values: { new: [4] } }
  expect(goalsOf(row, ['old'], 'new')).toEqual(['≤ 5: met'])
  expect(goalsOf({ ...row, values: { ...row.values, old: [7] } }, ['old'], 'new')).toEqual([
    '≥ 2 ×: not met',
    '≤ 5: met',
  ])
})

it('says which lines miss their goals, beside what, and why', () => {
  const goals = [{ times: 2, missed: 'It would take more.' }, { atMost: 50 }]
  const columns = ['a', 'b', 'own']
  const row = (line: string, values: Table['rows'][number]['values']) => ({ line, unit: 'ms' as const, goals, values })
  const rows = [
    row('x', { a: [9], b: [6, 7], own: [4] }),
    row('y', { b: [7], own: [4] }),
    row('z', { a: [120], own: [60] }),
  ]
  expect(missedIn({ title: 'Run', note: '', columns, rows })).toEqual([
    '**Run**: x, b (≥ 2 ×); y, b (≥ 2 ×). It would take more.',
    '**Run**: z (≤ 50).',
  ])
  expect(missedIn({ title: 'Run', note: '', columns, rows: [] })).toEqual([])
})

it('writes values as people read them', () => {
  expect([valueText(4.26, 'ms'), valueText(12_345, 'ms'), valueText(999, 'bytes')]).toEqual([
    '4.3 ms',
    '12,345 ms',
    '1 kB',
  ])
})

it('warns of a busy machine only', () => {
  expect(loadWarning({ load: 0.4, cores: 2 })).toBeNull()
  expect(loadWarning({ load: 3, cores: 2 })).toContain('load 3.00 on 2 cores')
})

it('reads flags, and refuses what it does not know', () => {
  expect(readOptions(['--help'])).toBeNull()
  expect(readOptions([])).toMatchObject({ rounds: 4, model: 'avatars', isDefault: true, backend: 'auto', only: null })
  expect(readOptions(['--quick', '--model', 'tiny'])).toMatchObject({ rounds: 2, isDefault: false })
  for (const wrong of [['--rounds', '0'], ['--only', 'nonsense'], ['--backend', 'cuda'], ['--model', 'x'], ['--no']])
    expect(() => readOptions(wrong)).toThrow(UsageError)
  const only = figuresOf({ only: ['memory', 'whole-run'], quick: true }).map(({ id }) => id)
  expect(only).toEqual(['whole-run', 'memory'])
})

it('counts what passes through, as it travels and as it is read', async () => {
  const text = 'a'.repeat(100_000)
  const packed = gzipSync(text)
  const site = createServer((request, response) => {
    if (request.url === '/plain') response.end(text)
    else response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(packed)
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  const meter = new Meter(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`)
  await meter.open()
  for (const name of ['plain', 'packed?x']) expect(await (await fetch(`${meter.url}${name}`)).text()).toBe(text)
  expect(meter.take()).toEqual([
    { path: '/plain', transferred: 100_000, decoded: 100_000 },
    { path: '/packed', transferred: packed.byteLength, decoded: 100_000 },
  ])
  expect(meter.take()).toEqual([])
  meter.close()
  site.close()
  site.closeAllConnections()
})
