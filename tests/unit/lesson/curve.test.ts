import { describe, expect, it } from 'vitest'
import { boundsOf, byAsMany, compared, heightAt, KNOTS, partOf, places, type Point } from '../../../src/lesson'

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

  it.each([
    ['too deep', (x: number) => 90 * Math.abs(x - 1)],
    ['too shallow', (x: number) => 10 + Math.abs(x - 1)],
  ])('that is %s leaves the measured one its shape', (_, of) =>
    expect(compared(drawn(of), valley, 0, 3)).toMatchObject({ measured: 'valley' }),
  )

  it('is a valley, however deep', () =>
    expect(
      compared(
        drawn((x) => 90 * Math.abs(x - 1)),
        valley,
        0,
        3,
      ),
    ).toMatchObject({ drawn: 'valley', turns: [1, 1] }))

  it('of a measured one that is flat, is flat where a hand trembles', () => {
    const flat: readonly Point[] = [
      [0, 7],
      [3, 7.1],
    ]
    expect(
      compared(
        drawn((x) => 7 + 0.1 * Math.sin(9 * x)),
        flat,
        0,
        3,
      ),
    ).toMatchObject({
      drawn: 'flat',
      measured: 'flat',
    })
  })

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

describe('what is measured', () => {
  it('is drawn where it was measured, and no farther', () => {
    expect(partOf(valley, 0.5, 2)).toEqual([
      [0.5, 7],
      [1, 4],
      [2, 8],
    ])
    expect(partOf(valley, -1, 5)).toEqual(valley)
    expect(partOf(valley, 4, 5)).toEqual([])
    expect(partOf([], 0, 1)).toEqual([])
  })

  it('is drawn from 0, or from below its lowest, to a round number above it', () => {
    expect(boundsOf(null, [6.9, 6, 7.4])).toEqual([0, 10])
    expect(boundsOf(null, [-3, -2])).toEqual([-4, 0])
    expect(boundsOf(null, [])).toEqual([0, 1])
    expect(boundsOf([4, 8], [100])).toEqual([4, 8])
  })

  it('is compared only where as many images were drawn', () => {
    const scales = [500, 5000, 500, 2000].map((images, scale) => ({ images, scale }))
    expect(byAsMany(scales).map(({ scale }) => scale)).toEqual([0, 2])
    expect(byAsMany(scales.slice(0, 2)).map(({ scale }) => scale)).toEqual([1])
    expect(byAsMany([])).toEqual([])
  })
})
