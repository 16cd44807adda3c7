/** Where the numbers of None come from. */
import type { Provenance } from '../provenance'

export const none: Provenance = {
  method: 'none',
  space: 'x0',
  scale: 'none: there is no push',
  starts: 'every step',
  checked: {
    by: 'reading',
    what: 'EDM’s preconditioning and Euler’s and Heun’s steps, written again from Karras et al. 2022',
    error: null,
  },
  differs: null,
}
