/** Where the numbers of TPG come from. */
import type { Provenance } from '../provenance'

export const tpg: Provenance = {
  method: 'tpg',
  space: 'x0; the same in ε',
  scale: 'authors: s, as here (3)',
  starts: 'on the whole way, as here',
  checked: { by: 'reading', what: 'the authors’ pipeline_sdxl_tpg.py, read', error: null },
  differs:
    'The authors shuffle what enters a transformer block; here what leaves an attention layer is shuffled, since its residual keeps every token in place.',
}
