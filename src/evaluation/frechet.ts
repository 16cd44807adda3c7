/**
 * Fréchet distance between Gaussians fitted to two sets of features (Heusel et al. 2017, arXiv 1706.08500, eq. 6), in
 * double precision. In a judge's feature space it has a name of the family's own: it is not FID, and its numbers compare with no other's.
 */

import { between, covarianceFactor, symmetricEigenvalues } from './eigenvalues'

/** A Gaussian: mean [width] and covariance [width × width], row-major. */
export interface Moments {
  readonly mean: Float64Array
  readonly covariance: Float64Array
}

/** tr(S) of a matrix [n × n]. */
function trace(matrix: Float64Array, n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) sum += matrix[i * n + i]!
  return sum
}

/** The sum of the roots of eigenvalues, of which rounding may have made small ones negative. */
export const sumOfRoots = (eigenvalues: Float64Array): number =>
  eigenvalues.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0)

/**
 * Distances to one Gaussian: |m − m'|² + tr(S) + tr(S') − 2 tr((S S')^½). The last trace is the sum of the roots of the
 * eigenvalues of Lᵀ S' L with S = L Lᵀ, which is symmetric and has those of S S': no root of an unsymmetric matrix, no complex numbers.
 */
export function frechetTo(reference: Moments): (other: Moments) => number {
  const n = reference.mean.length
  const { rank, rows } = covarianceFactor(reference.covariance, n)
  return ({ mean, covariance }) => {
    if (mean.length !== n)
      throw new RangeError(`features of width ${mean.length} were compared with features of width ${n}`)
    const roots = sumOfRoots(symmetricEigenvalues(between(rows, rank, covariance, n), rank))
    const apart = mean.reduce((sum, value, i) => sum + (value - reference.mean[i]!) ** 2, 0)
    return apart + trace(covariance, n) + trace(reference.covariance, n) - 2 * roots
  }
}

/** Sums from which moments follow, of features shifted by `origin`, so that nothing is lost where a mean is far from zero. */
export class MomentSums {
  readonly #sum: Float64Array
  readonly #products: Float64Array
  #count = 0

  constructor(private readonly origin: Float64Array) {
    this.#sum = new Float64Array(origin.length)
    this.#products = new Float64Array(origin.length ** 2)
  }

  add(features: Float32Array): void {
    const n = this.origin.length
    const shifted = Float64Array.from(features, (value, i) => value - this.origin[i]!)
    for (let i = 0; i < n; i++) {
      this.#sum[i] = this.#sum[i]! + shifted[i]!
      for (let j = 0; j < n; j++) this.#products[i * n + j] = this.#products[i * n + j]! + shifted[i]! * shifted[j]!
    }
    this.#count += 1
  }

  include(other: MomentSums): void {
    other.#sum.forEach((value, i) => void (this.#sum[i] = this.#sum[i]! + value))
    other.#products.forEach((value, i) => void (this.#products[i] = this.#products[i]! + value))
    this.#count += other.#count
  }

  /** Mean, and covariance with divisor count − 1. Throws RangeError for fewer than two. */
  moments(): Moments {
    const n = this.origin.length
    const count = this.#count
    if (count < 2) throw new RangeError(`a covariance needs at least 2 samples, not ${count}`)
    const covariance = this.#products.map((value, at) => {
      const [i, j] = [Math.floor(at / n), at % n]
      return (value - (this.#sum[i]! * this.#sum[j]!) / count) / (count - 1)
    })
    return { mean: this.#sum.map((value, i) => this.origin[i]! + value / count), covariance }
  }
}
