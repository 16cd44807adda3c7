/** Where the numbers of SIMS come from. */
import type { Provenance } from '../provenance'

export const sims: Provenance = {
  method: 'sims',
  space: 'x0; Neon: the weights',
  scale: 'SIMS: ω = s; Neon: w = s',
  starts: 'on the whole way, as here',
  checked: {
    by: 'reading',
    what: 'SIMS’ equation, and Neon’s merge (1 + w) θ − w θ′ as in its repository',
    error: null,
  },
  differs: null,
}
