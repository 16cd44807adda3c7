/** Where the numbers of In-situ come from. */
import type { Provenance } from '../provenance'

export const inSitu: Provenance = {
  method: 'in-situ',
  space: 'x0',
  scale: 'paper: w = s + 1',
  starts: 'on the whole way, as here',
  checked: {
    by: 'reading',
    what: 'the paper’s section 3; PyTorch’s dropout where EDM’s networks have it',
    error: null,
  },
  differs: 'The masks come from seeded streams of ours.',
}
