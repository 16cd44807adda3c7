/** Where the numbers of Momentum come from. */
import type { Provenance } from '../provenance'

export const momentum: Provenance = {
  method: 'momentum',
  space: 'x0',
  scale: 'pamparamm’s node: α = s',
  starts: 'on the whole way, as here',
  checked: {
    by: 'reading',
    what: 'pamparamm’s mg_nodes.py, read; no code of the paper’s authors was found',
    error: null,
  },
  differs: 'The average is of D⁺, before guidance.',
}
