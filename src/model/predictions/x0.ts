/** The network predicts the image itself. */
import type { PredictionKind } from '../prediction'

export const x0: PredictionKind = {
  id: 'x0',
  name: 'The image (x₀)',
  help: 'The output is the denoised image; diffusers calls it sample.',
  equation: String.raw`D = F`,
  source: { text: 'Ho et al. 2020, section 3.2', url: 'https://arxiv.org/abs/2006.11239' },
  place: 10,
  parameters: [],
  denoised: () => ({ skip: 0, out: 1 }),
}
