/** Where the numbers of Any pair come from. */
import type { Provenance } from '../provenance'

export const anyPair: Provenance = {
  method: 'pair',
  space: 'that of what is chosen',
  scale: 's',
  starts: 'where what is chosen acts',
  checked: { by: 'reading', what: 'golden runs of chosen pairs; each choice is its own method’s', error: null },
  differs: 'Ours: no paper has it.',
}
