/** Where the numbers of PLADIS come from. */
import type { Provenance } from '../provenance'

export const pladis: Provenance = {
  method: 'pladis',
  space: 'attention maps',
  scale: 'authors: λ = s',
  starts: 'on the whole way, as here',
  checked: { by: 'library', what: 'the package entmax, which makes the golden runs’ maps', error: 0 },
  differs: 'In self-attention; the authors’ is cross-attention, which these networks lack.',
  peers: {
    here: '1.5-entmax or sparsemax, in self-attention',
    diffusers: null,
    perturbedAttention: 'yes, in cross-attention',
    comfy: null,
  },
}
