import { describe, expect, it } from 'vitest'
import { factsOf, holds, parseCondition, type Facts } from '../../../src/lesson/condition'

function condition(text: string) {
  const parsed = parseCondition(text)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.condition
}
const is = (text: string, facts: Facts = {}) => holds(condition(text), facts)

describe('a condition', () => {
  it.each([
    ['1 + 2 * 3 = 7', true],
    ['(1 + 2) * 3 = 9', true],
    ['7 - 2 - 1 = 4', true],
    ['8 / 4 / 2 = 1', true],
    ['-2 < -1 and not 1 > 2', true],
    ['- -2 = 2', true],
    ['1 > 2 or 2 > 1 and 3 > 4', false],
    ['(1 > 2 or 2 > 1) and 3 < 4', true],
    ['not 1 = 1 or 1 = 1', true],
    ['not (1 = 1 or 1 = 1)', false],
    ['0 < 1 <= 1 < 2', true],
    ['0 < 1 <= 1 < 1', false],
    ['1 ≤ 1 and 2 ≥ 2 and 1 ≠ 2 and 1 == 1 and −1 = 0 - 1 and 2 · 2 = 4', true],
    ['"a" = "a" and "a" != "b"', true],
    ['.5 = 0.5 and 1e3 = 1000', true],
  ])('%s is %s', (text, expected) => expect(is(text)).toBe(expected))

  it('asks for facts by name, with and without a dot', () => {
    const text = 'distance.guided < distance.positive and scale > 0 and method = "pag"'
    expect(factsOf(condition(text))).toEqual(['distance.guided', 'distance.positive', 'scale', 'method'])
    const facts = { 'distance.guided': 1, 'distance.positive': 2, scale: 0.5, method: 'pag' }
    expect(is(text, facts)).toBe(true)
    expect(is(text, { ...facts, method: 'sag' })).toBe(false)
    expect(is(text, { ...facts, 'distance.guided': 2 })).toBe(false)
  })

  it('is undecided while a fact that decides it is unknown', () => {
    expect(is('change > 0.1')).toBe(null)
    expect(is('not change > 0.1')).toBe(null)
    expect(is('change + 1 > 0.1')).toBe(null)
    expect(is('change > 0.1 and scale > 1', { scale: 0 })).toBe(false)
    expect(is('change > 0.1 or scale > 1', { scale: 2 })).toBe(true)
    expect(is('change > 0.1 and scale > 1', { scale: 2 })).toBe(null)
    // No name of an object's own.
    expect(is('constructor = 1')).toBe(null)
  })

  it('never orders a text', () => {
    expect(is('scale < 1', { scale: 'many' })).toBe(null)
    expect(is('scale = 1', { scale: '1' })).toBe(false)
  })

  it.each([
    ['', /ends too early/],
    ['scale', /compared/],
    ['scale >', /ends too early/],
    ['scale > 1 and', /ends too early/],
    ['scale > 1 and 2', /compared/],
    ['(scale > 1', /bracket/],
    ['scale > 1)', /“\)” does not follow/],
    ['scale > 1 2', /“2” does not follow/],
    ['scale => 1', /“>” has nothing/],
    ['scale & 1', /“& 1” is not understood/],
    ['"a" < 1', /a text/],
    ['1 + "a" = 2', /a text/],
    ['(1 < 2) + 1 = 2', /a comparison stands/],
    ['alert(1)', /does not follow/],
    [`${'('.repeat(100)}1 = 1${')'.repeat(100)}`, /nested/],
    ['1 = '.repeat(400), /longer/],
  ])('that is “%s” is refused', (text, why) => {
    const parsed = parseCondition(text)
    expect(parsed.ok ? '' : parsed.message).toMatch(why)
  })
})
