/** All that keeps the worker busy: runs, and draws where there is no run, one job at a time. */
import { internal, type EngineFailure } from '../../core/failure'
import type { Settings } from '../../settings/types'
import type { RowCount } from '../../sampling/alike'
import type { FinalSample, Lone } from '../../sampling/records'
import type { Reply } from '../messages'
import type { Foreseen, RunOptions } from '../protocol'
import type { Desk } from './desk'
import { Draws } from './draws'
import { JobSlot, type Job } from './jobs'
import { Runs } from './runs'

export type JobReply = Extract<Reply, { readonly job: number }>

export class Work {
  readonly #slot = new JobSlot()
  readonly #runs: Runs
  readonly #draws: Draws

  constructor(private readonly desk: Desk) {
    this.#runs = new Runs(desk, this.#slot)
    this.#draws = new Draws(desk, this.#slot)
  }

  get busy(): boolean {
    return this.#slot.job !== null
  }

  /** Settings of the run that waits. */
  get waiting(): readonly Settings[] {
    return this.#runs.waiting ? [this.#runs.waiting] : []
  }

  /** Settings of the run in flight. */
  get running(): readonly Settings[] {
    const { job } = this.#slot
    return job?.kind === 'run' ? [job.run.settings] : []
  }

  /** Settings of what waits to be drawn. */
  get drawn(): readonly Settings[] {
    return this.#draws.settings
  }

  /** The newest run takes the place of all before it. */
  run(settings: Settings, options: RunOptions): number {
    this.#slot.cancel(this.desk.ready())
    return this.#runs.add(settings, options)
  }

  cancelRuns(): void {
    if (this.#slot.job?.kind === 'run') this.#slot.cancel(this.desk.ready())
    this.#runs.drop()
  }

  dropRunsOfOthers(model: string): void {
    if (this.#runs.waiting && this.#runs.waiting.model !== model) this.#runs.drop()
  }

  draw(
    settings: readonly Settings[],
    alone: readonly Lone[],
    signal: AbortSignal,
    told?: (rows: RowCount) => void,
  ): Promise<readonly FinalSample[]> {
    return this.#draws.add(settings, alone, signal, told)
  }

  foresee(settings: Settings, alone: readonly Lone[], signal: AbortSignal): Promise<Foreseen> {
    return this.#draws.foresee(settings, alone, signal)
  }

  rejectDraws(why: string): void {
    this.#draws.rejectAll(why)
  }

  /** Gives the worker its next job, if it is free and there is one: a run before anything else. */
  pump(): void {
    if (this.#runs.waiting) this.#runs.pump()
    else this.#draws.pump()
  }

  /** The worker ends. A run in flight waits again, unless it was cancelled. */
  onDisconnect(): void {
    this.#draws.endRest()
    this.#runs.stopFetching()
    const job = this.#slot.clear()
    if (job?.kind === 'run' && !job.cancelled) this.#runs.putBack(job.run)
  }

  /** What the worker says of its job; of one that is over, nothing is heard. */
  onReply(reply: JobReply): void {
    const job = this.#slot.find(reply.job)
    if (!job) return
    switch (reply.kind) {
      case 'step':
        if (job.kind === 'run') return this.#runs.onStep(job, reply.record)
        this.desk.watch()
        job.draw.records?.push(reply.record)
        return
      // An answer to what was not asked ends nothing.
      case 'finished':
        if (job.kind === 'draw' && !job.draw.records) return
        this.#end(job)
        if (job.kind === 'run') this.#runs.onFinished(job, reply.samples, reply.summary)
        else this.#draws.onDrawn(job, reply)
        break
      case 'drawing':
        this.desk.watch()
        if (job.kind === 'draw' && !job.cancelled) job.draw.told(reply.rows)
        return
      case 'drawn':
        if (job.kind !== 'draw' || job.draw.records) return
        this.#end(job)
        this.#draws.onDrawn(job, { samples: reply.samples, summary: null })
        break
      case 'failed':
        this.#fail(job, reply.failure)
        break
      case 'cancelled':
        if (job.cancelled) this.#end(job)
        else this.#fail(job, internal('the worker stopped without being asked to', 'Try again.'))
        break
      default:
        reply satisfies never
    }
    this.desk.pump()
  }

  #fail(job: Job, failure: EngineFailure): void {
    this.#end(job)
    if (job.kind === 'run') this.#runs.onFailed(job, failure)
    else this.#draws.onFailed(job, failure)
  }

  #end({ kind }: Job): void {
    this.#slot.clear()
    this.desk.watch()
    if (kind === 'run') this.#draws.rest()
  }
}
