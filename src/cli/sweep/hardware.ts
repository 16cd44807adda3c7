/** Seconds of one evaluation of the avatars' main network (1.32 GFLOP) on machines where somebody measured, and how. */

export interface Hardware {
  readonly name: string
  /** The family whose main network was measured. */
  readonly model: string
  /** Of one worker: a process, or a page. */
  readonly seconds: number
  readonly source: string
}

export const HARDWARE: readonly Hardware[] = []
