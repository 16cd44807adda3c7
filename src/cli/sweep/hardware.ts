/** Seconds of one evaluation of the avatars' main network (1.32 GFLOP) on machines where somebody measured, and how. */

export interface Hardware {
  readonly name: string
  /** The family whose main network was measured. */
  readonly model: string
  /** Of one worker: a process, or a page. */
  readonly seconds: number
  readonly source: string
}

export const HARDWARE: readonly Hardware[] = [
  {
    name: 'a page in Chromium 156, WebAssembly, one core of AMD EPYC',
    model: 'avatars',
    seconds: 1.107 / 62,
    source: 'npm run bench at 53e6360: the full pass alone, 1,107 ms of CPU for 62 evaluations',
  },
]
