/** SAG: where to blur. */
import type { Ablation, Variant } from '../ablation'

const sag = (label: string, mask: string): Variant => ({ label, method: 'sag', parameters: { mask } })

export const sagMasks: Ablation = {
  id: 'sag-masks',
  order: 1,
  label: 'SAG: where to blur',
  look: 'The clear part of D⁺ is what SAG blurs; all masks but “everything” have the same area. Watch where Δ lies: attention puts it on the face, chance everywhere.',
  variants: () => [
    sag('attention', 'attention'),
    sag('everything', 'global'),
    sag('details', 'high-frequency'),
    sag('random', 'random'),
    sag('square', 'square'),
    sag('DINO', 'dino'),
  ],
}
