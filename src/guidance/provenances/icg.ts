/** Where the numbers of ICG come from. */
import type { Provenance } from '../provenance'

export const icg: Provenance = {
  method: 'icg',
  space: 'x0; the same in ε',
  scale: 'paper: w = s + 1',
  starts: 'on the whole way, as here',
  checked: {
    by: 'others',
    what: 'p_sample_loop_icg of dmpcd/guided-diffusion over a whole run, with the classes that it drew; no code of the authors was found, and Gaussian draws are a second reading',
    error: 9.7e-16,
  },
  differs: 'Here the wanted class can be left out and the draw kept over the steps.',
  peers: { here: 'random class or Gaussian embedding', diffusers: null, perturbedAttention: null, comfy: null },
}
