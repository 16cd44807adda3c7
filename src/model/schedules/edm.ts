/** EDM's noise level: the network is told c_noise = ln(σ)/4 and gets c_in x. */
import { deterministicLog } from '../../core/random'
import { edmScale } from '../continuous'
import { dataDeviation } from '../deviation'
import type { ScheduleKind } from '../schedule'

export const edm: ScheduleKind = {
  id: 'edm',
  name: 'EDM (ln σ / 4)',
  help: 'The network is told ln(σ)/4 and gets x scaled to deviation 1, as in EDM and EDM2.',
  equation: String.raw`F\Bigl(\tfrac{x}{\sqrt{\sigma^2+\sigma_d^2}};\ \tfrac14\ln\sigma\Bigr)`,
  source: { text: 'Karras et al. 2022, table 1', url: 'https://arxiv.org/abs/2206.00364' },
  place: 50,
  spacing: 'karras',
  parameters: [dataDeviation(0.5, ': 0.5 in EDM.')],
  of({ sigmaData }) {
    const deviation = Number(sigmaData)
    return {
      scale: (sigma) => edmScale(sigma, deviation),
      told: (sigma) => deterministicLog(sigma) / 4,
      sigma: (time) => Math.exp(4 * time),
      range: { min: 0.002, max: 80 },
    }
  },
}
