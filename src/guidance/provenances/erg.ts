/** Where the numbers of ERG come from. */
import type { Provenance } from '../provenance'

export const erg: Provenance = {
  method: 'erg',
  space: 'x0',
  scale: 'paper: w = s + 1',
  starts: 'authors: after the first steps; here on the whole way, or a window',
  checked: {
    by: 'library',
    what: 'PyTorch’s scaled_dot_product_attention at the scale τ / √d; that this is ERG is the paper’s part on images, read, since no code of it was found',
    error: 6e-16,
  },
  differs:
    'Without its part on the text encoder, which these networks lack; its weight α, step γ and number of steps K are 1.',
  peers: { here: 'temperature of the attention', diffusers: null, perturbedAttention: null, comfy: null },
}
