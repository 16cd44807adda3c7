/**
 * CFG-Zero*: the negative is scaled to fit the positive best before it is pushed away from, and the first steps may
 * stand still. Fan et al., "CFG-Zero*: improved classifier-free guidance for flow matching models", 2025 (arXiv
 * 2503.18886).
 *
 * The combiner is about velocities, so it is applied to those of EDM's own flow, dx/dσ = (x − D)/σ: the factor s* is
 * that of x − D (σ cancels), and standing still is D = x.
 */
import { numberParameter } from '../parameters'
import type { CombinerDefinition } from '../types'

/** s* = ⟨v⁺, v⁻⟩ / ‖v⁻‖² of v = x − D: the multiple of v⁻ nearest to v⁺; 1 where v⁻ vanishes. */
export function optimalScale(x: Float32Array, positive: Float32Array, negative: Float32Array): number {
  let product = 0
  let square = 0
  for (let i = 0; i < x.length; i++) {
    const against = x[i]! - negative[i]!
    product += (x[i]! - positive[i]!) * against
    square += against * against
  }
  return square === 0 ? 1 : product / square
}

export const cfgZeroStar: CombinerDefinition = {
  kind: 'combiner',
  id: 'cfg-zero-star',
  name: 'CFG-Zero*',
  title: 'CFG-Zero*',
  family: 'combining',
  order: 220,
  brief: 'the negative scaled to fit first',
  sentence: 'is taken after the negative’s velocity has been scaled to fit the positive’s best.',
  formula: () =>
    String.raw`v = v^{+} + s\left(v^{+} - s^{*} v^{-}\right),\quad s^{*} = \frac{\langle v^{+}, v^{-}\rangle}{\lVert v^{-}\rVert^2},\quad v = x - D`,
  source: { text: 'Fan et al. 2025, arXiv 2503.18886', url: 'https://arxiv.org/abs/2503.18886' },
  needs: 'A negative of any method.',
  breaks:
    'Standing still in the first steps is meant for flow matching: on this noise schedule it leaves more noise than the network is told.',
  cost: 'that of its negative',
  scale: { default: 0.5, max: 6 },
  negative: 'icg',
  parameters: [
    {
      kind: 'number',
      key: 'zeroSteps',
      label: 'Still steps',
      help: 'How many of the first steps stand still. The paper has one or two; on this noise schedule they cost more than they give.',
      default: 0,
      min: 0,
      max: 8,
      step: 1,
      whole: true,
      slider: 'linear',
    },
  ],
  combine({ positive, negative, x, settings, acts, step }) {
    // Whatever the negative is, and the window: diffusers' guider asks for neither before it stands still.
    if (step < numberParameter(settings, 'zeroSteps')) return { denoised: x, memory: null }
    if (!acts) return { denoised: positive, memory: null }
    const factor = optimalScale(x, positive, negative)
    // D = x − v, with v⁺ + s (v⁺ − s* v⁻) written for D.
    return {
      denoised: positive.map((value, i) => value - settings.scale * (x[i]! - value - factor * (x[i]! - negative[i]!))),
      memory: null,
    }
  },
}
