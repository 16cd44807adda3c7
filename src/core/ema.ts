/**
 * Post-hoc EMA: weight averages of any length from a few that were stored in training. Karras et al. 2024 (arXiv 2312.02696),
 * section 3.1 and appendix C: stored averages are least-squares combinations of power-function profiles.
 */

/** A power-function average of the weights: of relative width `sigmaRel`, after `samples` images of training. */
export interface Average {
  readonly sigmaRel: number
  readonly samples: number
}

/** One stored average and its share of the wanted one. */
export interface Share<A extends Average> {
  readonly average: A
  /** May be negative, and above 1. */
  readonly factor: number
}

/** σ_rel of the profile with exponent 0, the mean of all weights since the beginning: no power function is longer. */
export const LONGEST_SIGMA_REL = Math.sqrt(1 / 12)

/** σ_rel of the profile with exponent `gamma` (equation 13). */
export function sigmaRelOf(gamma: number): number {
  return Math.sqrt((gamma + 1) / ((gamma + 2) ** 2 * (gamma + 3)))
}

/**
 * Exponent γ ≥ 0 of the profile w(τ) ∝ τ^γ whose relative width is `sigmaRel`: the largest root of
 * γ³ + 7γ² + (16 − σ⁻²)γ + (12 − σ⁻²) (appendix C.1). Throws RangeError outside (0, LONGEST_SIGMA_REL].
 */
export function gammaOf(sigmaRel: number): number {
  if (!(sigmaRel > 0 && sigmaRel <= LONGEST_SIGMA_REL)) {
    throw new RangeError(
      `the length of a weight average must be above 0 and at most ${LONGEST_SIGMA_REL.toFixed(3)}, not ${sigmaRel}`,
    )
  }
  const s = sigmaRel ** -2
  // The cubic is convex where γ ≥ 0 and positive at √s, so Newton's method falls to the root without passing it.
  let gamma = Math.sqrt(s)
  for (;;) {
    const next = gamma - (((gamma + 7) * gamma + (16 - s)) * gamma + (12 - s)) / ((3 * gamma + 14) * gamma + (16 - s))
    if (!(next < gamma)) return Math.max(gamma, 0)
    gamma = next
  }
}

/** Inner product of two profiles (appendix C.2, `power_function_correlation` of NVlabs/edm2). */
function correlation(a: Average, b: Average): number {
  const gammaA = gammaOf(a.sigmaRel)
  const gammaB = gammaOf(b.sigmaRel)
  const ratio = (a.samples / b.samples) ** (a.samples < b.samples ? gammaB : -gammaA)
  return ((gammaA + 1) * (gammaB + 1) * ratio) / ((gammaA + gammaB + 1) * Math.max(a.samples, b.samples))
}

/**
 * Solves A x = b for a symmetric positive definite A by Cholesky's method, after scaling to a unit diagonal, which keeps a
 * Gram matrix of profiles as well conditioned as it can be. Null where A is singular to working precision.
 */
function solve(a: readonly (readonly number[])[], b: readonly number[]): number[] | null {
  const n = b.length
  const scale = a.map((row, i) => 1 / Math.sqrt(row[i]!))
  const lower = a.map(() => new Float64Array(n))
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i]![j]! * scale[i]! * scale[j]!
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!
      if (i !== j) lower[i]![j] = sum / lower[j]![j]!
      else if (sum > n * Number.EPSILON) lower[i]![i] = Math.sqrt(sum)
      else return null
    }
  }
  const x = b.map((value, i) => value * scale[i]!)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i]![k]! * x[k]!
    x[i]! /= lower[i]![i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= lower[k]![i]! * x[k]!
    x[i]! /= lower[i]![i]!
  }
  return x.map((value, i) => value * scale[i]!)
}

/**
 * Shares of stored averages whose sum is the average `target`, as closely as theirs allow; they sum to 1. Only averages that
 * are not later than the target count, and of these only those of the last `snapshots` moments: each is a file to download,
 * and the profiles wanted here put nearly all their weight on the end of training, where earlier snapshots have none. An
 * average that is itself stored is that one alone. Throws RangeError where the target can't be made.
 */
export function synthesis<A extends Average>(
  stored: readonly A[],
  target: Average,
  snapshots: number,
): readonly Share<A>[] {
  gammaOf(target.sigmaRel)
  const past = stored.filter(({ samples }) => samples <= target.samples)
  if (past.length === 0) {
    const first = Math.min(...stored.map(({ samples }) => samples))
    throw new RangeError(
      stored.length === 0
        ? 'no averages of these weights are stored, so that no other length can be made from them'
        : `the first stored average is of ${first} images, later than the ${target.samples} that are asked for`,
    )
  }
  const same = past.find(({ sigmaRel, samples }) => sigmaRel === target.sigmaRel && samples === target.samples)
  if (same) return [{ average: same, factor: 1 }]
  const moments = [...new Set(past.map(({ samples }) => samples))].sort((a, b) => a - b).slice(-snapshots)
  const used = past.filter(({ samples }) => moments.includes(samples))
  const factors = solve(
    used.map((a) => used.map((b) => correlation(a, b))),
    used.map((a) => correlation(a, target)),
  )
  if (!factors) throw new RangeError('two of the stored averages are the same, so that nothing can be made from them')
  const sum = factors.reduce((total, factor) => total + factor, 0)
  return used.map((average, i) => ({ average, factor: factors[i]! / sum }))
}

/** How far the profile that the shares make is from the wanted one, relative to the latter's norm: 0 is exact, 1 as far off as nothing at all. */
export function profileError(shares: readonly Share<Average>[], target: Average): number {
  const own = correlation(target, target)
  const shared = shares.reduce((sum, { average, factor }) => sum + factor * correlation(average, target), 0)
  const made = shares.reduce(
    (sum, a) => shares.reduce((inner, b) => inner + a.factor * b.factor * correlation(a.average, b.average), sum),
    0,
  )
  return Math.sqrt(Math.max(0, own - 2 * shared + made) / own)
}
