import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { between, covarianceFactor, symmetricEigenvalues } from '../../../src/evaluation/eigenvalues'
import { frechetTo, MomentSums, type Moments } from '../../../src/evaluation/frechet'
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

/** Entries in −10 to 10 of a symmetric matrix of n rows. */
const symmetric = fc
  .tuple(
    fc.integer({ min: 1, max: 9 }),
    fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 81, maxLength: 81 }),
  )
  .map(([n, entries]) => ({
    n,
    matrix: Float64Array.from(
      { length: n * n },
      (_, at) => entries[Math.max(at % n, Math.floor(at / n)) * 9 + Math.min(at % n, Math.floor(at / n))]!,
    ),
  }))

describe('eigenvalues of a symmetric matrix', () => {
  it('have the traces of its first three powers', () => {
    fc.assert(
      fc.property(symmetric, ({ n, matrix }) => {
        const values = symmetricEigenvalues(matrix, n)
        let power = matrix
        for (let k = 1; k <= 3; k++) {
          let trace = 0
          for (let i = 0; i < n; i++) trace += power[i * n + i]!
          expect(Math.abs(values.reduce((sum, value) => sum + value ** k, 0) - trace)).toBeLessThan(1e-12 * 90 ** k * n)
          const [before, after] = [power, new Float64Array(n * n)]
          for (let at = 0; at < n * n; at++)
            for (let j = 0; j < n; j++)
              after[at] = after[at]! + before[Math.floor(at / n) * n + j]! * matrix[j * n + (at % n)]!
          power = after
        }
      }),
    )
  })

  it('of a second difference are known in closed form, at a size where many steps add up', () => {
    const n = 150
    const matrix = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      matrix[i * n + i] = 2
      if (i > 0) matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = -1
    }
    // Turned by a reflection, so that it is full.
    const v = Float64Array.from({ length: n }, (_, i) => Math.sin(i + 1))
    const norm = v.reduce((sum, value) => sum + value * value, 0)
    const reflection = Float64Array.from(
      { length: n * n },
      (_, at) => (at % (n + 1) === 0 ? 1 : 0) - (2 * v[Math.floor(at / n)]! * v[at % n]!) / norm,
    )
    const values = symmetricEigenvalues(between(reflection, n, matrix, n), n).sort()
    values.forEach((value, k) =>
      expect(Math.abs(value - (2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1))))).toBeLessThan(1e-12),
    )
  })

  it('of a matrix of few ranks and many zeros are those of its small counterpart', () => {
    // Rows of 5 pictures of 128 features: X Xᵀ has the eigenvalues of Xᵀ X that are not zero.
    const [rows, n] = [5, 128]
    for (let seed = 0; seed < 20; seed++) {
      const x = Float64Array.from({ length: rows * n }, (_, i) => Math.sin(1 + i * (seed + 1.7)) * 10 ** (i % 3))
      const identity = (k: number) => Float64Array.from({ length: k * k }, (_, i) => (i % (k + 1) === 0 ? 1 : 0))
      const transposed = Float64Array.from({ length: rows * n }, (_, i) => x[(i % rows) * n + Math.floor(i / rows)]!)
      const [wide, small] = [between(x, n, identity(rows), rows), between(transposed, rows, identity(n), n)]
      const largest = (values: Float64Array) => [...values].sort((a, b) => b - a)
      const [found, expected] = [largest(symmetricEigenvalues(wide, n)), largest(symmetricEigenvalues(small, rows))]
      expected.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThan(1e-12 * expected[0]!))
      expect(Math.abs(found[rows]!)).toBeLessThan(1e-12 * expected[0]!)
    }
  })

  it('are refused where there are none', () => {
    expect(() => symmetricEigenvalues(Float64Array.of(1, NaN, NaN, 1), 2)).toThrow(RangeError)
    expect(() => symmetricEigenvalues(Float64Array.of(1, Infinity, Infinity, 1), 2)).toThrow(RangeError)
  })
})

describe('the factor of a covariance', () => {
  it('gives it back, in as many columns as it has rank', () => {
    fc.assert(
      fc.property(symmetric, fc.integer({ min: 1, max: 9 }), ({ n, matrix }, kept) => {
        const k = Math.min(kept, n)
        // B Bᵀ of k columns.
        const covariance = new Float64Array(n * n)
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++)
            for (let c = 0; c < k; c++) covariance[i * n + j]! += matrix[i * n + c]! * matrix[j * n + c]!
        const { rank, rows } = covarianceFactor(covariance, n)
        expect(rank).toBeLessThanOrEqual(k)
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++) {
            let back = 0
            for (let c = 0; c < rank; c++) back += rows[i * rank + c]! * rows[j * rank + c]!
            expect(Math.abs(back - covariance[i * n + j]!)).toBeLessThan(1e-10)
          }
      }),
    )
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
