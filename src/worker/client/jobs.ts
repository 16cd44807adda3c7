/** What the worker can be busy with, one job at a time: a pass of a run, or images that are drawn in the background. */
import type { RowCount } from '../../sampling/alike'
import type { FinalSample, Lone, StepRecord } from '../../sampling/records'
import type { Settings } from '../../settings/types'
import type { RunPass, RunSummary } from '../protocol'
import type { Ready } from './state'

export interface Pass {
  readonly pass: RunPass
  readonly settings: Settings
}

export interface Run {
  readonly id: number
  readonly settings: Settings
  readonly alone: readonly Lone[]
  /** Passes still to do; the first is under way while the run is in flight. */
  passes: readonly Pass[]
}

export interface Drawn {
  readonly samples: readonly FinalSample[]
  /** Of a run. */
  readonly summary: RunSummary | null
}

/** Images to be drawn when nothing else is asked; with `records` a run that nobody has asked for yet, and its steps so far. */
export interface Draw {
  readonly records: StepRecord[] | null
  readonly settings: readonly Settings[]
  readonly alone: readonly Lone[]
  /** Hears how far it is; one that is begun again begins at nothing. */
  readonly told: (rows: RowCount) => void
  readonly resolve: (drawn: Drawn) => void
  readonly reject: (error: Error) => void
  /** Stops listening to its signal: many draws share one. */
  readonly forget: () => void
  /** Its networks are on their way. */
  fetching: boolean
}

export type Job = { readonly id: number; cancelled: boolean } & (
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'draw'; readonly draw: Draw }
)

/** The worker's one slot. */
export class JobSlot {
  #job: Job | null = null
  #ids = 0

  get job(): Job | null {
    return this.#job
  }

  /** The job of this id, if it is the one in the slot. */
  find(id: number): Job | null {
    return this.#job?.id === id ? this.#job : null
  }

  beginRun({ connection }: Ready, run: Run): void {
    const id = ++this.#ids
    this.#job = { id, kind: 'run', run, cancelled: false }
    const { settings } = run.passes[0]!
    connection.post({ kind: 'sample', job: id, settings, alone: run.alone })
  }

  beginDraw({ connection }: Ready, draw: Draw): void {
    const id = ++this.#ids
    this.#job = { id, kind: 'draw', draw, cancelled: false }
    const { settings, alone, records } = draw
    if (records) {
      records.length = 0
      connection.post({ kind: 'sample', job: id, settings: settings[0]!, alone })
    } else connection.post({ kind: 'draw', job: id, settings, alone })
  }

  /** Asks the worker to stop; the slot stays taken until it says that it has. */
  cancel(ready: Ready | null): void {
    if (!this.#job || this.#job.cancelled) return
    this.#job.cancelled = true
    ready?.connection.post({ kind: 'cancel', job: this.#job.id })
  }

  /** Frees the slot and returns what was in it. */
  clear(): Job | null {
    const job = this.#job
    this.#job = null
    return job
  }
}
