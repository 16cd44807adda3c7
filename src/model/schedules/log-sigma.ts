/** The network is told ln σ. */
import { deterministicLog } from '../../core/random'
import { edmScale, SCALING_DEVIATION } from '../continuous'
import type { ScheduleKind } from '../schedule'

export const logSigma: ScheduleKind = {
  id: 'log-sigma',
  name: 'ln σ',
  help: 'The network is told ln σ, as inside score-SDE’s NCSN++.',
  equation: String.raw`F(x;\ \ln\sigma)`,
  source: { text: 'Song et al. 2021, appendix C', url: 'https://arxiv.org/abs/2011.13456' },
  place: 70,
  spacing: 'karras',
  parameters: [SCALING_DEVIATION],
  of: ({ sigmaData }) => ({
    scale: (level) => edmScale(level, Number(sigmaData)),
    told: deterministicLog,
    sigma: (time) => Math.exp(time),
    range: { min: 0.01, max: 80 },
  }),
}
