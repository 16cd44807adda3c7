/** Where the numbers of APG mix come from. */
import type { Provenance } from '../provenance'

export const apgMix: Provenance = {
  method: 'apg-mix',
  space: 'x0',
  scale: 'diffusers, original formulation: s, as here',
  starts: 'plain in the first steps, as diffusers',
  checked: { by: 'library', what: 'diffusers’ AdaptiveProjectedMixGuidance, which makes the golden runs', error: 0 },
  differs: 'Over any negative.',
  peers: { here: 'over any negative', diffusers: 'guider, for CFG', perturbedAttention: null, comfy: null },
}
