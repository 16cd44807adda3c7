/** SEG: how far to blur. */
import type { Ablation, Variant } from '../ablation'

const seg = (label: string, sigma: number): Variant => ({ label, method: 'seg', scale: 0.75, parameters: { sigma } })

export const segSigma: Ablation = {
  id: 'seg-sigma',
  order: 3,
  label: 'SEG: how far to blur',
  look: 'The scale stays, the blur grows. Watch the kernel, ‖Δ‖ / ‖D⁺‖ and the attention map of a layer: at ∞ every token looks where the mean token looks.',
  variants: () => [seg('σ 1', 1), seg('σ 2', 2), seg('σ 5', 5), seg('σ 10', 10), seg('σ ∞', Infinity)],
}
