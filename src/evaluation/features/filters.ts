/** Filters of the packages whose numbers are met. */
import type { Filter } from '../../core/resample'

/** Keys' cubic with a = −½, as Pillow's BICUBIC (Keys 1981, eq. 8). */
export const BICUBIC: Filter = {
  id: 'bicubic',
  support: 2,
  widens: true,
  at: (x) => {
    const t = Math.abs(x)
    if (t < 1) return (1.5 * t - 2.5) * t * t + 1
    return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0
  },
}

/** Between the two nearest samples, also where a picture shrinks, as PyTorch's `interpolate` without `antialias`. */
export const BILINEAR: Filter = { id: 'bilinear', support: 1, widens: false, at: (x) => Math.max(0, 1 - Math.abs(x)) }
