/** Where the playhead stands on the noise axis. */
export interface PlayheadSlice {
  /** Share of the way, 1 is σ = 0. */
  readonly position: number
  readonly playing: boolean
}

export const playheadSlice: PlayheadSlice = { position: 1, playing: false }
