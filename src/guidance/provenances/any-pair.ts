/** Where the numbers of Any pair come from. */
import type { Provenance } from '../provenance'

export const anyPair: Provenance = {
  method: 'pair',
  space: 'that of what is chosen',
  scale: 's',
  starts: 'where what is chosen acts',
  checked: {
    by: 'others',
    what: 'edm_sampler of NVlabs/edm2 over a whole run, its weak network the pair’s negative; each choice is its own method’s',
    error: 0,
  },
  differs: 'Ours: no paper has it.',
  peers: {
    here: 'free choice of network, condition, perturbation, input and noise level',
    diffusers: null,
    perturbedAttention: null,
    comfy: null,
  },
}
