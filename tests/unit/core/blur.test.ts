/** Query blur against the golden values of SEG's reference code, and against a convolution written tap by tap. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blurMatrix, gaussianKernel, kernelSize } from '../../../src/core/blur'
import { blurImage, numbers } from '../network/graphs'

/** Half a unit of the sixth decimal, as the golden values are written. */
const PRINTED = 5.01e-7

function distance(actual: ArrayLike<number>, wanted: readonly number[]): number {
  return actual.length === wanted.length
    ? Math.max(...wanted.map((value, i) => Math.abs(value - actual[i]!)))
    : Infinity
}

describe('kernel', () => {
  it.each([
    [0.1, 1],
    [0.25, 3],
    [0.5, 3],
    [1, 7],
    [1.5, 9],
    [2, 13],
    [3, 19],
    [4, 25],
    [5, 31],
    [10, 61],
  ])('σ %d has %d taps', (sigma, taps) => {
    expect(kernelSize(sigma, 100)).toBe(taps)
  })

  it('is clamped to the longest odd length that reflect padding allows', () => {
    expect(kernelSize(100, 8)).toBe(9)
    expect(kernelSize(100, 7)).toBe(7)
    expect(kernelSize(100, 1)).toBe(1)
  })

  it('has the values of the reference', () => {
    expect(distance(gaussianKernel(0.5, 8), [0.106507, 0.786986, 0.106507])).toBeLessThan(PRINTED)
    expect(
      distance(gaussianKernel(1, 8), [0.004433, 0.054006, 0.242036, 0.39905, 0.242036, 0.054006, 0.004433]),
    ).toBeLessThan(PRINTED)
    expect(
      distance(
        gaussianKernel(2, 8),
        [0.027631, 0.066282, 0.123832, 0.180174, 0.204164, 0.180174, 0.123832, 0.066282, 0.027631],
      ),
    ).toBeLessThan(PRINTED)
    expect(gaussianKernel(2, 16)).toHaveLength(13)
    expect(gaussianKernel(2, 16)[6]).toBeCloseTo(0.199676, 6)
    for (const weight of gaussianKernel(100, 8)) expect(weight).toBeCloseTo(1 / 9, 3)
  })
})

describe('matrix', () => {
  it('has the rows of the reference', () => {
    expect(distance(blurMatrix(1, 8).subarray(0, 8), [0.39905, 0.484072, 0.108011, 0.008866, 0, 0, 0, 0])).toBeLessThan(
      PRINTED,
    )
    expect(
      distance(blurMatrix(2, 8).subarray(0, 8), [0.204164, 0.360348, 0.247663, 0.132564, 0.055261, 0, 0, 0]),
    ).toBeLessThan(PRINTED)
  })

  it('has the column sums of the reference: reflect padding does not keep the mean', () => {
    const matrix = blurMatrix(1, 8)
    const sums = Array.from({ length: 8 }, (_, column) =>
      Array.from({ length: 8 }, (__, row) => matrix[row * 8 + column]!).reduce((a, b) => a + b),
    )
    expect(
      distance(sums, [0.699525, 1.242036, 1.054006, 1.004433, 1.004433, 1.054006, 1.242036, 0.699525]),
    ).toBeLessThan(PRINTED)
  })

  it.each([0, 0.1, 1e-9])('is exactly the identity for σ %d', (sigma) => {
    expect([...blurMatrix(sigma, 5)]).toEqual(Array.from({ length: 25 }, (_, i) => (i % 6 === 0 ? 1 : 0)))
  })

  it('is the mean for infinite σ', () => {
    expect([...blurMatrix(Infinity, 4)]).toEqual(Array(16).fill(0.25))
  })

  it('refuses what is no width', () => {
    expect(() => blurMatrix(-1, 4)).toThrow(RangeError)
    expect(() => blurMatrix(Number.NaN, 4)).toThrow(RangeError)
  })

  it('applied to height and width equals the two-dimensional convolution with reflect padding', () => {
    const side = fc.integer({ min: 1, max: 16 })
    const sigma = fc.oneof(fc.double({ min: 1e-3, max: 100, noNaN: true }), fc.constantFrom(0, Infinity))
    fc.assert(
      fc.property(side, side, sigma, fc.nat(1000), (height, width, s, seed) => {
        const image = numbers(height * width, seed)
        const [down, across] = [blurMatrix(s, height), blurMatrix(s, width)]
        const wanted = blurImage(image, height, width, s)
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            let sum = 0
            for (let i = 0; i < height; i++)
              for (let j = 0; j < width; j++)
                sum += down[y * height + i]! * across[x * width + j]! * image[i * width + j]!
            expect(Math.abs(sum - wanted[y * width + x]!)).toBeLessThan(1e-12)
          }
        }
      }),
      { numRuns: 60 },
    )
  })
})
