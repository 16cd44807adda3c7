import { describe, expect, it } from 'vitest'
import { compared, heightAt, KNOTS, places, type Point } from '../../../src/lesson'

const valley: readonly Point[] = [
  [0, 10],
  [1, 4],
  [3, 12],
]
const drawn = (of: (x: number) => number) => places(0, 3).map(of)

describe('a drawn curve', () => {
  it('has places from end to end, and a measured one is read between its points', () => {
    expect(places(0, 3)).toHaveLength(KNOTS)
    expect([places(0, 3)[0], places(0, 3).at(-1)]).toEqual([0, 3])
    expect([-1, 0, 0.5, 1, 2, 3, 4].map((x) => heightAt(valley, x))).toEqual([10, 10, 7, 4, 8, 12, 12])
  })

  it.each([
    ['valley', (x: number) => 8 + (x - 2) ** 2],
    ['hill', (x: number) => 8 - (x - 2) ** 2],
    ['rises', (x: number) => 2 * x],
    ['falls', (x: number) => 9 - 2 * x],
    ['flat', (x: number) => 7 + 0.1 * x],
  ])('is a %s', (shape, of) =>
    expect(compared(drawn(of), valley, 0, 3)).toMatchObject({ drawn: shape, measured: 'valley' }),
  )

  it('of the same shape is told where both turn', () => {
    expect(
      compared(
        drawn((x) => 8 + 3 * (x - 2) ** 2),
        valley,
        0,
        3,
      ).turns,
    ).toEqual([2, 1])
    expect(
      compared(
        drawn((x) => 2 * x),
        valley,
        0,
        3,
      ).turns,
    ).toBe(null)
  })
})
