import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readNumber } from '../../../src/ui/kit/read-number'

const scale = { min: -1, max: 20, whole: false }
const any = { min: -1e12, max: Infinity, whole: false }
const seed = { min: 0, max: 4294967295, whole: true }
const value = (text: string, range = any) => {
  const read = readNumber(text, range)
  return read.kind === 'number' ? read.value : read.kind === 'fault' ? read.why : read.kind
}

describe('a number that is typed', () => {
  it.each([
    ['1.5', 1.5],
    ['1,5', 1.5],
    [' 1,50 ', 1.5],
    [',5', 0.5],
    ['5.', 5],
    ['１２', 12],
    ['１，５', 1.5],
    ['١٢٫٥', 12.5],
    ['۱۲٫۵', 12.5],
    ['१२.५', 12.5],
    ['١،٥', 1.5],
    ['๓', 3],
    ['−0.5', -0.5],
    ['–0,5', -0.5],
    ['+3', 3],
    ['1e-3', 0.001],
    ['0,125', 0.125],
    ['1.234', 1.234],
    ['1 234,5', 1234.5],
    ['1\u202f234\u00a0567', 1234567],
    ["1'234.5", 1234.5],
    ['1’234', 1234],
    ['1`234', 1234],
    ['1_234,5', 1234.5],
    ['1.234,5', 1234.5],
    ['1,234.5', 1234.5],
    ['1.234.567', 1234567],
    ['12,34,567', 1234567],
    ['٬١٢'.slice(1), 12],
    ['١٬٢٣٤', 1234],
    ['∞', Infinity],
    ['inf', Infinity],
    ['-0', 0],
    ['\u200f5', 5],
  ])('%s is %d', (text, wanted) => expect(value(text)).toBe(wanted))

  it('has its groups in a field of whole numbers', () => {
    expect([value('1,234', seed), value('1.234', seed), value('1.000', seed)]).toEqual([1234, 1234, 1000])
    expect(value('1.5', seed)).toMatch(/whole number between 0 and 4294967295/)
    expect([value('1e3', seed), value('1.234e3', seed)]).toEqual([1000, 1234])
  })

  it('that can be two is the one in range, or is asked about', () => {
    expect(value('1,234', scale)).toBe(1.234)
    expect(value('1,234')).toBe('1.234 or 1234? Write it so.')
  })

  it.each([
    'x',
    '1x',
    '--1',
    '1,2,3',
    '1.23.4',
    '12 34',
    '1,23.456,7',
    '1.5 5',
    '1,2 345',
    '1.2,3.4 5',
    '0x10',
    '1e',
    'e5',
    '.',
    '-',
    '50 %',
    '9'.repeat(99),
  ])('%s is none', (text) => expect(value(text)).toBe('Not a number'))

  it('out of range is told the range; nothing is clamped or rounded', () => {
    expect(value('25', scale)).toBe('Must be between −1 and 20')
    expect(value('-2', scale)).toBe('Must be between −1 and 20')
    expect(value('12345678901', seed)).toBe('Must be a whole number between 0 and 4294967295')
    expect(value('-1', { min: 0, max: Infinity, whole: false })).toBe('Must be at least 0')
    expect(value('∞', scale)).toMatch(/between/)
    expect(value('  ')).toBe('empty')
  })

  it('is read as each locale writes it', () => {
    const locales = [
      'en',
      'de',
      'fr',
      'de-CH',
      'hi',
      'ar-EG',
      'fa',
      'bn',
      'my',
      'sv',
      'pl',
      'es',
      'ru',
      'th-TH-u-nu-thai',
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...locales),
        fc.integer({ min: -99_999_999, max: 99_999_999 }),
        (locale, hundredths) => {
          const number = hundredths / 100
          const text = number.toLocaleString(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
          expect(value(text), text).toBe(number === 0 ? 0 : number)
        },
      ),
    )
  })
})
