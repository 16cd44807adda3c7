/** Where the numbers of FDG come from. */
import type { Provenance } from '../provenance'

export const fdg: Provenance = {
  method: 'fdg',
  space: 'x0',
  scale: 'diffusers: w = s + 1 of each level',
  starts: 'on the whole way, as here',
  checked: { by: 'library', what: 'diffusers’ FrequencyDecoupledGuidance on kornia’s pyramids', error: 1.4e-16 },
  differs: 'Shares of one s in place of a scale a level. Over any negative.',
  peers: {
    here: 'over any negative',
    diffusers: 'guider, for CFG',
    perturbedAttention: 'yes',
    comfy: 'FreSca, which is similar',
  },
}
