/** √ᾱ is a cosine, its betas capped: improved DDPM's schedule, diffusers' squaredcos_cap_v2. */
import { discreteSchedule, sigmasOf, STEPS, ZERO_TERMINAL } from '../betas'
import type { ScheduleKind } from '../schedule'

/** No step replaces more than this. */
const LARGEST_BETA = 0.999

const share = (t: number) => Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2

export const cosine: ScheduleKind = {
  id: 'cosine',
  name: 'Cosine',
  help: 'Discrete steps along a cosine, as in improved DDPM (squaredcos_cap_v2).',
  equation: String.raw`\bar\alpha_t = \cos^2\!\Bigl(\tfrac{t/T+0.008}{1.008}\cdot\tfrac{\pi}{2}\Bigr),\quad \beta_t = \min\Bigl(1-\tfrac{\bar\alpha_{t+1}}{\bar\alpha_t},\,0.999\Bigr)`,
  source: { text: 'Nichol and Dhariwal 2021, eq. 17', url: 'https://arxiv.org/abs/2102.09672' },
  place: 20,
  spacing: 'time',
  parameters: [STEPS, ZERO_TERMINAL],
  of({ steps, zeroTerminal }) {
    const count = Number(steps)
    const betas = Array.from({ length: count }, (_, t) =>
      Math.min(1 - share((t + 1) / count) / share(t / count), LARGEST_BETA),
    )
    return discreteSchedule(sigmasOf(betas, zeroTerminal === true))
  },
}
