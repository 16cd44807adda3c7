/** Where the numbers of ERG come from. */
import type { Provenance } from '../provenance'

export const erg: Provenance = {
  method: 'erg',
  space: 'x0',
  scale: 'paper: w = s + 1',
  starts: 'authors: after the first steps; here on the whole way, or a window',
  checked: { by: 'reading', what: 'the paper’s part on images; no code was found', error: null },
  differs: 'Without its part on the text encoder, which these networks lack.',
}
