/** Where the numbers of SAG come from. */
import type { Provenance } from '../provenance'

export const sag: Provenance = {
  method: 'sag',
  space: 'x0: Δ = x̃₀ − D(x̂), the ε difference of two inputs',
  scale: 'ADM code: w = s + 1 (1.01 to 1.5); Stable Diffusion code: s = 0.75',
  starts: 'authors: below t = 250 of 1000, σ 0.95 on their schedule; here from σ 8 on',
  checked: {
    by: 'authors',
    what: 'the authors’ attention_masking: mask, blur and noise of the degraded input',
    error: 1.3e-16,
  },
  differs:
    'Here the layer, head, threshold and start are free, and five more masks. Of a clipped image the noise that is put back is that of the prediction before clipping, as theirs is.',
  peers: {
    here: 'six masking strategies, layer, head, threshold',
    diffusers: 'one deprecated Stable Diffusion pipeline',
    perturbedAttention: null,
    comfy: 'fixed layer, threshold 1',
  },
}
