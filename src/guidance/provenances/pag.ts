/** Where the numbers of PAG come from. */
import type { Provenance } from '../provenance'

export const pag: Provenance = {
  method: 'pag',
  space: 'x0; the same in ε',
  scale: 'paper: s, as here; the ADM flag is w = s + 1',
  starts: 'on the whole way, as here',
  checked: {
    by: 'authors',
    what: 'diffusers’ PAGIdentitySelfAttnProcessor2_0, and map blurred and averaged by the authors’ unet.py with kornia’s blur; mask, drop and noise are a second reading',
    error: 4.8e-16,
  },
  differs: 'The random perturbations draw from seeded streams of ours.',
  peers: {
    here: 'soft mix by layer and head, nine perturbations',
    diffusers: '17 pipelines and a guider',
    perturbedAttention: 'layers, σ window, rescale',
    comfy: 'fixed middle block',
  },
}
