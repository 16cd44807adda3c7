/** Where the numbers of MAMBO-G come from. */
import type { Provenance } from '../provenance'

export const mamboG: Provenance = {
  method: 'mambo-g',
  space: 'the ratio in velocities, the push linear',
  scale: 'diffusers: w = s + 1',
  starts: 'on the whole way, as here',
  checked: { by: 'library', what: 'diffusers’ MagnitudeAwareGuidance, which makes the golden runs', error: 0 },
  differs: 'Over any negative.',
  peers: { here: 'over any negative', diffusers: 'guider, for CFG', perturbedAttention: null, comfy: null },
}
