/** The network predicts the score of its own input: ∇ log p at scale · x. By Tweedie's formula D = x + σ² ∇ log p(x; σ). */
import type { PredictionKind } from '../prediction'

export const score: PredictionKind = {
  id: 'score',
  name: 'Score',
  help: 'The output is the gradient of the log density at its input, as in score-SDE and diffusers’ NCSN++.',
  equation: String.raw`D = x + \sigma^2 s\,F(s\,x)`,
  source: { text: 'Song et al. 2021, eq. 7', url: 'https://arxiv.org/abs/2011.13456' },
  place: 50,
  parameters: [],
  denoised: ({ sigma, scale }) => ({ skip: 1, out: sigma * sigma * scale }),
}
