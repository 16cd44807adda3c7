/** Where the numbers of SLG come from. */
import type { Provenance } from '../provenance'

export const slg: Provenance = {
  method: 'slg',
  space: 'x0; the same in a velocity',
  scale: 'authors: s, as here (2.5)',
  starts: 'authors: between 1 % and 20 % of the steps; here on the whole way, or a window',
  checked: {
    by: 'authors',
    what: 'the authors’ SkipLayerCFGDenoiser over a whole run, and their forward_core_with_concat, whole blocks left out; the attention alone is a second reading',
    error: 1.2e-15,
  },
  differs:
    'Where the attention alone is left out, its branch adds nothing: diffusers’ skip_attention adds the layer’s input instead, and STG’s public code leaves out whole blocks.',
  peers: { here: 'attention or whole block', diffusers: 'guider', perturbedAttention: null, comfy: 'two nodes' },
}
