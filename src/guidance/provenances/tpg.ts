/** Where the numbers of TPG come from. */
import type { Provenance } from '../provenance'

export const tpg: Provenance = {
  method: 'tpg',
  space: 'x0; the same in ε',
  scale: 'authors: s, as here (3)',
  starts: 'on the whole way, as here',
  checked: {
    by: 'authors',
    what: 'the authors’ make_tpg_block around every layer’s attention, shuffled as it drew',
    error: 8.6e-16,
  },
  differs:
    'The authors’ block holds more than attention, and they shuffle what enters it. Attention alone hands on in what order it was given, so what leaves a layer is shuffled here; its residual keeps every token in place.',
  peers: { here: 'any share of the tokens', diffusers: null, perturbedAttention: 'yes', comfy: null },
}
