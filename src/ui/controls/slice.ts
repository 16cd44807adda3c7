/** What the controls remember beside the settings. */
export interface ControlsSlice {
  /** The ablation whose variants are offered, by id. */
  readonly ablation: string | null
  /** Whether the seed is the person's own, from a link or typed: another class keeps it. Else it goes to its chosen one. */
  readonly seedKept: boolean
}

export const controlsSlice: ControlsSlice = { ablation: null, seedKept: true }
