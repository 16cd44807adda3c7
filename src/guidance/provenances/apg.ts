/** Where the numbers of APG come from. */
import type { Provenance } from '../provenance'

export const apg: Provenance = {
  method: 'apg',
  space: 'x0',
  scale: 'paper: w = s + 1; diffusers’ default adds w Δ to the negative instead',
  starts: 'on the whole way, as here',
  checked: {
    by: 'library',
    what: 'diffusers’ normalized_guidance in its original formulation, with its momentum over four steps',
    error: 1.5e-16,
  },
  differs: 'Over any negative. Outside the window the memory waits.',
  peers: { here: 'over any negative', diffusers: 'guider, for CFG', perturbedAttention: null, comfy: 'node, for CFG' },
}
