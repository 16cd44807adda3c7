/** One worker on one candidate, from its start to its end: what it is told, what it says, and whether it still lives. */
import { workerDied, type EngineFailure } from '../../core/failure'
import type { JudgeFiles } from '../../evaluation/judge'
import { parseReply, type Command, type Reply } from '../messages'
import type { BackendId } from '../protocol'
import { HeldFiles } from './held-files'
import { pageFailure } from './page-failure'
import type { EngineParts, WorkerPort } from './parts'

/**
 * A start or a job that has said nothing for this long is taken for dead: a GPU process or a runtime can hang without an error. One
 * that the browser ended is noticed at once, by its lock.
 */
const SILENCE_MS = 120_000
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
  /** The judge that the worker has. */
  judge: JudgeFiles | null = null
  readonly #closed = new AbortController()
  #calm = () => {}

  /** Nothing is heard of the worker after `close`. */
  constructor(
    readonly backend: BackendId,
    private readonly worker: WorkerPort,
    private readonly parts: Pick<EngineParts, 'after' | 'onRelease' | 'memory'>,
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

  /** From now on the worker has to say something in time; begins anew with each call. */
  watch(patience: Patience): void {
    this.calm()
    const milliseconds = patience === 'chosen-start' ? CHOSEN_START_SILENCE_MS : SILENCE_MS
    this.#calm = this.parts.after(milliseconds, () => this.#lose(workerDied('it no longer answers')))
  }

  /** Ends the watch: the page waits for nothing, so silence is no sign of death. */
  calm(): void {
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
