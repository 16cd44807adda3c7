/** Where the numbers of CFG come from. */
import type { Provenance } from '../provenance'

export const cfg: Provenance = {
  method: 'cfg',
  space: 'x0; the same in ε, which is linear in it',
  scale: 'authors: s, as here; diffusers: w = s + 1',
  starts: 'on the whole way, as here',
  checked: { by: 'library', what: 'diffusers’ ClassifierFreeGuidance, the combination', error: 1.5e-16 },
  differs: null,
  peers: {
    here: 'on the network with label dropout',
    diffusers: 'guider and pipelines',
    perturbedAttention: '– (that of ComfyUI)',
    comfy: 'yes',
  },
}
