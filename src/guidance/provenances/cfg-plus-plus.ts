/** Where the numbers of CFG++ come from. */
import type { Provenance } from '../provenance'

export const cfgPlusPlus: Provenance = {
  method: 'cfg++',
  space: 'x0, and the noise of the negative',
  scale: 'authors: λ, between 0 and 1; s fades it in',
  starts: 'on the whole way, as here',
  checked: { by: 'reading', what: 'the paper’s equations; as the D of an Euler step', error: null },
  differs: 'Over any negative; s other than 1 is ours.',
}
