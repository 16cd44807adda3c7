/** Where the numbers of In-situ come from. */
import type { Provenance } from '../provenance'

export const inSitu: Provenance = {
  method: 'in-situ',
  space: 'x0',
  scale: 'paper: w = s + 1',
  starts: 'on the whole way, as here',
  checked: {
    by: 'others',
    what: 'UNetBlock of NVlabs/edm in training, with PyTorch’s dropout, in place of each block; no code of the authors was found',
    error: 4.8e-16,
  },
  differs: 'The masks come from seeded streams of ours.',
  peers: { here: 'dropout in the residual blocks', diffusers: null, perturbedAttention: null, comfy: null },
}
