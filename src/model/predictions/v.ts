/**
 * The network predicts v = cos φ · ε − sin φ · data/σ_data, where tan φ = σ/σ_data: Salimans and Ho's v, in which σ_data is 1. EDM's F
 * is −v.
 */
import { dataDeviation } from '../deviation'
import type { PredictionKind } from '../prediction'

export const v: PredictionKind = {
  id: 'v',
  name: 'Velocity (v)',
  help: 'The output is a mix of noise and image that stays of one size at every noise level, as in Stable Diffusion 2.',
  equation: String.raw`D = \frac{\sigma_d^2\,x - \sigma\,\sigma_d\sqrt{\sigma^2+\sigma_d^2}\;F}{\sigma^2+\sigma_d^2}`,
  source: { text: 'Salimans and Ho 2022, appendix D', url: 'https://arxiv.org/abs/2202.00512' },
  place: 20,
  parameters: [dataDeviation(1, '; 1 wherever betas are given.')],
  denoised({ sigma }, { sigmaData }) {
    const deviation = Number(sigmaData)
    const total = sigma * sigma + deviation * deviation
    return { skip: (deviation * deviation) / total, out: -(sigma * deviation) / Math.sqrt(total) }
  },
}
