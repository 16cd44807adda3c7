/** Betas whose roots grow evenly: the schedule of latent diffusion. */
import { betaEnds, discreteSchedule, sigmasOf, STEPS, ZERO_TERMINAL } from '../betas'
import type { ScheduleKind } from '../schedule'

export const scaledLinear: ScheduleKind = {
  id: 'scaled-linear',
  name: 'Scaled-linear betas',
  help: 'Discrete steps the roots of whose betas grow evenly, as in LDM and Stable Diffusion 1, 2 and XL.',
  equation: String.raw`\sqrt{\beta_t} = \sqrt{\beta_0} + \tfrac{t}{T-1}\bigl(\sqrt{\beta_{T-1}}-\sqrt{\beta_0}\bigr)`,
  source: { text: 'Rombach et al. 2022', url: 'https://arxiv.org/abs/2112.10752' },
  place: 10,
  spacing: 'time',
  parameters: [...betaEnds(0.00085, 0.012), STEPS, ZERO_TERMINAL],
  of({ betaStart, betaEnd, steps, zeroTerminal }) {
    const [first, last, count] = [Math.sqrt(Number(betaStart)), Math.sqrt(Number(betaEnd)), Number(steps)]
    const betas = Array.from({ length: count }, (_, t) => (first + ((last - first) * t) / (count - 1)) ** 2)
    return discreteSchedule(sigmasOf(betas, zeroTerminal === true))
  },
}
