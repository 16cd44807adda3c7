/** What the controls remember beside the settings. */
export interface ControlsSlice {
  /** The ablation whose variants are offered, by id. */
  readonly ablation: string | null
  readonly seedLocked: boolean
}

export const controlsSlice: ControlsSlice = { ablation: null, seedLocked: true }
