/** Where the numbers of TCFG come from. */
import type { Provenance } from '../provenance'

export const tcfg: Provenance = {
  method: 'tcfg',
  space: 'the score, as x − D',
  scale: 'diffusers: w = s + 1',
  starts: 'on the whole way, as here',
  checked: {
    by: 'library',
    what: 'diffusers’ TangentialClassifierFreeGuidance, which makes the golden runs',
    error: 0,
  },
  differs: 'Two vectors need no decomposition: a closed form. Over any negative.',
  peers: { here: 'over any negative', diffusers: 'guider, for CFG', perturbedAttention: null, comfy: 'node, for CFG' },
}
