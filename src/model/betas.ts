/**
 * Schedules of discrete training steps: betas, the noise level of each step, and the way between them. σ_t = √((1 − ᾱ_t)/ᾱ_t), x is
 * given as x/√(1 + σ²); between steps ln σ is interpolated, as k-diffusion and diffusers' Euler do.
 */
import { deterministicLog } from '../core/random'
import type { KindParameter } from './description'
import type { Schedule } from './schedule'

/**
 * Rescaled betas end at ᾱ = 0: no image is left, and σ is infinite. It is computed with as diffusers has it, with ᾱ = 2⁻²⁴; or with
 * twice the level before it, where that is as high; whatever is above is told the last step.
 */
const LAST_SIGMA = Math.sqrt((1 - 2 ** -24) / 2 ** -24)

export const STEPS: KindParameter = {
  kind: 'number',
  key: 'steps',
  label: 'Training steps',
  help: 'How many steps training had; the network is told 0 to one less.',
  default: 1000,
  min: 2,
  max: 100_000,
  whole: true,
}

export const ZERO_TERMINAL: KindParameter = {
  kind: 'flag',
  key: 'zeroTerminal',
  label: 'Rescaled to zero SNR',
  help: 'The betas were rescaled so that the last step is pure noise (Lin et al. 2023; rescale_betas_zero_snr).',
  default: false,
}

/** The first and last beta of a schedule that grows from one to the other. */
export const betaEnds = (start: number, end: number): readonly KindParameter[] =>
  (
    [
      ['betaStart', 'First beta', start],
      ['betaEnd', 'Last beta', end],
    ] as const
  ).map(([key, label, standard]) => ({
    kind: 'number',
    key,
    label,
    help: 'The share of the variance that the step replaces by noise.',
    default: standard,
    min: 1e-9,
    max: 0.999999,
  }))

/** √ᾱ shifted and scaled so that the last is 0 and the first stays: Lin et al. 2023 (arXiv 2305.08891), algorithm 1. */
function rescaled(roots: readonly number[]): readonly number[] {
  const first = roots[0]!
  const last = roots.at(-1)!
  return roots.map((root) => ((root - last) * first) / (first - last))
}

/** The noise level of each training step, ascending. Throws RangeError where they do not ascend. */
export function sigmasOf(betas: readonly number[], zeroTerminal: boolean): readonly number[] {
  let product = 1
  // Of betas in single precision, as most networks were trained with.
  const roots = betas.map((beta) => Math.sqrt((product *= 1 - Math.fround(beta))))
  const sigmas = (zeroTerminal ? rescaled(roots) : roots).map((root) => Math.sqrt((1 - root * root) / (root * root)))
  const before = sigmas.at(-2)!
  if (zeroTerminal) sigmas[sigmas.length - 1] = before < LAST_SIGMA ? LAST_SIGMA : 2 * before
  if (sigmas.some((sigma, t) => !(sigma > (sigmas[t - 1] ?? 0))))
    throw new RangeError('its noise levels do not grow from step to step: change the betas, or take fewer steps')
  return sigmas
}

/** The schedule of these noise levels. */
export function discreteSchedule(sigmas: readonly number[]): Schedule {
  const logs = sigmas.map(deterministicLog)
  const top = sigmas.length - 1
  return {
    scale: (sigma) => 1 / Math.sqrt(1 + sigma * sigma),
    told(sigma) {
      if (sigma <= sigmas[0]!) return 0
      if (sigma >= sigmas[top]!) return top
      const log = deterministicLog(sigma)
      let [below, above] = [0, top]
      while (above - below > 1) {
        const middle = (below + above) >> 1
        if (logs[middle]! <= log) below = middle
        else above = middle
      }
      return below + (log - logs[below]!) / (logs[above]! - logs[below]!)
    },
    sigma(time) {
      const t = Math.min(Math.max(time, 0), top)
      const below = Math.floor(t)
      const share = t - below
      if (share === 0) return sigmas[below]!
      return Math.exp((1 - share) * logs[below]! + share * logs[below + 1]!)
    },
    range: { min: sigmas[0]!, max: sigmas[top]! },
  }
}
