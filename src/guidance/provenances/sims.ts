/** Where the numbers of SIMS come from. */
import type { Provenance } from '../provenance'

export const sims: Provenance = {
  method: 'sims',
  space: 'x0; Neon: the weights',
  scale: 'SIMS: ω = s; Neon: w = s',
  starts: 'on the whole way, as here',
  checked: {
    by: 'authors',
    what: 'the first author’s edm_sampler in Neon’s repository, a whole run; Neon’s merge of weights in cal_PR_single.py',
    error: 4.5e-15,
  },
  differs: null,
  peers: { here: "three budgets, and Neon's folded weights", diffusers: null, perturbedAttention: null, comfy: null },
}
