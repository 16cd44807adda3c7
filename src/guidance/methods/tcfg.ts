/**
 * Tangential damping CFG: before the push the negative loses what the two predictions do not share. Kwon et al., "TCFG:
 * tangential damping classifier-free guidance", CVPR 2025 (arXiv 2503.18137); diffusers'
 * `TangentialClassifierFreeGuidance`.
 *
 * The paper stacks two scores, which point from D to x: v = x − D here, since a common factor changes no direction. Of
 * the singular vectors of [v⁺; v⁻] the negative keeps its part along the first. Two rows need no general decomposition:
 * the first direction is cos θ · v⁺ + sin θ · v⁻ with tan 2θ = 2⟨v⁺, v⁻⟩ / (‖v⁺‖² − ‖v⁻‖²), and what v⁻ has along it is
 * sin θ of that.
 */
import type { CombinerDefinition } from '../types'

/** Factors a and b of the damped negative a · v⁺ + b · v⁻, from the scalar products of v = x − D. */
export function dampedNegative(x: Float32Array, positive: Float32Array, negative: Float32Array): [number, number] {
  let [plus, both, minus] = [0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    const [own, other] = [x[i]! - positive[i]!, x[i]! - negative[i]!]
    plus += own * own
    both += own * other
    minus += other * other
  }
  const length = Math.hypot(2 * both, plus - minus)
  // Equally long and at right angles, no direction comes first.
  return length === 0 ? [0, 1] : [both / length, (1 - (plus - minus) / length) / 2]
}

export const tcfg: CombinerDefinition = {
  kind: 'combiner',
  id: 'tcfg',
  name: 'TCFG',
  title: 'Tangential damping CFG',
  family: 'combining',
  order: 250,
  brief: 'only what both sides share is kept',
  sentence: 'is taken after the negative has lost whatever it does not share with the positive.',
  formula: () =>
    String.raw`v = v^{+} + s\left(v^{+} - \langle v^{-}, u_1\rangle u_1\right),\quad \begin{pmatrix} v^{+} \\ v^{-} \end{pmatrix} = \textstyle\sum_i \sigma_i\, w_i u_i^{\top},\quad v = x - D`,
  source: { text: 'Kwon et al. 2025, arXiv 2503.18137', url: 'https://arxiv.org/abs/2503.18137' },
  needs: 'A negative of any method; the paper has that of CFG.',
  breaks:
    'Two predictions that nearly agree share nearly all: then it is a push of about half the scale, and little else.',
  cost: 'that of its negative',
  scale: { default: 1, max: 8 },
  negative: 'icg',
  parameters: [],
  combine({ positive, negative, x, settings: { scale } }) {
    const [a, b] = dampedNegative(x, positive, negative)
    // D = x − v, with v⁺ + s (v⁺ − a v⁺ − b v⁻) written for D.
    const denoised = positive.map((value, i) => {
      const [own, other] = [x[i]! - value, x[i]! - negative[i]!]
      return value - scale * ((1 - a) * own - b * other)
    })
    return { denoised, memory: null }
  },
}
