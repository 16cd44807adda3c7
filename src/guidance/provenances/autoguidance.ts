/** Where the numbers of Autoguidance come from. */
import type { Provenance } from '../provenance'

export const autoguidance: Provenance = {
  method: 'autoguidance',
  space: 'x0',
  scale: 'authors: w = s + 1',
  starts: 'on the whole way, as here, in both evaluations of a Heun step',
  checked: { by: 'authors', what: 'the authors’ edm_sampler over a whole run, and their phema.py', error: 6.5e-8 },
  differs: null,
  peers: {
    here: 'snapshot, smaller network, both, average lengths of both sides',
    diffusers: 'a guider of that name that skips layers and drops the condition instead',
    perturbedAttention: null,
    comfy: null,
  },
}
