/** Where the numbers of CFG-Zero* come from. */
import type { Provenance } from '../provenance'

export const cfgZeroStar: Provenance = {
  method: 'cfg-zero-star',
  space: 'velocity x − D, of which D is linear',
  scale: 'authors: w = s + 1',
  starts: 'authors: the first step or two stand still; here none unless asked',
  checked: {
    by: 'library',
    what: 'diffusers’ ClassifierFreeZeroStarGuidance, still and moving, at s = 0 too',
    error: 1.4e-7,
  },
  differs: 'Over any negative.',
  peers: { here: 'over any negative', diffusers: 'guider, for CFG', perturbedAttention: null, comfy: 'node, for CFG' },
}
