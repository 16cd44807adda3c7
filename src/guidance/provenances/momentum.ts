/** Where the numbers of Momentum come from. */
import type { Provenance } from '../provenance'

export const momentum: Provenance = {
  method: 'momentum',
  space: 'x0, or the noise',
  scale: 'paper and node: α = s',
  starts: 'on the whole way, as here',
  checked: {
    by: 'others',
    what: 'mg_nodes.py of pamparamm/sd-perturbed-attention over a whole run, which averages images; averages of noise are a second reading, since no code of the authors was found',
    error: 1.3e-15,
  },
  differs:
    'The paper is on flow models and averages their velocities, which along σ are the noise; the default here, which was measured, averages images as that node does, before guidance.',
  peers: {
    here: 'average of earlier images or noise',
    diffusers: null,
    perturbedAttention: 'yes, of images',
    comfy: null,
  },
}
