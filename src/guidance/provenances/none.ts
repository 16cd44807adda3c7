/** Where the numbers of None come from. */
import type { Provenance } from '../provenance'

export const none: Provenance = {
  method: 'none',
  space: 'x0',
  scale: 'none: there is no push',
  starts: 'every step',
  checked: {
    by: 'authors',
    what: 'the authors’ edm_sampler, ablation_sampler and EDMPrecond, whole runs of Heun’s and Euler’s steps',
    error: 1.3e-15,
  },
  differs: null,
  peers: { here: 'yes', diffusers: 'yes', perturbedAttention: 'yes', comfy: 'yes' },
}
