/** One worker on one candidate, from its start to its end: what it is told, what it says, and whether it still lives. */
import { workerDied, type EngineFailure } from '../../core/failure'
import type { JudgeFiles } from '../../evaluation/judge'
import { parseReply, type Command, type Reply } from '../messages'
import type { BackendId } from '../protocol'
import { HeldFiles } from './held-files'
import { startLane } from './lanes'
import { pageFailure } from './page-failure'
import type { EngineParts, WorkerPort } from './parts'

/**
 * A start or a job that has said nothing for this long is taken for dead: a GPU process or a runtime can hang without an error. One
 * that the browser ended is noticed at once, by its lock.
 */
const SILENCE_MS = 120_000
/**
 * A worker speaks before each call of its runtime. One that has built and run a network has shown how slow this device is: in a job
 * it may be silent for so many times its longest silence, and for so long at least.
 */
const SLOWER = 10
const JOB_SILENCE_MS = 15_000
/** The same for the start of a backend that a person insists on: software WebGPU needs minutes for its first evaluation. */
const CHOSEN_START_SILENCE_MS = 480_000

/** What a worker says beside that it lives. */
export type Said = Exclude<Reply, { readonly kind: 'living' }>

export interface ConnectionListener {
  readonly onReply: (reply: Said) => void
  /** Called when the worker is of no further use: it ended, failed, or fell silent. */
  readonly onLost: (failure: EngineFailure) => void
}

/** What the page waits for, which decides how long: a start, one that a person insists on, or a job. */
export type Patience = 'start' | 'chosen-start' | 'job'

export class Connection {
  readonly files: HeldFiles
  /** The worker was given its model. */
  loaded = false
  /** The judge that the worker has. */
  judge: JudgeFiles | null = null
  readonly #closed = new AbortController()
  #calm = () => {}
  /** What says to each lane that the model has come. */
  #lanes: readonly (() => void)[] = []
  /** Since when the page waits for a word; the longest that it waited for one. */
  #since: number | null = null
  #longest = 0

  /** Nothing is heard of the worker after `close`. */
  constructor(
    readonly backend: BackendId,
    private readonly worker: WorkerPort,
    private readonly parts: Pick<EngineParts, 'spawnLane' | 'after' | 'now' | 'onRelease' | 'memory'>,
    private readonly listener: ConnectionListener,
  ) {
    this.files = new HeldFiles(parts.memory.files)
    worker.addEventListener('message', (event) => this.#onMessage((event as MessageEvent).data))
    worker.addEventListener('messageerror', () => this.#lose(workerDied('a message could not be read')))
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      this.#lose(workerDied((event as Partial<ErrorEvent>).message || 'it could not be started'))
    })
  }

  /** Aborted when the worker has ended. */
  get closed(): AbortSignal {
    return this.#closed.signal
  }

  post(command: Command): void {
    this.worker.postMessage(command)
  }

  /** Opens the backend, and gives it so many lanes as they come. */
  open(command: Omit<Extract<Command, { kind: 'open' }>, 'kind' | 'backend'>): void {
    this.post({ kind: 'open', backend: this.backend, ...command })
    this.#lanes = Array.from({ length: command.lanes ?? 0 }, () =>
      startLane(this.parts, this.closed, {
        onLane: (port) => this.worker.postMessage({ kind: 'lane', port } satisfies Command, port ? [port] : []),
        onLost: (failure) => this.#lose(failure),
      }),
    )
  }

  /** Gives it its model; lanes that are not here soon are done without. */
  load(command: Omit<Extract<Command, { kind: 'load' }>, 'kind'>): void {
    this.post({ kind: 'load', ...command })
    this.loaded = true
    for (const hurry of this.#lanes) hurry()
  }

  /** From now on the worker has to say something in time; begins anew with each call. */
  watch(patience: Patience): void {
    this.calm()
    const since = this.parts.now()
    const milliseconds = this.#bound(patience)
    this.#since = since
    this.#calm = this.parts.after(milliseconds, () => {
      // A page that slept, or stood still itself, has not listened all that time.
      if (this.parts.now() - since > 1.5 * milliseconds) {
        this.#since = null
        this.watch(patience)
      } else this.#lose(workerDied('it no longer answers'))
    })
  }

  #bound(patience: Patience): number {
    if (patience === 'chosen-start') return CHOSEN_START_SILENCE_MS
    if (patience === 'start') return SILENCE_MS
    return Math.min(SILENCE_MS, Math.max(JOB_SILENCE_MS, SLOWER * this.#longest))
  }

  /** Ends the watch: the page waits for nothing, so silence is no sign of death. */
  calm(): void {
    if (this.#since !== null) this.#longest = Math.max(this.#longest, this.parts.now() - this.#since)
    this.#since = null
    this.#calm()
    this.#calm = () => {}
  }

  close(): void {
    this.calm()
    this.worker.terminate()
    this.#closed.abort(new Error('the worker has ended'))
  }

  #lose(failure: EngineFailure): void {
    if (!this.closed.aborted) this.listener.onLost(failure)
  }

  #onMessage(data: unknown): void {
    if (this.closed.aborted) return
    let reply: Reply
    try {
      reply = parseReply(data)
    } catch (error) {
      this.#lose(pageFailure(error))
      return
    }
    if (reply.kind !== 'living') return this.listener.onReply(reply)
    const onRelease = () => this.#lose(workerDied('the browser ended it'))
    this.parts.onRelease(reply.lock, onRelease, this.closed)
  }
}
