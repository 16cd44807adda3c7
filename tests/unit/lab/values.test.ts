import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LabError } from '../../../src/lab/error'
import { MOST_VALUES, shortText, valuesOf } from '../../../src/lab/values'

describe('values of an axis', () => {
  it.each([
    ['0, 0.5,1', ['0', '0.5', '1']],
    ['pag, seg', ['pag', 'seg']],
    ['0, 2_3, all', ['0', '2_3', 'all']],
    ['0..2 by 0.25', ['0', '0.25', '0.5', '0.75', '1', '1.25', '1.5', '1.75', '2']],
    // 3 × 0.1 is 0.30000000000000004 in doubles.
    ['0..0.4 by 0.1', ['0', '0.1', '0.2', '0.3', '0.4']],
    ['-1..0.5 by 0.5', ['-1', '-0.5', '0', '0.5']],
    // The end is left out where no step meets it.
    ['0..1 by 0.4', ['0', '0.4', '0.8']],
    ['0..1 in 5', ['0', '0.25', '0.5', '0.75', '1']],
    ['0.01..100 log 5', ['0.01', '0.1', '1', '10', '100']],
    ['0.1..10 log 4', ['0.1', '0.4642', '2.154', '10']],
    ['stored, 0..0.1 by 0.05\n0.5', ['stored', '0', '0.05', '0.1', '0.5']],
    ['1e-3..3e-3 by 1e-3', ['0.001', '0.002', '0.003']],
  ])('%s', (text, values) => expect(valuesOf(text)).toEqual(values))

  it.each([
    ['', /no value/],
    [' , ', /no value/],
    ['0, 0', /twice/],
    ['0..1 by 0', /above 0/],
    ['0..1 by -1', /above 0/],
    ['2..1 by 1', /backwards/],
    ['0..1', /no range/],
    ['0..1 in 1', /2 values/],
    ['0..1 in 2.5', /2 values/],
    ['0..1 log 3', /above 0/],
    ['0..1 by 0.001', /more than 100/],
    ['0..1e9 by 1e-9', /more than 100/],
    ['0..1 in 101', /more than 100/],
    [Array.from({ length: 101 }, (_, i) => i).join(), /more than 100/],
  ])('refuses “%s” with a sentence', (text, why) => {
    expect(() => valuesOf(text)).toThrow(LabError)
    expect(() => valuesOf(text)).toThrow(why)
  })

  it('are written short where they are a range, and read back the same', () => {
    expect(shortText(['0', '0.25', '0.5', '0.75', '1'])).toBe('0..1 by 0.25')
    expect(shortText(['0', '0.25', '0.5', '0.75', '2'])).toBe('0, 0.25, 0.5, 0.75, 2')
    expect(shortText(['pag', 'seg', 'sag', 'icg'])).toBe('pag, seg, sag, icg')
    const step = fc.integer({ min: 1, max: 400 })
    fc.assert(
      fc.property(fc.integer({ min: -500, max: 500 }), step, fc.integer({ min: 1, max: 60 }), (from, by, count) => {
        const values = Array.from({ length: count }, (_, i) => String((from + i * by) / 100))
        expect(valuesOf(shortText(values))).toEqual(values)
        expect(values.length).toBeLessThanOrEqual(MOST_VALUES)
      }),
    )
  })
})
