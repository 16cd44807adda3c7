/**
 * CFG++: the image is interpolated between negative and positive, and the negative's noise is added back. Chung et al.,
 * "CFG++: manifold-constrained classifier free guidance for diffusion models", ICLR 2025 (arXiv 2406.08070).
 *
 * For an Euler step from σ to σ' this is linear guidance of w = λ / (1 − σ'/σ): with D_λ = D⁻ + λ (D⁺ − D⁻) the step
 * D_λ + σ'/σ (x − D⁻) equals D_w + σ'/σ (x − D_w). The scale fades from no guidance (0) to CFG++ (1).
 */
import { numberParameter } from '../parameters'
import type { CombinerDefinition } from '../types'

/** The scale w (w-form) of linear guidance whose Euler step is that of CFG++. */
export function equivalentScale(lambda: number, sigma: number, sigmaNext: number): number {
  return lambda / (1 - sigmaNext / sigma)
}

export const cfgPlusPlus: CombinerDefinition = {
  kind: 'combiner',
  id: 'cfg++',
  name: 'CFG++',
  title: 'CFG++',
  family: 'combining',
  order: 230,
  brief: 're-noised with the negative’s noise',
  sentence: 'acts on the image only, and the noise that is added back is the negative’s.',
  formula: ({ lambda }) =>
    String.raw`D = D^{-} + w\left(D^{+} - D^{-}\right),\quad w = \frac{${String(lambda ?? String.raw`\lambda`)}}{1 - \sigma'/\sigma}`,
  source: { text: 'Chung et al. 2025, arXiv 2406.08070', url: 'https://arxiv.org/abs/2406.08070' },
  needs: 'A negative of any method, and Euler’s solver.',
  breaks: 'Its strength depends on the number of steps: more steps guide more at high noise.',
  cost: 'that of its negative',
  scale: { default: 1, max: 2 },
  negative: 'icg',
  parameters: [
    {
      kind: 'number',
      key: 'lambda',
      label: 'Interpolation λ',
      help: 'Where the image lies between the negative (0) and the positive (1).',
      default: 0.6,
      min: 0,
      max: 1,
      step: 0.05,
      slider: 'linear',
    },
  ],
  linearStep: 'adds the negative’s noise back in one Euler step',
  combine({ positive, negative, settings, acts, sigma, sigmaNext }) {
    if (!acts) return { denoised: positive, memory: null }
    const scale = settings.scale * (equivalentScale(numberParameter(settings, 'lambda'), sigma, sigmaNext) - 1)
    return { denoised: positive.map((value, i) => value + scale * (value - negative[i]!)), memory: null }
  },
}
