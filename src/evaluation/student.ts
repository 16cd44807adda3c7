/** Quantiles of Student's t, for intervals of other confidence than 95 %. Pure. */

/** ∫₀^angle cosⁿ, by its recursion; exact. */
function cosinePower(n: number, angle: number): number {
  let integral = n % 2 === 0 ? angle : Math.sin(angle)
  for (let k = n % 2 === 0 ? 2 : 3; k <= n; k += 2)
    integral = (Math.cos(angle) ** (k - 1) * Math.sin(angle) + (k - 1) * integral) / k
  return integral
}

/** P(T > t) of Student's t with a whole number of degrees of freedom: with t = √f tan θ its density is cos^(f − 1) θ. */
export function studentTail(t: number, freedom: number): number {
  const quarter = cosinePower(freedom - 1, Math.PI / 2)
  return 0.5 - cosinePower(freedom - 1, Math.atan(t / Math.sqrt(freedom))) / (2 * quarter)
}

/** The t above which a share `tail` lies. Throws RangeError unless 0 < tail < 0.5. */
export function studentQuantile(tail: number, freedom: number): number {
  if (!(tail > 0 && tail < 0.5)) throw new RangeError(`a tail is a share between 0 and 0.5, not ${tail}`)
  let [low, high] = [0, 1]
  while (studentTail(high, freedom) > tail) [low, high] = [high, 2 * high]
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2
    if (studentTail(middle, freedom) > tail) low = middle
    else high = middle
  }
  return (low + high) / 2
}
