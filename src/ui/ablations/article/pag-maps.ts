/** PAG: what stands in for the map. */
import type { Ablation, Asked, Variant } from '../ablation'

const pag = (label: string, perturbation: string, more: Asked['parameters'] = {}): Variant => ({
  label,
  method: 'pag',
  parameters: { perturbation, ...more },
})

export const pagMaps: Ablation = {
  id: 'pag-maps',
  order: 2,
  label: 'PAG: what stands in for the map',
  look: 'Same layers, same scale; only the map changes. Compare the negative alone, and the size of Δ along the noise axis: a perturbation that is too strong pushes colour, not structure.',
  variants: () => [
    pag('identity', 'identity'),
    pag('random mask, diagonal kept', 'mask', { keepDiagonal: true }),
    pag('random mask', 'mask', { keepDiagonal: false }),
    pag('dropout', 'drop'),
    pag('noise', 'noise'),
    pag('blurred', 'gaussian'),
    pag('averaged', 'average'),
    pag('uniform', 'uniform'),
  ],
}
