/** Where the numbers of S² come from. */
import type { Provenance } from '../provenance'

export const s2: Provenance = {
  method: 's2',
  space: 'x0',
  scale: 'paper: s, as here',
  starts: 'authors: the middle 80 % of the steps; here on the whole way, or a window',
  checked: {
    by: 'others',
    what: 'get_prediction_with_dropped_blocks of YXOfficial/Y_X-Guidance-Pack, the negative without the blocks that it drew; the paper’s code is not public',
    error: 0,
  },
  differs:
    'Without the paper’s CFG, which can be stacked. That pack takes s D⁻ away without adding s D⁺, as the paper’s first version; here, as its later one, s (D⁺ − D⁻) is added.',
  peers: {
    here: 'attention or whole block, share of the layers',
    diffusers: null,
    perturbedAttention: null,
    comfy: null,
  },
}
