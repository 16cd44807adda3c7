/** Guidance interval: when to push. */
import type { Settings } from '../../../settings/types'
import type { Ablation, Variant } from '../ablation'

const pushed = (label: string, window: Settings['window']): Variant => ({ label, method: 'pag', scale: 1.5, window })

export const interval: Ablation = {
  id: 'interval',
  order: 10,
  label: 'Guidance interval: when to push',
  look: 'The band under the axis is where guidance acts. High noise decides the layout, low noise the texture; the middle often suffices, at half the price.',
  variants: () => [
    pushed('always', [0, Infinity]),
    pushed('high noise', [5, Infinity]),
    pushed('middle', [0.3, 5]),
    pushed('low noise', [0, 0.3]),
  ],
}
