/**
 * Starts workers, takes the next candidate where one fails, and replaces a worker that was lost: owner of the engine client's
 * one state. What is asked of the worker is no business of this file.
 */
import { chosenFailed, internal, messageOf, noWorker, unusable, type EngineFailure } from '../../core/failure'
import { startingFiles } from '../../engine/recipe'
import { backendById } from '../backend-registry'
import type { BackendChoice, BackendInfo, EngineEvent } from '../protocol'
import { Candidates } from './candidates'
import { Connection, type Said } from './connection'
import { pageFailure } from './page-failure'
import type { EngineParts, ModelPackage } from './parts'
import { connectionOf, startOf, type Ready, type Start, type State } from './state'

export interface LifecycleListener {
  readonly emit: (event: EngineEvent) => void
  /** Something went wrong that stops nothing, such as full storage. */
  readonly onNotice: (failure: EngineFailure) => void
  readonly onReply: (reply: Said, connection: Connection) => void
  /** The worker is about to end: what it was busy with waits for the next. */
  readonly onDisconnect: () => void
  /** No worker will come without the person: what waits for one has to be refused. */
  readonly onFailed: (failure: EngineFailure) => void
}

type Opening = 'starting' | 'recovering'

export class Lifecycle {
  #state: State = { kind: 'idle' }

  constructor(
    private readonly parts: EngineParts,
    private readonly listener: LifecycleListener,
  ) {}

  get state(): State {
    return this.#state
  }

  get ready(): Ready | null {
    return this.#state.kind === 'ready' ? this.#state : null
  }

  /** Ends the start or the worker before, and starts anew. */
  start(model: string, choice: BackendChoice): void {
    this.#end('superseded by another start')
    const start = this.#newStart(model, choice)
    this.#state = { kind: 'starting', start, connection: null }
    // Events never arrive before the call that caused them has returned.
    queueMicrotask(() => {
      if (start.abort.signal.aborted) return
      const refusal = this.#refusalOf(choice)
      if (refusal) this.#fail(refusal)
      else if (choice === 'auto' && this.parts.lacking) void this.#look(start, this.parts.lacking)
      else this.#connect(start, 'starting')
    })
  }

  dispose(): void {
    this.#end('the engine was disposed')
    this.#state = { kind: 'disposed' }
  }

