/** What stands beside the equation and over its pictures. */

/** Where a mask or the windows' coverage is laid over the pictures. */
export type Overlay = 'off' | 'equation' | 'all'

export interface EquationSlice {
  /** Id of the plot beside the equation. */
  readonly lens: string
  readonly overlay: Overlay
}

export const equationSlice: EquationSlice = { lens: 'pixel', overlay: 'equation' }
