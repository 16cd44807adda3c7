/** EDM's raw network F: D = c_skip x + c_out F(c_in x; c_noise), Karras et al. 2022 (arXiv 2206.00364), table 1, column "Ours". */
import { dataDeviation } from '../deviation'
import type { PredictionKind } from '../prediction'

export const edm: PredictionKind = {
  id: 'edm',
  name: 'EDM’s F',
  help: 'The output is the raw network inside EDM’s preconditioning, as in EDM and EDM2.',
  equation: String.raw`D = \frac{\sigma_d^2}{\sigma^2+\sigma_d^2}\,x + \frac{\sigma\,\sigma_d}{\sqrt{\sigma^2+\sigma_d^2}}\,F`,
  source: { text: 'Karras et al. 2022, table 1', url: 'https://arxiv.org/abs/2206.00364' },
  place: 40,
  parameters: [dataDeviation(0.5, ': 0.5 in EDM.')],
  denoised({ sigma }, { sigmaData }) {
    const deviation = Number(sigmaData)
    const total = sigma * sigma + deviation * deviation
    return { skip: (deviation * deviation) / total, out: (sigma * deviation) / Math.sqrt(total) }
  },
}
