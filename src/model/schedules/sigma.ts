/** The network is told σ itself. */
import { edmScale, SCALING_DEVIATION } from '../continuous'
import type { ScheduleKind } from '../schedule'

export const sigma: ScheduleKind = {
  id: 'sigma',
  name: 'σ itself',
  help: 'The network is told σ, as in score-SDE’s variance-exploding networks, k-diffusion’s HDiT, and graphs of a whole EDM denoiser.',
  equation: String.raw`F(x;\ \sigma)`,
  source: { text: 'Song et al. 2021, appendix C', url: 'https://arxiv.org/abs/2011.13456' },
  place: 60,
  spacing: 'karras',
  parameters: [SCALING_DEVIATION],
  of: ({ sigmaData }) => ({
    scale: (level) => edmScale(level, Number(sigmaData)),
    told: (level) => level,
    sigma: (time) => time,
    range: { min: 0.01, max: 80 },
  }),
}