  /** The worker has proved its backend on the model that it was given. Null where it says so again, or without a model. */
  onReady(connection: Connection): Ready | null {
    if (this.ready) return null
    const start = startOf(this.#state)
    if (!start?.info || !connection.loaded) {
      this.onRefused(connection, internal('a worker was ready without a model', 'Reload the page.'))
      return null
    }
    connection.calm()
    const ready: Ready = { kind: 'ready', start, connection, info: start.info, since: this.parts.now() }
    this.#state = ready
    return ready
  }

  /** The backend has found out on how many threads it is fastest. */
  onTuned({ label, threads }: Pick<BackendInfo, 'label' | 'threads'>): void {
    this.parts.cores?.keep(threads)
    this.listener.emit({ kind: 'tuned', label, threads })
  }

  /** The candidate did not pass its start. */
  onRefused(connection: Connection, failure: EngineFailure): void {
    const opening = this.#state.kind === 'starting' ? 'starting' : 'recovering'
    const start = startOf(this.#state)!
    this.#disconnect()
    const way = start.candidates.refuse()
    if (way.kind !== 'next') return this.#fail(this.#lastWord(start, connection, failure))
    this.#connect(start, opening)
    this.listener.emit({ kind: 'backend-rejected', backend: way.rejected, failure })
  }

  /** The connection's worker is no longer of use. */
  onLost(connection: Connection, failure: EngineFailure): void {
    if (this.#state.kind !== 'ready') return this.onRefused(connection, failure)
    const { start, since } = this.#state
    this.#disconnect()
    const way = start.candidates.lose(this.parts.now() - since)
    if (way.kind === 'none-left') return this.#fail(this.#lastWord(start, connection, failure))
    this.#connect(start, 'recovering')
    this.listener.emit({ kind: 'recovering', failure })
    if (way.kind === 'next') this.listener.emit({ kind: 'backend-rejected', backend: way.rejected, failure })
  }

  /** Restarts the watch over a start, or over a job where the worker is `busy`: either may hang. */
  watch(busy: boolean): void {
    const connection = connectionOf(this.#state)
    if (!connection) return
    const insisted = startOf(this.#state)?.choice === connection.backend
    if (this.#state.kind !== 'ready') connection.watch(insisted ? 'chosen-start' : 'start')
    else if (busy) connection.watch('job')
    else connection.calm()
  }

  #newStart(model: string, choice: BackendChoice): Start {
    const abort = new AbortController()
    const candidates = new Candidates(choice, this.parts.page)
    const { signal } = abort
    let loaded: Promise<ModelPackage> | null = null
    const fetchModel = () =>
      this.parts.fetchModel({
        model,
        signal,
        onProgress: (done, total) => {
          if (signal.aborted) return
          const phase = { kind: 'download', loaded: done, total } as const
          this.listener.emit({ kind: 'phase', backend: candidates.current, phase })
        },
        onKept: (files) => {
          if (!signal.aborted) this.listener.emit({ kind: 'kept', files })
        },
        onNotice: (failure) => {
          if (!signal.aborted) this.listener.onNotice(failure)
        },
      })
    return { model, choice, candidates, abort, load: () => (loaded ??= fetchModel()), info: null }
  }

  /** Passes over a candidate that the page knows would not start; files come meanwhile. */
  async #look(start: Start, lacking: NonNullable<EngineParts['lacking']>): Promise<void> {
    const { current } = start.candidates
    // Whoever waits for them hears of a failure.
    start.load().catch(() => undefined)
    const failure = await lacking(current).catch(() => null)
    if (start.abort.signal.aborted) return
    const way = failure && start.candidates.refuse()
    this.#connect(start, 'starting')
    if (failure && way?.kind === 'next')
      this.listener.emit({ kind: 'backend-rejected', backend: way.rejected, failure })
  }

  /** Why this page can't offer the chosen backend, or null. */
  #refusalOf(choice: BackendChoice): EngineFailure | null {
    if (choice === 'auto') return null
    try {
      return backendById(choice).refusal(this.parts.page)
    } catch (error) {
      return unusable(messageOf(error))
    }
  }

  /** Opens the current candidate in a fresh worker: a runtime whose start failed once stays broken. */
  #connect(start: Start, kind: Opening): void {
    const backend = start.candidates.current
    let connection: Connection
    try {
      connection = new Connection(backend, this.parts.spawn(), this.parts, {
        onReply: (reply) => this.listener.onReply(reply, connection),
        onLost: (failure) => this.onLost(connection, failure),
      })
    } catch (error) {
      // No candidate can do without a worker. The failure is told later, after what the caller has to say.
      queueMicrotask(() => !start.abort.signal.aborted && this.#fail(noWorker(messageOf(error))))
      return
    }
    this.#state = { kind, start, connection }
    // The runtime loads while the model still downloads.
    const { threads, lanes } = backendById(backend)
    const cores = lanes && this.parts.cores
    const kept = cores?.kept() ?? null
    const count = kept ?? threads(this.parts.threads)
    const most = cores && kept === null ? cores.most : undefined
    const used = most ?? count
    connection.open({
      threads: count,
      ...(most !== undefined && { most }),
      acceptSoftware: start.choice === backend,
      // Only isolated pages may share memory.
      ...(lanes && this.parts.page.isolated && used > 1 && { lanes: used - 1 }),
    })
    void this.#deliver(start, connection)
  }

  async #deliver(start: Start, connection: Connection): Promise<void> {
    const over = () => start.abort.signal.aborted || connection.closed.aborted
    try {
      const loaded = await start.load()
      if (over()) return
      start.info = loaded.model
      connection.load({ ...loaded, networks: this.parts.memory.networks })
      connection.files.add(startingFiles(loaded.model))
      this.watch(false)
      this.listener.emit({ kind: 'phase', backend: connection.backend, phase: { kind: 'compile' } })
    } catch (error) {
      if (!over()) this.#fail(pageFailure(error))
    }
  }

  /** What a person hears when no candidate is left. */
  #lastWord({ choice }: Start, { backend }: Connection, failure: EngineFailure): EngineFailure {
    return choice === 'auto' ? failure : chosenFailed(backendById(backend).name, failure)
  }

  #disconnect(): void {
    this.listener.onDisconnect()
    const connection = connectionOf(this.#state)
    const start = startOf(this.#state)
    if (start)
      this.#state = { kind: this.#state.kind === 'starting' ? 'starting' : 'recovering', start, connection: null }
    connection?.close()
  }

  #end(why: string): void {
    startOf(this.#state)?.abort.abort(new Error(why))
    this.#disconnect()
  }

  #fail(failure: EngineFailure): void {
    this.#end(failure.message)
    this.#state = { kind: 'failed', failure }
    this.listener.onFailed(failure)
  }
}
