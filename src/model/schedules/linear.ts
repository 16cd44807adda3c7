/** Betas that grow evenly: DDPM's schedule. */
import { betaEnds, discreteSchedule, sigmasOf, STEPS, ZERO_TERMINAL } from '../betas'
import type { ScheduleKind } from '../schedule'

export const linear: ScheduleKind = {
  id: 'linear',
  name: 'Linear betas',
  help: 'Discrete steps whose betas grow evenly, as in DDPM, ADM, DiT and most first examples.',
  equation: String.raw`\beta_t = \beta_0 + \tfrac{t}{T-1}(\beta_{T-1}-\beta_0),\quad \sigma_t^2 = \tfrac{1}{\prod_{i \le t}(1-\beta_i)} - 1`,
  source: { text: 'Ho et al. 2020, section 4', url: 'https://arxiv.org/abs/2006.11239' },
  place: 0,
  spacing: 'time',
  parameters: [...betaEnds(0.0001, 0.02), STEPS, ZERO_TERMINAL],
  of({ betaStart, betaEnd, steps, zeroTerminal }) {
    const [first, last, count] = [Number(betaStart), Number(betaEnd), Number(steps)]
    const betas = Array.from({ length: count }, (_, t) => first + ((last - first) * t) / (count - 1))
    return discreteSchedule(sigmasOf(betas, zeroTerminal === true))
  },
}
