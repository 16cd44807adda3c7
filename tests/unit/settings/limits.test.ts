/** What nobody means is read no further than to a bound, and ends in a sentence. */
import { describe, expect, it } from 'vitest'
import { decodeLink, defaultSettings, linkModel, parsePreset } from '../../../src/settings'
import { shown } from '../../../src/settings/faults'
import { scalarFrom } from '../../../src/settings/text'
import { toyModel } from '../../support/model'

/** Lists in lists; as text, since writing such a value as JSON is what overflowed. */
const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))

const problemOf = (preset: unknown) => {
  const result = parsePreset(preset, toyModel)
  return result.ok ? null : result.problem
}

describe('a link', () => {
  it('that is too long is not read, and says so', () => {
    const link = `v=3&method=seg&${'x'.repeat(3_000_000)}`
    const { settings, problems } = decodeLink(link, toyModel)
    expect(problems).toEqual([expect.stringMatching(/the link has 3,000,015 characters; at most/)])
    expect(settings.method).toBe(decodeLink('', toyModel).settings.method)
    const families = [toyModel]
    expect(linkModel(`model=ghost&${link}`, families)).toBe(toyModel.id)
  })

  it('with a value that is too long leaves that one out', () => {
    const { settings, problems } = decodeLink(`v=3&method=seg&scale=${'7'.repeat(9_000)}x&seed=4`, toyModel)
    expect(settings).toEqual({ ...defaultSettings(toyModel, 'seg'), seed: 4 })
    expect(problems).toEqual([expect.stringMatching(/scale.* 9,001 characters/)])
  })

  it('of many faults says the first and counts the others', () => {
    const { problems } = decodeLink(`v=3&${Array.from({ length: 1500 }, (_, i) => `k${i}=1`).join('&')}`, toyModel)
    expect(problems).toHaveLength(9)
    expect(problems.at(-1)).toBe('… and 1,492 more.')
    // One message takes no more room than its count.
    const nine = decodeLink(`v=3&${'abcdefghi'.replaceAll(/./g, '&$&$&=1')}`, toyModel).problems
    expect(nine).toHaveLength(9)
    expect(nine.at(-1)).toContain('ii')
  })
})

it('a text of many digits that is no number takes linear time', () => {
  // Quadratic, this would take hours.
  for (const text of ['7'.repeat(3_000_000), '7.'.repeat(3_000_000), `.${'7'.repeat(3_000_000)}e`])
    expect(scalarFrom(`${text}x`)).toBe(`${text}x`)
  expect(['1.', '.5', '-2.5e-3', '7E2'].map(scalarFrom)).toEqual([1, 0.5, -0.0025, 700])
})

describe('a preset', () => {
  it.each([
    ['all of it', (deep: unknown) => ({ method: deep })],
    ['an unknown key', (deep: unknown) => ({ ghost: deep })],
    ['layers', (deep: unknown) => ({ layers: deep })],
    ['a negative', (deep: unknown) => ({ stack: [{ method: 'seg', layers: deep }] })],
  ])('nested too deep is refused in a sentence: %s', (_, preset) => {
    expect(problemOf(preset(nested(200_000)))).toMatch(/nested at most/)
  })

  it('of too many values is refused in a sentence, however they lie', () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, 1]))
    for (const preset of [many, { layers: Object.keys(many) }, { stack: Array(100_000).fill({ method: 'seg' }) }])
      expect(problemOf(preset)).toMatch(/at most 2,000 values/)
  })

  it('as large as presets are is read', () => {
    const stack = Array(4).fill({ method: 'seg', layers: [0, 1], window: [0.1, 5] })
    expect(problemOf({ method: 'seg', layers: [0, 1, 2], stack })).toBeNull()
  })

  it.each(['icg', 'none', 'autoguidance'])('says that layers mean nothing to %s', (method) => {
    expect(problemOf({ method, layers: [0] })).toMatch(new RegExp(`^layers is not a setting of method ${method}`))
    expect(decodeLink(`v=3&method=${method}&layers=0`, toyModel)).toMatchObject({
      settings: { layers: 'all' },
      problems: [expect.stringMatching(/^layers is not a setting/)],
    })
    expect(problemOf({ method, layers: 'all' })).toBeNull()
  })

  it('says so of a combiner’s negative and of a stacked one, too', () => {
    expect(problemOf({ method: 'apg', negative: 'icg', layers: [0] })).toMatch(/layers is not/)
    expect(problemOf({ method: 'apg', negative: 'seg', layers: [0] })).toBeNull()
    expect(problemOf({ method: 'seg', stack: [{ method: 'icg', layers: [1] }] })).toMatch(/^stack, 1: layers is not/)
  })
})

describe('a value in an error', () => {
  it('is what JSON would write, as far as it is shown', () => {
    for (const value of [1.5, 'a"b', true, null, [1, [2]], { a: [{ b: 'c' }] }, []])
      expect(shown(value)).toBe(JSON.stringify(value))
    expect(shown(NaN)).toBe('NaN')
    expect(shown(undefined)).toBe('undefined')
  })

  it('is short, whatever it is', () => {
    const cyclic: unknown[] = []
    cyclic.push(cyclic, cyclic)
    for (const value of [nested(100_000), 'x'.repeat(1e6), Array(1e6).fill(1), cyclic])
      expect(shown(value).length).toBeLessThanOrEqual(41)
  })
})
