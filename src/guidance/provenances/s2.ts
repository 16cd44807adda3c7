/** Where the numbers of S² come from. */
import type { Provenance } from '../provenance'

export const s2: Provenance = {
  method: 's2',
  space: 'x0',
  scale: 'paper: s, as here',
  starts: 'authors: the middle 80 % of the steps; here on the whole way, or a window',
  checked: { by: 'reading', what: 'the paper; its code is not public', error: null },
  differs: 'Without the paper’s CFG, which can be stacked.',
}
