/** Noise levels of the sampler: Karras et al. 2022, "Elucidating the design space of diffusion-based generative models", eq. 5. */

/**
 * σ_0 = max > … > σ_{steps−1} = min, then σ_steps = 0, in data units.
 * Rounded to float32, so that a `Math.pow` that differs in its last bit between engines does not change an image.
 */
export function karrasSchedule(
  steps: number,
  range: { readonly min: number; readonly max: number; readonly rho: number },
): number[] {
  if (!Number.isInteger(steps) || steps < 2)
    throw new RangeError(`steps must be a whole number of at least 2, not ${steps}`)
  const { min, max, rho } = range
  const top = max ** (1 / rho)
  const bottom = min ** (1 / rho)
  const sigmas = Array.from({ length: steps }, (_, i) => Math.fround((top + (i / (steps - 1)) * (bottom - top)) ** rho))
  return [...sigmas, 0]
}
