/** What the controls remember beside the settings. */
import type { Settings } from '../../settings/types'

export interface ControlsSlice {
  /** The ablation whose variants are offered, by id. */
  readonly ablation: string | null
  /** Whether the seed is the person's own, from a link or typed: another class keeps it. Else it goes to its chosen one. */
  readonly seedKept: boolean
  /** The network that was asked for before one without a class took its place; null where none was left. */
  readonly left: { readonly asked: Pick<Settings, 'network' | 'ema'>; readonly taken: string } | null
}

export const controlsSlice: ControlsSlice = { ablation: null, seedKept: true, left: null }
