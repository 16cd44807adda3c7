/** The network predicts the noise: x = data + σ · ε. */
import type { PredictionKind } from '../prediction'

export const epsilon: PredictionKind = {
  id: 'epsilon',
  name: 'The noise (ε)',
  help: 'The output is the noise of deviation 1 that was added, as in DDPM, ADM, DiT and Stable Diffusion 1.',
  equation: String.raw`D = x - \sigma F`,
  source: { text: 'Ho et al. 2020, eq. 12', url: 'https://arxiv.org/abs/2006.11239' },
  place: 0,
  parameters: [],
  denoised: ({ sigma }) => ({ skip: 1, out: -sigma }),
}
