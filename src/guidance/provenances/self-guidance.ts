/** Where the numbers of Self-Guidance come from. */
import type { Provenance } from '../provenance'

export const selfGuidance: Provenance = {
  method: 'self-guidance',
  space: 'ε for the step before; x0 or ε for the told level, which is linear',
  scale: 'authors: s, as here (3)',
  starts: 'the step before: authors below t = 500 of 1000, σ 1.6 in Stable Diffusion, as here',
  checked: {
    by: 'authors',
    what: 'the authors’ denoising loop in pipeline_sd.py, sg and sg_prev, whole runs',
    error: 2.5e-15,
  },
  differs:
    'The authors add 10 to t of 1000; here σ is multiplied. Both stop at the schedule’s top, and only the network is told.',
  peers: {
    here: 'shifted noise level, or the previous step’s noise',
    diffusers: null,
    perturbedAttention: null,
    comfy: null,
  },
}
