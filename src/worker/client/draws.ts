/** Images drawn in the background: they wait for a rest between runs, and give way to every run. */
import type { EngineFailure } from '../../core/failure'
import type { FinalSample, Lone, StepRecord } from '../../sampling/records'
import type { Settings } from '../../settings/types'
import type { Desk } from './desk'
import type { Ready } from './state'
import type { Foreseen } from '../protocol'
import type { Draw, Drawn, Job, JobSlot } from './jobs'

/** How long nothing must have been run before images are drawn: between two points of a drag nothing starts. */
const REST_MS = 800

/** One of those that differ in class and seed only, which need the same files. */
function distinct(settings: readonly Settings[]): readonly Settings[] {
  const known = new Map(settings.map((own) => [JSON.stringify({ ...own, seed: 0, class: own.class === null }), own]))
  return [...known.values()]
}

type DrawJob = Extract<Job, { kind: 'draw' }>

export class Draws {
  #waiting: readonly Draw[] = []
  /** Ends the rest after a run, while it lasts and images wait. */
  #rest: (() => void) | null = null

  constructor(
    private readonly desk: Desk,
    private readonly slot: JobSlot,
  ) {}

  /** Settings whose files are wanted. */
  get settings(): readonly Settings[] {
    return this.#waiting.flatMap(({ settings }) => distinct(settings))
  }

  async add(
    settings: readonly Settings[],
    alone: readonly Lone[],
    signal: AbortSignal,
    told: Draw['told'] = () => undefined,
  ): Promise<readonly FinalSample[]> {
    const { job } = this.slot
    if (job?.kind === 'draw' && job.draw.records) this.slot.cancel(this.desk.ready())
    return (await this.#add({ settings, alone, records: null, told }, signal)).samples
  }

  /** A run, after all that is to be drawn. */
  async foresee(settings: Settings, alone: readonly Lone[], signal: AbortSignal): Promise<Foreseen> {
    const records: StepRecord[] = []
    const { samples, summary } = await this.#add(
      { settings: [settings], alone, records, told: () => undefined },
      signal,
    )
    return { records, samples, summary: summary! }
  }

  /** Rejects with the signal's reason; whatever of it is under way is cancelled then. */
  #add(wanted: Pick<Draw, 'settings' | 'alone' | 'records' | 'told'>, signal: AbortSignal): Promise<Drawn> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const abort = () => {
        const { job } = this.slot
        if (job?.kind === 'draw' && job.draw === draw) this.slot.cancel(this.desk.ready())
        this.#end(draw)
        reject(signal.reason as Error)
      }
      const forget = () => signal.removeEventListener('abort', abort)
      const draw: Draw = { ...wanted, resolve, reject, forget, fetching: false }
      this.#waiting = [...this.#waiting, draw]
      signal.addEventListener('abort', abort)
      queueMicrotask(this.desk.pump)
    })
  }

  /** Draws the first that waits, after it got its networks; called when no run waits. */
  pump(): void {
    const draw = this.#waiting.find(({ records }) => !records) ?? this.#waiting[0]
    const ready = this.desk.ready()
    if (!draw || this.slot.job || !ready || this.#rest) return
    try {
      const needs = distinct(draw.settings).flatMap((own) => this.desk.needs(own))
      if (ready.connection.files.missing(needs).length === 0) {
        this.slot.beginDraw(ready, draw)
        this.desk.watch()
      } else if (!draw.fetching) {
        draw.fetching = true
        this.desk.supplies
          .provide(ready.connection, needs, ready.connection.closed)
          .finally(() => {
            draw.fetching = false
          })
          .then(this.desk.pump, (error: unknown) => this.#fail(draw, ready, error))
      }
    } catch (error) {
      this.#fail(draw, ready, error)
    }
  }

  /** A run has ended: nothing is drawn until a while has passed. */
  rest(): void {
    if (this.#waiting.length === 0) return
    this.endRest()
    this.#rest = this.desk.after(REST_MS, () => {
      this.#rest = null
      this.desk.pump()
    })
  }

  endRest(): void {
    this.#rest?.()
    this.#rest = null
  }

  onDrawn({ draw }: DrawJob, drawn: Drawn): void {
    this.#end(draw)
    draw.resolve(drawn)
  }

  onFailed({ draw }: DrawJob, { message, remedy }: EngineFailure): void {
    this.#end(draw)
    draw.reject(new Error(`${message} ${remedy}`))
  }

  rejectAll(why: string): void {
    for (const draw of this.#waiting) {
      this.#end(draw)
      draw.reject(new Error(why))
    }
  }

  #fail(draw: Draw, { connection }: Ready, error: unknown): void {
    // A worker that ended meanwhile has a successor, which is asked again.
    if (connection.closed.aborted) return
    this.#end(draw)
    draw.reject(error instanceof Error ? error : new Error(String(error)))
    this.desk.pump()
  }

  #end(draw: Draw): void {
    draw.forget()
    this.#waiting = this.#waiting.filter((other) => other !== draw)
    if (this.#waiting.length === 0) this.endRest()
  }
}
