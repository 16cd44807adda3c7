import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frechetTo, MomentSums, symmetricEigen, type Moments } from '../../../src/evaluation/frechet'
import { golden } from './golden'

function momentsOf(rows: readonly (readonly number[])[], origin = 0): Moments {
  const sums = new MomentSums(new Float64Array(rows[0]!.length).fill(origin))
  for (const row of rows) sums.add(Float32Array.from(row))
  return sums.moments()
}

const diagonal = (mean: readonly number[], variances: readonly number[]): Moments => ({
  mean: Float64Array.from(mean),
  covariance: Float64Array.from({ length: variances.length ** 2 }, (_, at) =>
    at % (variances.length + 1) === 0 ? variances[at / (variances.length + 1)]! : 0,
  ),
})

describe('Fréchet distance', () => {
  it('of Gaussians with independent entries is the sum of the distances of their means and deviations', () => {
    const a = diagonal([1, 2, -3], [4, 0.25, 0])
    const b = diagonal([2, 2, 0], [1, 2.25, 9])
    expect(frechetTo(a)(b)).toBeCloseTo(1 + 9 + (2 - 1) ** 2 + (0.5 - 1.5) ** 2 + 3 ** 2, 12)
  })

  it('equals that of numpy, which takes the eigenvalues of the unsymmetric product, also where a covariance is singular', () => {
    const real = momentsOf(golden.real)
    const few = golden.generated.slice(0, 3)
    expect(frechetTo(real)(momentsOf(golden.generated)) / golden.metrics.frechet.value).toBeCloseTo(1, 9)
    // Roots of eigenvalues that should be zero are 1e-8 of the largest.
    expect(frechetTo(real)(momentsOf(few)) / golden.frechetOfFew).toBeCloseTo(1, 6)
  })

  it('is zero from a set to itself, and the same both ways', () => {
    const a = momentsOf(golden.real)
    const b = momentsOf(golden.generated)
    expect(Math.abs(frechetTo(a)(a))).toBeLessThan(1e-10)
    expect(frechetTo(a)(b)).toBeCloseTo(frechetTo(b)(a), 9)
  })

  it('refuses features of another width', () => {
    expect(() => frechetTo(diagonal([0], [1]))(diagonal([0, 0], [1, 1]))).toThrow(/width 2 .* width 1/)
  })
})

describe('eigenvalues of a symmetric matrix', () => {
  it('and its vectors give the matrix back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 49, maxLength: 49 }),
        (n, entries) => {
          const matrix = Float64Array.from(
            { length: n * n },
            (_, at) => entries[Math.max(at % n, Math.floor(at / n)) * 7 + Math.min(at % n, Math.floor(at / n))]!,
          )
          const { values, vectors } = symmetricEigen(matrix, n)
          for (let i = 0; i < n; i++) {
            for (let j = 0; j < n; j++) {
              const back = values.reduce((sum, value, k) => sum + value * vectors[i * n + k]! * vectors[j * n + k]!, 0)
              expect(Math.abs(back - matrix[i * n + j]!)).toBeLessThan(1e-11)
            }
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  it('are refused where there are none', () => {
    expect(() => symmetricEigen(Float64Array.of(1, NaN, NaN, 1), 2)).toThrow(RangeError)
  })
})

describe('moments', () => {
  it('do not depend on the origin that sums are taken about, nor on how samples were parted', () => {
    const whole = momentsOf(golden.generated)
    const shifted = momentsOf(golden.generated, 1000)
    whole.covariance.forEach((value, i) => expect(shifted.covariance[i]).toBeCloseTo(value, 6))
    const [a, b] = [new MomentSums(new Float64Array(4)), new MomentSums(new Float64Array(4))]
    golden.generated.forEach((row, i) => (i < 31 ? a : b).add(Float32Array.from(row)))
    a.include(b)
    const { mean, covariance } = a.moments()
    whole.mean.forEach((value, i) => expect(mean[i]).toBeCloseTo(value, 12))
    whole.covariance.forEach((value, i) => expect(covariance[i]).toBeCloseTo(value, 12))
  })
})
