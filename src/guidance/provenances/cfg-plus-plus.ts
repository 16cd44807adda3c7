/** Where the numbers of CFG++ come from. */
import type { Provenance } from '../provenance'

export const cfgPlusPlus: Provenance = {
  method: 'cfg++',
  space: 'x0, and the noise of the negative',
  scale: 'authors: λ, between 0 and 1; s fades it in',
  starts: 'on the whole way, as here',
  checked: {
    by: 'authors',
    what: 'the authors’ EulerCFGppSolver, x after each of six steps at λ 0.6 and 1',
    error: 1.3e-15,
  },
  differs: 'Over any negative; s other than 1 is ours.',
  peers: {
    here: 'over any negative',
    diffusers: null,
    perturbedAttention: null,
    comfy: 'samplers `euler_cfg_pp` and relatives, for CFG',
  },
}
