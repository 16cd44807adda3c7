/**
 * Noise levels of the sampler: evenly in σ^(1/ρ) (Karras et al. 2022, "Elucidating the design space of diffusion-based generative
 * models", eq. 5), or evenly in the time of the network's own schedule, as its authors sample it.
 */
import { adapterOf } from '../model/adapter'
import type { ModelInfo } from '../model/types'

/** What the levels depend on. */
type Levels = Pick<ModelInfo, 'sigma' | 'prediction' | 'schedule' | 'range' | 'inputs'>

/** Levels of a run of the model: its highest first, then 0 at the end. */
export function noiseLevels(steps: number, model: Levels): number[] {
  const { spacing = 'karras' } = model.sigma
  switch (spacing) {
    case 'karras':
      return karrasSchedule(steps, model.sigma)
    case 'time':
      return timeSchedule(steps, model)
    default:
      return spacing satisfies never
  }
}

function timeSchedule(steps: number, model: Levels): number[] {
  checkSteps(steps)
  const { min, max } = model.sigma
  const adapter = adapterOf(model)
  const [top, bottom] = [adapter.timeOf(max), adapter.timeOf(min)]
  const whole = model.inputs.some(({ meaning, dtype }) => meaning === 'noise-level' && dtype === 'int64')
  const sigmas = Array.from({ length: steps }, (_, i) => {
    const sigma = adapter.sigmaAt(top + (i / (steps - 1)) * (bottom - top), whole)
    return Math.fround(Math.min(max, Math.max(min, sigma)))
  })
  // What the schedule calls its end may stand for more than it can say: the run begins where the model says.
  sigmas[0] = Math.fround(max)
  return [...sigmas, 0]
}

function checkSteps(steps: number): void {
  if (!Number.isInteger(steps) || steps < 2)
    throw new RangeError(`steps must be a whole number of at least 2, not ${steps}`)
}

/**
 * σ_0 = max > … > σ_{steps−1} = min, then σ_steps = 0, in data units.
 * Rounded to float32, so that a `Math.pow` that differs in its last bit between engines does not change an image.
 */
export function karrasSchedule(
  steps: number,
  range: { readonly min: number; readonly max: number; readonly rho: number },
): number[] {
  checkSteps(steps)
  const { min, max, rho } = range
  const top = max ** (1 / rho)
  const bottom = min ** (1 / rho)
  const sigmas = Array.from({ length: steps }, (_, i) => Math.fround((top + (i / (steps - 1)) * (bottom - top)) ** rho))
  return [...sigmas, 0]
}
