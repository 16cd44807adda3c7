/** Runs: the newest that waits, what it needs, and its passes, preview and full. */
import { unusable, type EngineFailure } from '../../core/failure'
import type { Need } from '../../engine/needs'
import type { FinalSample, Lone, StepRecord } from '../../sampling/records'
import { previewSolver, withSolver } from '../../sampling/solver-registry'
import type { Settings } from '../../settings/types'
import type { RunOptions, RunSummary } from '../protocol'
import type { Desk } from './desk'
import { pageFailure } from './page-failure'
import type { Ready } from './state'
import type { Job, JobSlot, Pass, Run } from './jobs'

/** Steps of the coarse preview, by how many trajectories are walked beside the guided one: each takes about as many rows. */
const PREVIEW_STEPS = [12, 8, 6] as const

const BOTH: readonly Lone[] = ['positive', 'negative']

/** What is drawn one after the other. */
export function passesOf(settings: Settings, preview: boolean, alone = BOTH): Pass[] {
  const full: Pass = { pass: 'full', settings }
  const coarse: Settings = {
    ...withSolver(settings, previewSolver(settings.solver)),
    steps: Math.min(settings.steps, PREVIEW_STEPS[alone.length] ?? 6),
  }
  const same = coarse.steps === settings.steps && coarse.solver === settings.solver
  return preview && !same ? [{ pass: 'preview', settings: coarse }, full] : [full]
}

type RunJob = Extract<Job, { kind: 'run' }>

export class Runs {
  #waiting: Run | null = null
  /** Ends the wait for the files of the run that waits. */
  #fetching: AbortController | null = null
  #ids = 0

  constructor(
    private readonly desk: Desk,
    private readonly slot: JobSlot,
  ) {}

  /** Settings of the run that waits. */
  get waiting(): Settings | null {
    return this.#waiting?.settings ?? null
  }

  /** Takes the place of the run that waits. Returns its number. */
  add(settings: Settings, { preview, alone = BOTH }: RunOptions): number {
    const id = ++this.#ids
    this.#waiting = { id, settings, alone, passes: passesOf(settings, preview, alone) }
    this.stopFetching()
    return id
  }

  /** Lets a run that was in flight wait again, unless a newer one waits. */
  putBack(run: Run): void {
    this.#waiting ??= run
  }

  drop(): void {
    this.#waiting = null
    this.stopFetching()
  }

  stopFetching(): void {
    const stop = this.#fetching
    this.#fetching = null
    stop?.abort(new Error('no longer wanted'))
  }

  /** Goes on with the run that waits, as far as that is possible now. */
  pump(): void {
    const run = this.#waiting
    if (!run) return
    const failure = this.desk.failure()
    if (failure) return this.#fail(run, failure)
    const ready = this.desk.ready()
    if (this.slot.job || !ready) return
    if (run.settings.model !== ready.start.model)
      return this.#fail(run, pageFailure(`the model ${run.settings.model} is not loaded`))
    if (this.#fetching) return
    let needs: readonly Need[]
    try {
      needs = this.desk.needs(run.settings)
    } catch (error) {
      return this.#fail(run, error instanceof RangeError ? unusable(error.message) : pageFailure(error))
    }
    if (ready.connection.files.missing(needs).length > 0) {
      void this.#fetch(run, ready, needs)
      return
    }
    ready.connection.files.touch(needs)
    this.#sample(run, ready)
  }

  onStep(job: RunJob, record: StepRecord): void {
    this.desk.watch()
    if (!job.cancelled) this.desk.emit({ kind: 'step', run: job.run.id, pass: job.run.passes[0]!.pass, record })
  }

  /** A pass has ended, and the slot is free again. */
  onFinished({ run, cancelled }: RunJob, samples: readonly FinalSample[], summary: RunSummary): void {
    const { pass } = run.passes[0]!
    run.passes = run.passes.slice(1)
    if (cancelled) return
    // This precedes the event: a run that its listener starts has to replace the passes that are left.
    if (run.passes.length > 0) this.#waiting = run
    this.desk.emit({ kind: 'run-finished', run: run.id, pass, samples, summary })
  }

  onFailed({ run, cancelled }: RunJob, failure: EngineFailure): void {
    if (!cancelled) this.desk.emit({ kind: 'run-failed', run: run.id, failure })
  }

  #fail(run: Run, failure: EngineFailure): void {
    this.#waiting = null
    this.desk.emit({ kind: 'run-failed', run: run.id, failure })
  }

  #sample(run: Run, ready: Ready): void {
    this.#waiting = null
    this.slot.beginRun(ready, run)
    this.desk.watch()
    const { id, settings } = run
    this.desk.emit({ kind: 'run-started', run: id, pass: run.passes[0]!.pass, settings })
  }

  /** Fetches what the run needs, and then goes on with it. */
  async #fetch(run: Run, { connection }: Ready, needs: readonly Need[]): Promise<void> {
    const stop = new AbortController()
    this.#fetching = stop
    let failure: EngineFailure | null = null
    try {
      await this.desk.supplies.provide(connection, needs, stop.signal)
    } catch (error) {
      failure = pageFailure(error)
    }
    if (stop.signal.aborted) return
    this.#fetching = null
    if (failure) {
      this.#waiting = null
      this.desk.dropUnwanted()
      this.desk.emit({ kind: 'run-failed', run: run.id, failure })
    }
    this.desk.pump()
  }
}
