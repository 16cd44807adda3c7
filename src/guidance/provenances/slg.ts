/** Where the numbers of SLG come from. */
import type { Provenance } from '../provenance'

export const slg: Provenance = {
  method: 'slg',
  space: 'x0; the same in a velocity',
  scale: 'authors: s, as here (2.5)',
  starts: 'authors: between 1 % and 20 % of the steps; here on the whole way, or a window',
  checked: { by: 'reading', what: 'Stability’s sd3_impls.py, read', error: null },
  differs: null,
}
