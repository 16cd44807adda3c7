import { describe, expect, it } from 'vitest'
import { contextOf, negativeMethod } from '../../../support/method-context'

const skipped = (changes: Parameters<typeof contextOf>[1] = {}, at: Parameters<typeof contextOf>[2] = {}) =>
  negativeMethod('s2')
    .negative(contextOf('s2', changes, at))
    ?.attention?.map((control) => control?.skip ?? null) ?? null
const share = (blockShare: number) => ({ parameters: { blockShare } })

describe('S²', () => {
  it('leaves out its share of the chosen layers, at least one', () => {
    const count = (changes: Parameters<typeof contextOf>[1]) => skipped(changes)?.filter(Boolean).length ?? 0
    expect([0, 0.05, 0.34, 0.5, 0.7, 1].map((value) => count(share(value)))).toEqual([0, 1, 1, 2, 2, 3])
    expect(skipped({ ...share(1), layers: [0, 2] })).toEqual(['attention', null, 'attention'])
    expect(skipped({ ...share(1), layers: [1], parameters: { blockShare: 1, part: 'block' } })).toEqual([
      null,
      'block',
      null,
    ])
  })

  it('draws anew at each step, for each image and seed, every layer in time, and the same when asked again', () => {
    const at = (seed: number, sample: number) =>
      Array.from({ length: 12 }, (_, step) => skipped({ ...share(0.3), seed }, { sample, step })!)
    const first = at(1, 0)
    for (const layer of [0, 1, 2]) {
      expect(first.some((row) => row[layer])).toBe(true)
      expect(first.every((row) => row[layer])).toBe(false)
    }
    expect(at(1, 0)).toEqual(first)
    expect(at(2, 0)).not.toEqual(first)
    expect(at(1, 1)).not.toEqual(first)
  })

  it('is nothing at share 0 and without layers', () => {
    expect(skipped(share(0))).toBeNull()
    expect(skipped({ layers: [] })).toBeNull()
  })
})
