/**
 * Magnitude-aware guidance (MAMBO-G): the longer the difference is beside the negative, the less of it is pushed.
 * "MAMBO-G: magnitude-aware mitigation for boosted guidance", 2025 (arXiv 2508.03442); diffusers'
 * `MagnitudeAwareGuidance`.
 *
 * The paper's models predict the velocity of a straight path, noise − image. The ratio is that of these velocities,
 * which follow from x and D: v = (x − D)/σ − D, so that a difference Δ of D is one of (1 + σ)/σ · Δ in v. The push
 * itself is linear, and the same in either space.
 */
import { numberParameter } from '../parameters'
import type { CombinerDefinition } from '../types'

/** ‖v⁺ − v⁻‖ / ‖v⁻‖ of v = (x − D)/σ − D; 0 where there is nothing to push. */
export function velocityRatio(x: Float32Array, positive: Float32Array, negative: Float32Array, sigma: number): number {
  let [difference, length] = [0, 0]
  for (let i = 0; i < x.length; i++) {
    difference += (positive[i]! - negative[i]!) ** 2
    length += ((x[i]! - negative[i]!) / sigma - negative[i]!) ** 2
  }
  return difference === 0 ? 0 : ((1 + sigma) / sigma) * Math.sqrt(difference / length)
}

export const mamboG: CombinerDefinition = {
  kind: 'combiner',
  id: 'mambo-g',
  name: 'MAMBO-G',
  title: 'Magnitude-aware guidance',
  family: 'combining',
  order: 260,
  brief: 'long differences damped',
  sentence: 'counts less the longer it is, so that no single step is pushed far.',
  formula: ({ damping }) =>
    String.raw`D = D^{+} + s\,e^{-${String(damping ?? String.raw`\alpha`)}\,r}\left(D^{+} - D^{-}\right),\quad r = \frac{\lVert v^{+} - v^{-}\rVert}{\lVert v^{-}\rVert},\quad v = \tfrac{x - D}{\sigma} - D`,
  source: { text: 'arXiv 2508.03442', url: 'https://arxiv.org/abs/2508.03442' },
  needs: 'A negative of any method; the paper has that of CFG.',
  breaks: 'Where a difference is long because it is right, that is damped too: a weak negative is hardly pushed from.',
  cost: 'that of its negative',
  scale: { default: 2, max: 12 },
  negative: 'pag',
  parameters: [
    {
      kind: 'number',
      key: 'damping',
      label: 'Damping α',
      help: 'How quickly a longer difference counts less; 0 is plain guidance.',
      default: 8,
      min: 0,
      max: 32,
      step: 0.5,
      slider: 'linear',
    },
  ],
  combine({ positive, negative, x, settings, level }) {
    const ratio = velocityRatio(x, positive, negative, level)
    const scale = settings.scale * Math.exp(-numberParameter(settings, 'damping') * ratio)
    return { denoised: positive.map((value, i) => value + scale * (value - negative[i]!)), memory: null }
  },
}
