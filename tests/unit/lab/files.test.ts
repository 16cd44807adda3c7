import { describe, expect, it } from 'vitest'
import { LabError } from '../../../src/lab/error'
import { readResults, resultLine, type Result } from '../../../src/lab/result'
import { parseSweep, sweepJson } from '../../../src/lab/sweep'

const file = { title: 'Scales', axes: [{ key: 'scale', values: '0..1 by 0.25' }], images: 100 }

describe('a sweep file', () => {
  it('is read with its ranges, and written so that it reads the same', () => {
    const sweep = parseSweep({
      ...file,
      preset: { method: 'seg' },
      axes: [...file.axes, { key: 'layers', values: ['all', [2, 3], 0] }],
    })
    expect(sweep.axes).toEqual([
      { key: 'scale', values: ['0', '0.25', '0.5', '0.75', '1'] },
      { key: 'layers', values: ['all', '2_3', '0'] },
    ])
    expect(parseSweep(JSON.parse(JSON.stringify(sweepJson(sweep))))).toEqual(sweep)
  })

  it.each([
    [null, /the file/],
    [[], /the file/],
    [{ ...file, title: '' }, /title/],
    [{ ...file, images: 0 }, /images/],
    [{ ...file, images: 1.5 }, /images/],
    [{ ...file, axes: [] }, /axes/],
    [{ ...file, axes: [{ key: 'samples', values: '1, 2' }] }, /axes\.0\.key.*can be varied/],
    [{ ...file, axes: [{ key: 'nothing', values: '1, 2' }] }, /axes\.0\.key/],
    [{ ...file, axes: [{ key: 'scale', values: '0..1' }] }, /no range/],
    [{ ...file, axes: [{ key: 'scale', values: [1, '1'] }] }, /twice/],
    [{ ...file, axes: [...file.axes, ...file.axes] }, /Two axes vary scale/],
    [{ ...file, ax: 1 }, /ax/],
    [{ ...file, axes: ['scale', 'seed', 'class'].map((key) => ({ key, values: '0..99 by 1' })) }, /1000000 cells/],
  ])('%j is refused with its place', (json, why) => {
    expect(() => parseSweep(json)).toThrow(LabError)
    expect(() => parseSweep(json)).toThrow(why)
  })
})

const row: Result = {
  id: '0123456789abcdef',
  values: { scale: '0.5' },
  preset: { method: 'pag', scale: 0.5, class: 'each' },
  seed: 1,
  images: 100,
  metrics: { frechet: { value: 7.25, margin: 0.5 }, recall: { value: 0.9, margin: null } },
  rows: null,
  seconds: 12.5,
  judge: 'ab',
  source: { main: 'cd' },
  made: '2026-11-30T14:00:00.000Z',
  by: 'cli',
}

describe('results', () => {
  it('are lines that read back, equal for equal rows', () => {
    const other = { ...row, id: 'fedcba9876543210', rows: 12 }
    expect(readResults(`${resultLine(row)}\n${resultLine(other)}`)).toEqual([row, other])
    expect(resultLine({ ...Object.fromEntries(Object.entries(row).reverse()), ...row })).toBe(resultLine(row))
  })

  it.each([
    ['{', /Line 2 is no JSON/],
    ['{}', /Line 2 is no result of the lab: id/],
    [resultLine({ ...row, id: 'short' }), /id: must be 16 hex digits/],
    [JSON.stringify({ ...row, metrics: { frechet: 7 } }), /metrics\.frechet/],
    [JSON.stringify({ ...row, more: 1 }), /more/],
  ])('with a bad line say which: %s', (line, why) => {
    expect(() => readResults(`${resultLine(row)}${line}`)).toThrow(LabError)
    expect(() => readResults(`${resultLine(row)}${line}`)).toThrow(why)
  })
})
