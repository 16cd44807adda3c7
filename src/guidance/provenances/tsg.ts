/** Where the numbers of TSG come from. */
import type { Provenance } from '../provenance'

export const tsg: Provenance = {
  method: 'tsg',
  space: 'x0; the same in ε',
  scale: 'paper: w = s + 1',
  starts: 'authors: in a range of t, in the first layers; here on the whole way, on the embedding that all layers read',
  checked: {
    by: 'reading',
    what: 'the paper’s section 5; no code of the authors was found, and none of others that names its source',
    error: null,
  },
  differs:
    'One draw a step for all layers, and a window of σ in place of the range of t. The noise is in units of one deviation, not of that of each embedding.',
}
