/** What stands beside the equation and over its pictures. */
import type { Lens } from '../lens/lens'

/** Where a mask or the windows' coverage is laid over the pictures. */
export type Overlay = 'off' | 'equation' | 'all'

export interface EquationSlice {
  readonly lens: Lens
  readonly overlay: Overlay
}

export const equationSlice: EquationSlice = { lens: 'pixel', overlay: 'equation' }
