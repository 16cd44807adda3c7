/** Where the numbers of NAG come from. */
import type { Provenance } from '../provenance'

export const nag: Provenance = {
  method: 'nag',
  space: 'an attention layer’s results',
  scale: 'authors: φ = s + 1',
  starts: 'on the whole way, as here',
  checked: { by: 'authors', what: 'the authors’ nag of ComfyUI-NAG, on tokens of one layer', error: 1.4e-16 },
  differs:
    'The authors push a negative prompt’s cross-attention away; here, without text, what each token sees of itself alone.',
  peers: {
    here: 'in self-attention, against the identity map',
    diffusers: null,
    perturbedAttention: 'yes, in cross-attention',
    comfy: null,
  },
}
