/** What chance does: how often guessing gives a score, how far a share is known, and whether two scores differ. Exact. Pure. */

/** Ways to choose k of n. */
export function ways(n: number, k: number): number {
  let product = 1
  for (let i = 1; i <= k; i++) product = (product * (n - k + i)) / i
  return Math.round(product)
}

/** P(X = k) for n answers, each right with probability p. */
export function chanceOf(k: number, n: number, p = 0.5): number {
  return ways(n, k) * p ** k * (1 - p) ** (n - k)
}

/** P(X ≥ k). */
export function chanceOfAtLeast(k: number, n: number, p = 0.5): number {
  let sum = 0
  for (let i = n; i >= k; i--) sum += chanceOf(i, n, p)
  return sum
}

/** Where a function that rises from below 0 to above 0 on [0, 1] is 0. */
function root(rising: (p: number) => number): number {
  let [low, high] = [0, 1]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (rising(middle) < 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The exact interval of a share of which k of n were seen (Clopper and Pearson 1934). */
export function intervalOf(k: number, n: number, confidence = 0.95): readonly [number, number] {
  const rest = (1 - confidence) / 2
  return [
    k === 0 ? 0 : root((p) => chanceOfAtLeast(k, n, p) - rest),
    k === n ? 1 : root((p) => rest - (1 - chanceOfAtLeast(k + 1, n, p))),
  ]
}

/** How often two scores out of n each differ so much, or more, where both are of one share (Fisher's exact test, two-sided). */
export function chanceOfDifference(a: number, b: number, n: number): number {
  const split = (first: number) => (ways(n, first) * ways(n, a + b - first)) / ways(2 * n, a + b)
  const seen = split(a)
  let sum = 0
  for (let first = Math.max(0, a + b - n); first <= Math.min(n, a + b); first++) {
    // Splits that mirror the one seen are as likely but for rounding.
    if (split(first) <= seen * (1 + 1e-9)) sum += split(first)
  }
  return Math.min(1, sum)
}
