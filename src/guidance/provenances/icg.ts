/** Where the numbers of ICG come from. */
import type { Provenance } from '../provenance'

export const icg: Provenance = {
  method: 'icg',
  space: 'x0; the same in ε',
  scale: 'paper: w = s + 1',
  starts: 'on the whole way, as here',
  checked: { by: 'reading', what: 'the paper’s section 4; no code of the authors was found', error: null },
  differs: 'Here the wanted class can be left out and the draw kept over the steps.',
}
