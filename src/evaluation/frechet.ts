/**
 * Fréchet distance between Gaussians fitted to two sets of features (Heusel et al. 2017, arXiv 1706.08500, eq. 6), in
 * double precision. In a judge's feature space it has a name of the family's own: it is not FID, and its numbers compare with no other's.
 */

/** A Gaussian: mean [width] and covariance [width × width], row-major. */
export interface Moments {
  readonly mean: Float64Array
  readonly covariance: Float64Array
}

/**
 * Eigenvalues, and eigenvectors as columns [n × n], of a symmetric matrix [n × n], by cyclic Jacobi rotations (Golub and
 * Van Loan, "Matrix computations", section 8.5). Small eigenvalues come out with an error relative to the largest only, which may
 * make those of a singular covariance a little negative.
 */
export function symmetricEigen(
  matrix: Float64Array,
  n: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
  if (matrix.length !== n * n) throw new RangeError(`a matrix of ${n} rows has ${n * n} entries, not ${matrix.length}`)
  const a = matrix.slice()
  const vectors = new Float64Array(n * n)
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1
  let total = 0
  for (const value of a) total += value * value
  for (let sweep = 0; ; sweep++) {
    let outside = 0
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) outside += 2 * a[i * n + j]! ** 2
    if (outside <= total * 1e-30) break
    // It converges quadratically, in some ten sweeps; NaN never does.
    if (sweep === 60) throw new RangeError('the matrix has no finite eigenvalues')
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        const off = a[p * n + q]!
        if (off === 0) continue
        const half = (a[q * n + q]! - a[p * n + p]!) / (2 * off)
        const tangent = (half >= 0 ? 1 : -1) / (Math.abs(half) + Math.hypot(half, 1))
        const cosine = 1 / Math.hypot(tangent, 1)
        const sine = tangent * cosine
        for (let k = 0; k < n; k++) {
          const kp = a[k * n + p]!
          const kq = a[k * n + q]!
          a[k * n + p] = cosine * kp - sine * kq
          a[k * n + q] = sine * kp + cosine * kq
        }
        for (let k = 0; k < n; k++) {
          const pk = a[p * n + k]!
          const qk = a[q * n + k]!
          a[p * n + k] = cosine * pk - sine * qk
          a[q * n + k] = sine * pk + cosine * qk
        }
        for (let k = 0; k < n; k++) {
          const kp = vectors[k * n + p]!
          const kq = vectors[k * n + q]!
          vectors[k * n + p] = cosine * kp - sine * kq
          vectors[k * n + q] = sine * kp + cosine * kq
        }
      }
    }
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), vectors }
}

function multiply(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k]!
      for (let j = 0; j < n; j++) out[i * n + j] = out[i * n + j]! + factor * b[k * n + j]!
    }
  }
  return out
}

/** The symmetric root of a covariance [n × n]. */
function symmetricRoot(matrix: Float64Array, n: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, n)
  const out = new Float64Array(n * n)
  for (let k = 0; k < n; k++) {
    const root = Math.sqrt(Math.max(0, values[k]!))
    for (let i = 0; i < n; i++) {
      const factor = root * vectors[i * n + k]!
      for (let j = 0; j < n; j++) out[i * n + j] = out[i * n + j]! + factor * vectors[j * n + k]!
    }
  }
  return out
}

/**
 * Distances to one Gaussian: |m − m'|² + tr(S) + tr(S') − 2 tr((S S')^½). The last trace is the sum of the roots of the
 * eigenvalues of S^½ S' S^½, which is symmetric and has those of S S': no root of an unsymmetric matrix, no complex numbers.
 */
export function frechetTo(reference: Moments): (other: Moments) => number {
  const n = reference.mean.length
  const root = symmetricRoot(reference.covariance, n)
  return ({ mean, covariance }) => {
    if (mean.length !== n)
      throw new RangeError(`features of width ${mean.length} were compared with features of width ${n}`)
    const middle = multiply(multiply(root, covariance, n), root, n)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) middle[i * n + j] = middle[j * n + i] = (middle[i * n + j]! + middle[j * n + i]!) / 2
    }
    let distance = 0
    for (let i = 0; i < n; i++) {
      distance += (mean[i]! - reference.mean[i]!) ** 2 + covariance[i * n + i]! + reference.covariance[i * n + i]!
    }
    for (const value of symmetricEigen(middle, n).values) distance -= 2 * Math.sqrt(Math.max(0, value))
    return distance
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
