/** Rows are shared out so that lanes end together. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Pace } from '../../../src/runner/pace'
import { tries } from '../../support/fuzz'

const noted = (paces: readonly number[]) => {
  const pace = new Pace(paces.length)
  for (const [lane, each] of paces.entries()) pace.note(lane, 2, 2 * each)
  return pace
}

describe('rows', () => {
  test('are shared evenly while nothing is known, and among equals', () => {
    for (const pace of [new Pace(2), noted([20, 20])]) {
      expect(pace.share(4)).toEqual([2, 2])
      expect(pace.share(1)).toEqual([0, 1])
    }
    expect([...new Pace(4).share(6)].sort()).toEqual([1, 1, 2, 2])
    expect(new Pace(4).share(6, 2)).toEqual([0, 0, 3, 3])
  })

  test('go to those who end them first', () => {
    expect(noted([10, 30]).share(4)).toEqual([3, 1])
    expect(noted([10, 500]).share(4)).toEqual([4, 0])
    expect(noted([20, 10, 10]).share(5)).toEqual([1, 2, 2])
  })

  test('of any number are all given, and no other way of one row fewer on the slowest would end sooner', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 20 }),
        (paces, rows) => {
          const shares = noted(paces).share(rows)
          expect(shares.reduce((a, b) => a + b, 0)).toBe(rows)
          const end = (of: readonly number[]) => Math.max(0, ...of.map((share, lane) => share * paces[lane]!))
          for (const [from, share] of shares.entries())
            for (const to of shares.keys())
              if (share > 0 && to !== from) {
                const moved = shares.map((own, lane) => own + (lane === to ? 1 : lane === from ? -1 : 0))
                expect(end(moved)).toBeGreaterThanOrEqual(end(shares))
              }
        },
      ),
      tries(100),
    )
  })
})

test('a lane that was slow once is tried again, and believed when it is fast', () => {
  const pace = noted([10, 80])
  expect(pace.share(2)).toEqual([2, 0])
  let rounds = 0
  while (pace.share(2)[1] === 0) rounds += 1
  expect(rounds).toBeGreaterThan(5)
  for (let i = 0; i < 10; i++) pace.note(1, 1, 10)
  expect(pace.share(4)).toEqual([2, 2])
})
