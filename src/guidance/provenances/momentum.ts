/** Where the numbers of Momentum come from. */
import type { Provenance } from '../provenance'

export const momentum: Provenance = {
  method: 'momentum',
  space: 'x0',
  scale: 'pamparamm’s node: α = s',
  starts: 'on the whole way, as here',
  checked: {
    by: 'others',
    what: 'mg_nodes.py of pamparamm/sd-perturbed-attention over a whole run; no code of the authors was found',
    error: 1.3e-15,
  },
  differs: 'The paper averages velocities; here, as in that node, D⁺ is averaged, before guidance.',
}
