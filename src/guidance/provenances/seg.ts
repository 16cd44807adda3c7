/** Where the numbers of SEG come from. */
import type { Provenance } from '../provenance'

export const seg: Provenance = {
  method: 'seg',
  space: 'x0; the same in ε',
  scale: 'code: s, as here; the paper’s γ is w = s + 1',
  starts: 'on the whole way, as here',
  checked: { by: 'authors', what: 'the authors’ SEGCFGSelfAttnProcessor at σ 0.5 to 10 and ∞', error: 1.1e-15 },
  differs:
    'As in the authors’ code the kernel has at most side + 1 taps, so a large finite σ ends as a box and never reaches ∞, where all queries are equal. Sides may differ here.',
  peers: {
    here: 'any aspect ratio, off to ∞',
    diffusers: 'guider; its blur branch is inverted at the version read',
    perturbedAttention: 'any aspect ratio',
    comfy: null,
  },
}
