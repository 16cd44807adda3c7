/** The network predicts the velocity of a straight path from data to noise: x_t = (1 − t) data + t noise, σ = t/(1 − t). */
import type { PredictionKind } from '../prediction'

export const flow: PredictionKind = {
  id: 'flow',
  name: 'Flow (noise − image)',
  help: 'The output is the velocity noise − image of a straight path, as in SD3, Flux and other rectified flows.',
  equation: String.raw`D = \frac{x - \sigma F}{1+\sigma}`,
  source: { text: 'Liu et al. 2022, eq. 1', url: 'https://arxiv.org/abs/2209.03003' },
  place: 30,
  parameters: [
    {
      kind: 'flag',
      key: 'towardsData',
      label: 'Towards the image',
      help: 'The output is image − noise, as where t = 1 is the image (SiT, torchcfm).',
      default: false,
    },
  ],
  denoised({ sigma }, { towardsData }) {
    const out = sigma / (1 + sigma)
    return { skip: 1 / (1 + sigma), out: towardsData ? out : -out }
  },
}
