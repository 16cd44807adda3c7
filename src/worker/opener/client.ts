/** The page's handle on the worker that opens models: one question at a time, each of which can be given up at any moment. */
import { messageOf } from '../../core/failure'
import type { LayerMap } from '../../evaluation/layers/map'
import type { WorkerPort } from '../client/parts'
import {
  type Added,
  type Adding,
  type Answer,
  type Asked,
  type Looked,
  type Mapped,
  type OpenedModel,
  type Opening,
  type Order,
  parseAnswer,
  type Tried,
} from './messages'
import type { Source } from './brought'

export type OnProgress = (done: number, total: number, what: string) => void

interface Watch {
  readonly signal: AbortSignal
  readonly onProgress: OnProgress
}

/** Questions reject with a sentence, or with the signal's reason; a newer one ends the one before. */
export interface Opener {
  look(source: Source, watch: Watch): Promise<Looked>
  attempt(asked: Omit<Asked, 'threads'>, watch: Watch): Promise<Tried>
  open(asked: Opening, watch: Watch): Promise<OpenedModel>
  /** A second network beside a model that was opened. */
  add(adding: Adding, watch: Watch): Promise<Added>
  /** What PAG does at each layer of a model that was opened. */
  map(opened: Mapped, watch: Watch): Promise<LayerMap>
  dispose(): void
}

type Body<T> = T extends unknown ? Omit<T, 'id'> : never

export interface OpenerParts {
  readonly spawn: () => WorkerPort
  readonly threads: number
  /** Calls back unless cancelled before; returns the canceller. */
  readonly after: (milliseconds: number, callback: () => void) => () => void
}

/** Threads start in a moment. In Firefox a worker that starts others at times stands still in that for good (src/worker/lanes). */
const THREADS_MS = 15_000

/** What a worker says to one order, until it is over. */
class Conversation {
  #over = false
  readonly answer: Promise<Answer>
  #resolve: (answer: Answer) => void = () => undefined
  #reject: (why: Error) => void = () => undefined

  /** `after`: the worker waits for another order (`kept`), or is of no further use. */
  constructor(
    worker: WorkerPort,
    private readonly id: number,
    private readonly onProgress: OnProgress,
    /** The runtime begins to start its threads, or has. */
    private readonly onStarting: (done: boolean) => void,
    private readonly after: (kept: boolean) => void,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    worker.addEventListener('message', (event) => this.#hear((event as MessageEvent).data))
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      const why = (event as Partial<ErrorEvent>).message || 'its script did not come, or memory ran out'
      this.fail(new Error(`The worker that opens models stopped: ${why}. Try again, or open a smaller network.`))
    })
  }

  fail(why: Error): void {
    if (this.#end(false)) this.#reject(why)
  }

  #end(kept: boolean): boolean {
    if (this.#over) return false
    this.#over = true
    this.after(kept)
    return true
  }

  #hear(data: unknown): void {
    if (this.#over) return
    let answer: Answer
    try {
      answer = parseAnswer(data)
    } catch (error) {
      return this.fail(new Error(`The worker that opens models said what nobody understands: ${messageOf(error)}`))
    }
    if (answer.id !== this.id) return
    if (answer.kind === 'starting') return this.onStarting(answer.done)
    if (answer.kind === 'progress') return this.onProgress(answer.done, answer.total, answer.what)
    // A runtime that failed once may be broken.
    if (answer.kind === 'failed') return this.fail(new Error(answer.message))
    // What an opening took of WebAssembly's memory is given back by its end alone.
    if (this.#end(answer.kind !== 'opened' && answer.kind !== 'added')) this.#resolve(answer)
  }
}

/** Threads did not start. */
class StandingStill extends Error {}

class OpenerClient implements Opener {
  /** A worker that waits for an order. One that is given up in the middle of its work ends: nothing else stops it. */
  #idle: WorkerPort | null = null
  #running: Conversation | null = null
  #ids = 0
  #threads: number

  constructor(private readonly parts: OpenerParts) {
    this.#threads = parts.threads
  }

  async look(source: Source, watch: Watch): Promise<Looked> {
    const answer = await this.#ask({ kind: 'look', ...source }, watch)
    if (answer.kind !== 'looked') throw wrong()
    return answer
  }

  async attempt(asked: Omit<Asked, 'threads'>, watch: Watch): Promise<Tried> {
    const answer = await this.#ask({ kind: 'try', ...asked, threads: this.#threads }, watch)
    if (answer.kind !== 'tried') throw wrong()
    return answer
  }

  async open(asked: Opening, watch: Watch): Promise<OpenedModel> {
    const answer = await this.#ask({ kind: 'open', ...asked, threads: this.#threads }, watch)
    if (answer.kind !== 'opened') throw wrong()
    return answer
  }

  async add(adding: Adding, watch: Watch): Promise<Added> {
    const answer = await this.#ask({ kind: 'add', ...adding, threads: this.#threads }, watch)
    if (answer.kind !== 'added') throw wrong()
    return answer
  }

  async map({ model, files }: Mapped, watch: Watch): Promise<LayerMap> {
    const answer = await this.#ask({ kind: 'map', model, files, threads: this.#threads }, watch)
    if (answer.kind !== 'mapped') throw wrong()
    return answer.map
  }

  dispose(): void {
    this.#running?.fail(new Error('The room was closed.'))
    this.#idle?.terminate()
    this.#idle = null
  }

  async #ask(body: Body<Order>, { signal, onProgress }: Watch): Promise<Answer> {
    this.#running?.fail(new Error('Something newer was asked for.'))
    signal.throwIfAborted()
    const worker = this.#worker()
    const id = ++this.#ids
    let calm = () => {}
    const onStarting = (done: boolean) => {
      calm()
      if (!done && 'threads' in body && body.threads > 1)
        calm = this.parts.after(THREADS_MS, () => conversation.fail(new StandingStill()))
    }
    const conversation = new Conversation(worker, id, onProgress, onStarting, (kept) => {
      calm()
      this.#running = null
      if (kept) this.#idle = worker
      else worker.terminate()
    })
    this.#running = conversation
    const stop = () => conversation.fail(signal.reason as Error)
    signal.addEventListener('abort', stop)
    worker.postMessage({ ...body, id })
    try {
      return await conversation.answer
    } catch (error) {
      if (!(error instanceof StandingStill)) throw error
    } finally {
      signal.removeEventListener('abort', stop)
    }
    // With one thread there is nothing to start.
    this.#threads = 1
    return this.#ask({ ...body, threads: 1 } as Body<Order>, { signal, onProgress })
  }

  #worker(): WorkerPort {
    const idle = this.#idle
    this.#idle = null
    if (idle) return idle
    try {
      return this.parts.spawn()
    } catch (error) {
      throw new Error(`The browser gave this page no worker to open the model in: ${messageOf(error)}.`)
    }
  }
}

const wrong = () => new Error('The worker that opens models answered something else. Reload the page.')

export const createOpener = (parts: OpenerParts): Opener => new OpenerClient(parts)

/** The opener of this page. */
export function browserOpener(): Opener {
  const cores = navigator.hardwareConcurrency
  return createOpener({
    spawn: () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'opener' }),
    after: (milliseconds, callback) => {
      const timer = setTimeout(callback, milliseconds)
      return () => clearTimeout(timer)
    },
    threads: crossOriginIsolated && cores > 1 ? Math.min(4, Math.ceil(cores / 2)) : 1,
  })
}
