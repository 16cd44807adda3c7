/** Eigenvalues of symmetric matrices, and the factor of a covariance: what a Fréchet distance of wide features takes. In double precision. */

/** Beside a largest entry of 1; its square is still a number. */
const NOTHING = 1e-140

/**
 * A [n × n] symmetric matrix, whose largest entry is about 1, as diagonal and off-diagonal of a tridiagonal one with the same eigenvalues, by Householder's reflections
 * (Golub and Van Loan, "Matrix computations", section 8.3). The matrix is overwritten.
 */
function tridiagonal(a: Float64Array, n: number): { readonly d: Float64Array; readonly e: Float64Array } {
  const [d, e, v, w] = [new Float64Array(n), new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  for (let k = 0; k < n - 1; k++) {
    d[k] = a[k * n + k]!
    let norm = 0
    for (let i = k + 1; i < n; i++) norm += a[i * n + k]! ** 2
    norm = Math.sqrt(norm)
    if (norm < NOTHING) continue
    const head = a[(k + 1) * n + k]!
    const alpha = head > 0 ? -norm : norm
    e[k] = alpha
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k]!
    v[k + 1] = head - alpha
    const beta = 1 / (norm * (norm + Math.abs(head)))
    // w = β A v, then A − v (w − ½ β (w·v) v)ᵀ − its transpose: lower triangle alone is kept.
    w.fill(0, k + 1)
    for (let i = k + 1; i < n; i++) {
      const row = i * n
      const vi = v[i]!
      let sum = 0
      for (let j = k + 1; j < i; j++) {
        const value = a[row + j]!
        sum += value * v[j]!
        w[j] = w[j]! + value * vi
      }
      w[i] = w[i]! + sum + a[row + i]! * vi
    }
    let dot = 0
    for (let i = k + 1; i < n; i++) {
      w[i] = w[i]! * beta
      dot += w[i]! * v[i]!
    }
    const half = (beta * dot) / 2
    for (let i = k + 1; i < n; i++) w[i] = w[i]! - half * v[i]!
    for (let i = k + 1; i < n; i++) {
      const row = i * n
      const [vi, wi] = [v[i]!, w[i]!]
      for (let j = k + 1; j <= i; j++) a[row + j] = a[row + j]! - vi * w[j]! - wi * v[j]!
    }
  }
  if (n > 0) d[n - 1] = a[n * n - 1]!
  return { d, e }
}

/** Steps of the QL iteration for one eigenvalue; it converges in two or three, and never for numbers that are not finite. */
const MOST_STEPS = 60

/** Eigenvalues of a tridiagonal matrix by the implicit QL iteration (section 8.3.5); `d` is overwritten with them. */
function iterate(d: Float64Array, e: Float64Array): void {
  const n = d.length
  for (let l = 0; l < n; l++) {
    for (let step = 0; ; step++) {
      let m = l
      // Beside a largest entry of 1: of a singular matrix, zeros next to each other would never be small beside themselves.
      while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * Math.max(1, Math.abs(d[m]!) + Math.abs(d[m + 1]!))) m++
      if (m === l) break
      if (step === MOST_STEPS) throw new RangeError('the matrix has no finite eigenvalues')
      const g0 = (d[l + 1]! - d[l]!) / (2 * e[l]!)
      const r0 = Math.hypot(g0, 1)
      let g = d[m]! - d[l]! + e[l]! / (g0 + (g0 >= 0 ? r0 : -r0))
      let [s, c, p] = [1, 1, 0]
      let i = m - 1
      for (; i >= l; i--) {
        const f = s * e[i]!
        const b = c * e[i]!
        const r = Math.hypot(f, g)
        e[i + 1] = r
        if (r === 0) {
          d[i + 1] = d[i + 1]! - p
          e[m] = 0
          break
        }
        s = f / r
        c = g / r
        const h = d[i + 1]! - p
        const t = (d[i]! - h) * s + 2 * c * b
        p = s * t
        d[i + 1] = h + p
        g = c * t - b
      }
      if (i >= l) continue
      d[l] = d[l]! - p
      e[l] = g
      e[m] = 0
    }
  }
}

/**
 * Eigenvalues of a symmetric matrix [n × n], in no order. Small ones have an error relative to the largest, which may make those of a
 * singular covariance a little negative. Throws RangeError for a matrix that is not finite.
 */
export function symmetricEigenvalues(matrix: Float64Array, n: number): Float64Array {
  if (matrix.length !== n * n) throw new RangeError(`a matrix of ${n} rows has ${n * n} entries, not ${matrix.length}`)
  if (!matrix.every(Number.isFinite)) throw new RangeError('the matrix has no finite eigenvalues')
  const largest = matrix.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
  if (largest === 0) return new Float64Array(n)
  const { d, e } = tridiagonal(
    matrix.map((value) => value / largest),
    n,
  )
  iterate(d, e)
  return d.map((value) => value * largest)
}

/** Columns of a factor [n × rank], row-major. */
export interface Factor {
  readonly rank: number
  readonly rows: Float64Array
}

/**
 * L with L Lᵀ = a covariance [n × n], by Cholesky's decomposition with the largest pivot first (section 4.2.8), which ends where the
 * rest is nothing beside rounding: a singular covariance has fewer columns.
 */
export function covarianceFactor(covariance: Float64Array, n: number): Factor {
  const left = Float64Array.from({ length: n }, (_, i) => covariance[i * n + i]!)
  const tiny = Math.max(0, ...left) * n * Number.EPSILON
  const columns: Float64Array[] = []
  for (let k = 0; k < n; k++) {
    let pivot = 0
    for (let i = 1; i < n; i++) if (left[i]! > left[pivot]!) pivot = i
    if (!(left[pivot]! > tiny)) break
    const root = Math.sqrt(left[pivot]!)
    const column = covariance.slice(pivot * n, (pivot + 1) * n)
    for (const before of columns) {
      const factor = before[pivot]!
      for (let i = 0; i < n; i++) column[i] = column[i]! - factor * before[i]!
    }
    for (let i = 0; i < n; i++) {
      column[i] = column[i]! / root
      left[i] = i === pivot ? -Infinity : left[i]! - column[i]! ** 2
    }
    columns.push(column)
  }
  const rank = columns.length
  const rows = new Float64Array(n * rank)
  columns.forEach((column, k) => column.forEach((value, i) => (rows[i * rank + k] = value)))
  return { rank, rows }
}

/** Aᵀ M A for a symmetric M [n × n] and A [n × k]. */
export function between(a: Float64Array, k: number, m: Float64Array, n: number): Float64Array {
  const half = new Float64Array(n * k)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const factor = m[i * n + j]!
      if (factor === 0) continue
      for (let c = 0; c < k; c++) half[i * k + c] = half[i * k + c]! + factor * a[j * k + c]!
    }
  }
  const out = new Float64Array(k * k)
  for (let i = 0; i < n; i++) {
    for (let r = 0; r < k; r++) {
      const factor = a[i * k + r]!
      if (factor === 0) continue
      for (let c = 0; c <= r; c++) out[r * k + c] = out[r * k + c]! + factor * half[i * k + c]!
    }
  }
  for (let r = 0; r < k; r++) for (let c = 0; c < r; c++) out[c * k + r] = out[r * k + c]!
  return out
}
