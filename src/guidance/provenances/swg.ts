/** Where the numbers of SWG come from. */
import type { Provenance } from '../provenance'

export const swg: Provenance = {
  method: 'swg',
  space: 'x0',
  scale: 'authors: s, as here',
  starts: 'on the whole way, as here',
  checked: {
    by: 'authors',
    what: 'the authors’ swg_guidance on the tiny network, 2 × 2 and 3 × 3 crops',
    error: 1.1e-16,
  },
  differs: null,
  peers: {
    here: 'overlapping crops, masked or not',
    diffusers: null,
    perturbedAttention: "yes, with windows unlike the paper's",
    comfy: null,
  },
}
