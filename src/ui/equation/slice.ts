/** What stands beside the equation and over its pictures. */

import type { Plot } from '../lens/plot'

/** Where a mask or the windows' coverage is laid over the pictures. */
export type Overlay = 'off' | 'equation' | 'all'

export interface EquationSlice {
  /** Id of the plot beside the equation. */
  readonly lens: string
  /** The picture that the plot is about, once the plot is there. */
  readonly about: Plot['about']
  readonly overlay: Overlay
}

export const equationSlice: EquationSlice = { lens: 'pixel', about: null, overlay: 'equation' }
