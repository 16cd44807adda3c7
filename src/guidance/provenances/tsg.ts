/** Where the numbers of TSG come from. */
import type { Provenance } from '../provenance'

export const tsg: Provenance = {
  method: 'tsg',
  space: 'x0; the same in ε',
  scale: 'paper: w = s + 1',
  starts: 'authors: in a range of t, in the first layers; here on the whole way, on the embedding that all layers read',
  checked: {
    by: 'authors',
    what: 'the listing in their paper (figure 12), which is all the code of it that they published: whole runs of six Euler steps, with the power of t and with the constant',
    error: 1.4e-15,
  },
  differs:
    'One draw a step for all layers, and a window of σ in place of the range of t, which here falls from 1 to 0 (the paper leaves its unit open). The noise is in units of one deviation, that of the embeddings of all noise levels, not of each embedding’s own: on the avatars’ network 1.04 to 1.75 times as much, most at the highest levels.',
  peers: { here: 'noise on the time embedding only', diffusers: null, perturbedAttention: null, comfy: null },
}
