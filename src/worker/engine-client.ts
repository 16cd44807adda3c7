/**
 * The state machine behind the page's handle on the engine: owns the worker, chooses the backend, keeps at most one run
 * in flight and one waiting, and carries runs across lost devices and dead workers. Free of DOM; `client.ts` gives it the
 * browser. The listener may call the engine back from within an event, so every method emits after it changed its state.
 */
import { previewSolver, withSolver } from '../sampling/solver-registry'
import type { FinalSample } from '../sampling/records'
import type { ModelFile, ModelInfo, NetworkRef } from '../model/types'
import type { JudgeFiles, Judgement } from '../evaluation/judge'
import type { Settings } from '../settings/types'
import {
  EngineError,
  chosenFailed,
  internal,
  messageOf,
  noThreads,
  noWorker,
  unusable,
  workerDied,
  type EngineFailure,
} from '../core/failure'
import { parseReply, type Command, type Reply } from './messages'
import { needsOf, type Need } from '../engine/needs'
import type {
  BackendChoice,
  BackendId,
  Engine,
  EngineEvent,
  EngineListener,
  MapRequest,
  MapResult,
  RunOptions,
  RunPass,
} from './protocol'

/** The part of `Worker` that the client uses. */
export interface WorkerPort {
  postMessage(message: unknown): void
  terminate(): void
  addEventListener(type: 'message' | 'messageerror' | 'error', listener: (event: Event) => void): void
}

/** A model with what it starts with: its default network, and what proves a backend. */
export interface ModelPackage {
  readonly model: ModelInfo
  readonly graph: Uint8Array<ArrayBuffer>
  readonly weights: Uint8Array<ArrayBuffer>
  readonly golden: Uint8Array<ArrayBuffer>
}

export interface EngineParts {
  /** Starts a fresh worker. */
  readonly spawn: () => WorkerPort
  /** Rejects with `EngineError`, or with the signal's reason. */
  readonly fetchModel: (request: {
    readonly model: string
    readonly signal: AbortSignal
    readonly onProgress: (loaded: number, total: number) => void
    readonly onNotice: (notice: EngineFailure) => void
  }) => Promise<ModelPackage>
  /** One more file of the model. Rejects with `EngineError`, or with the signal's reason. */
  readonly fetchFile: (request: {
    readonly model: string
    readonly file: ModelFile
    readonly signal: AbortSignal
    readonly onProgress: (loaded: number) => void
    readonly onNotice: (notice: EngineFailure) => void
  }) => Promise<Uint8Array<ArrayBuffer>>
  /** What this page can try, in order of preference; `wasm-threads` only where the page is cross-origin isolated. */
  readonly candidates: readonly BackendId[]
  /** Threads of `wasm-threads`. */
  readonly threads: number
  /** Calls back unless cancelled before; returns the canceller. */
  readonly after: (milliseconds: number, callback: () => void) => () => void
}

/** Steps of the coarse preview. */
export const PREVIEW_STEPS = 6
/** Losses of device or worker after which a candidate is given up. */
const LOSSES = 2
/** A start or a job that has said nothing for this long is taken for dead: a GPU process or a runtime can hang without an error. */
const SILENCE_MS = 120_000
/** The same for the start of a backend that a person insists on: software WebGPU needs minutes for its first evaluation. */
const CHOSEN_START_SILENCE_MS = 480_000

/** How long nothing must have been run before images are drawn in the background: between two points of a drag nothing starts. */
const DRAW_REST_MS = 800

/** Bytes of model files that a worker holds before the least recently used go: about ten networks. Storage keeps them all. */
const WORKER_FILES = 128 * 2 ** 20

const BACKEND_NAMES: Record<BackendId, string> = {
  webgpu: 'WebGPU',
  'wasm-threads': 'WASM with threads',
  wasm: 'WASM with one thread',
}

interface Pass {
  readonly pass: RunPass
  readonly settings: Settings
}

interface Run {
  readonly id: number
  readonly settings: Settings
  readonly negativeAlone: boolean
  /** Passes still to do; the first is under way while the run is in flight. */
  passes: readonly Pass[]
}

type Job = { readonly job: number; cancelled: boolean } & (
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'draw'; readonly draw: PendingDraw }
)

/** Images to be drawn when nothing else is asked. */
interface PendingDraw {
  readonly settings: readonly Settings[]
  readonly resolve: (samples: readonly FinalSample[]) => void
  readonly reject: (error: Error) => void
  /** Its networks are on their way. */
  fetching: boolean
}

interface PendingJudgement {
  readonly files: JudgeFiles
  readonly images: readonly Float32Array[]
  readonly resolve: (judgements: readonly Judgement[]) => void
  readonly reject: (error: Error) => void
}

interface PendingMap {
  readonly request: MapRequest
  readonly resolve: (result: MapResult) => void
  readonly reject: (error: Error) => void
}

function passesOf(settings: Settings, preview: boolean): Pass[] {
  const full: Pass = { pass: 'full', settings }
  const coarse: Settings = {
    ...withSolver(settings, previewSolver(settings.solver)),
    steps: Math.min(settings.steps, PREVIEW_STEPS),
  }
  const same = coarse.steps === settings.steps && coarse.solver === settings.solver
  return preview && !same ? [{ pass: 'preview', settings: coarse }, full] : [full]
}

/** What is said where the page itself is at fault: the worker can't help. */
const pageFailure = (error: unknown): EngineFailure =>
  error instanceof EngineError ? error.failure : internal(messageOf(error), 'Reload the page.')

/** One worker on one candidate, from its start to its end. */
interface Connection {
  readonly backend: BackendId
  readonly worker: WorkerPort
  /** Files that the worker has, with their bytes, in order of use. */
  readonly files: Map<string, number>
  /** Aborted when the worker has ended. */
  readonly closed: AbortController
  ready: boolean
  /** The judge that the worker has. */
  judge: JudgeFiles | null
}

/** A file on its way, for whoever wants it. */
interface Download {
  readonly abort: AbortController
  readonly bytes: Promise<Uint8Array<ArrayBuffer>>
  readonly listeners: Set<() => void>
  loaded: number
}

/** A vision transformer on its way to the worker. */
interface PendingVision {
  readonly id: number
  readonly graph: Uint8Array<ArrayBuffer> | null
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

class EngineClient implements Engine {
  /** Aborts everything that belongs to one call of `start`. */
  #started: AbortController | null = null
  #model: string | null = null
  #choice: BackendChoice = 'auto'
  /** Candidates of this start that are not given up; the first is in use. */
  #candidates: readonly BackendId[] = []
  #package: Promise<ModelPackage> | null = null
  #info: ModelInfo | null = null
  #connection: Connection | null = null
  #losses = new Map<BackendId, number>()
  #failure: EngineFailure | null = null
  #job: Job | null = null
  #waiting: Run | null = null
  #maps = new Map<number, PendingMap>()
  readonly #judgements = new Map<number, PendingJudgement>()
  #draws: readonly PendingDraw[] = []
  /** Ends the rest after a run, while it lasts and images wait. */
  #rest: (() => void) | null = null
  readonly #downloads = new Map<string, Download>()
  /** The waiting run whose files are on their way. */
  #fetching: { readonly run: Run; readonly stop: AbortController } | null = null
  /** The reader's vision transformer, as far as a worker accepted it. */
  #vision: Uint8Array<ArrayBuffer> | null = null
  #pendingVision: PendingVision | null = null
  readonly #noticed = new Set<string>()
  #runs = 0
  #jobs = 0
  #ids = 0
  #calm: () => void = () => undefined
  #disposed = false

  constructor(
    private readonly listener: EngineListener,
    private readonly parts: EngineParts,
  ) {}

  start(model: string, choice: BackendChoice): void {
    if (this.#disposed) throw new Error('the engine was disposed')
    this.#started?.abort(new Error('superseded by another start'))
    this.#disconnect()
    this.#abortDownloads(() => true)
    if (this.#waiting && this.#waiting.settings.model !== model) this.#waiting = null
    if (model !== this.#model) this.#rejectQuestions('another model was chosen')
    const started = new AbortController()
    this.#started = started
    this.#model = model
    this.#choice = choice
    this.#failure = null
    this.#info = null
    this.#losses.clear()
    this.#noticed.clear()
    this.#candidates = choice === 'auto' ? this.parts.candidates : [choice]
    // Events never arrive before the call that caused them has returned.
    queueMicrotask(() => {
      if (started.signal.aborted) return
      if (choice === 'wasm-threads' && !this.parts.candidates.includes(choice)) {
        this.#fail(noThreads())
        return
      }
      this.#package = this.parts.fetchModel({
        model,
        signal: started.signal,
        onProgress: (loaded, total) => {
          const backend = this.#candidates[0]
          if (!started.signal.aborted && backend)
            this.#emit({ kind: 'phase', backend, phase: { kind: 'download', loaded, total } })
        },
        onNotice: (failure) => {
          if (!started.signal.aborted) this.#notice(failure)
        },
      })
      this.#connect(started.signal)
    })
  }

  run(settings: Settings, options: RunOptions): number {
    if (this.#disposed) throw new Error('the engine was disposed')
    const run: Run = {
      id: ++this.#runs,
      settings,
      passes: passesOf(settings, options.preview),
      negativeAlone: options.negativeAlone ?? true,
    }
    this.#cancelJob()
    this.#stopFetching()
    this.#waiting = run
    this.#abortUnwanted()
    queueMicrotask(() => this.#pump())
    return run.id
  }

  cancel(): void {
    this.#waiting = null
    if (this.#job?.kind === 'run') this.#cancelJob()
    this.#stopFetching()
    this.#abortUnwanted()
  }

  attentionMap(request: MapRequest): Promise<MapResult> {
    if (this.#disposed) return Promise.reject(new Error('the engine was disposed'))
    if (this.#failure) return Promise.reject(new Error(this.#failure.message))
    return new Promise((resolve, reject) => {
      const id = ++this.#ids
      this.#maps.set(id, { request, resolve, reject })
      if (this.#connection?.ready) void this.#askMap(this.#connection, id, request)
    })
  }

  useVision(graph: Uint8Array<ArrayBuffer> | null): Promise<void> {
    if (this.#disposed) return Promise.reject(new Error('the engine was disposed'))
    if (this.#failure) return Promise.reject(new Error(this.#failure.message))
    return new Promise((resolve, reject) => {
      this.#rejectVision('another file was chosen')
      this.#pendingVision = { id: ++this.#ids, graph, resolve, reject }
      if (this.#connection?.ready) this.#post({ kind: 'vision', id: this.#pendingVision.id, graph })
    })
  }

  draw(settings: readonly Settings[], signal: AbortSignal): Promise<readonly FinalSample[]> {
    if (this.#disposed) return Promise.reject(new Error('the engine was disposed'))
    if (this.#failure) return Promise.reject(new Error(this.#failure.message))
    return new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const draw: PendingDraw = { settings, resolve, reject, fetching: false }
      this.#draws = [...this.#draws, draw]
      signal.addEventListener('abort', () => {
        if (this.#job?.kind === 'draw' && this.#job.draw === draw) this.#cancelJob()
        this.#endDraw(draw)
        reject(signal.reason as Error)
      })
      queueMicrotask(() => this.#pump())
    })
  }

  judge(files: JudgeFiles, images: readonly Float32Array[]): Promise<readonly Judgement[]> {
    if (this.#disposed) return Promise.reject(new Error('the engine was disposed'))
    if (this.#failure) return Promise.reject(new Error(this.#failure.message))
    return new Promise((resolve, reject) => {
      const id = ++this.#ids
      const pending: PendingJudgement = { files, images, resolve, reject }
      this.#judgements.set(id, pending)
      if (this.#connection?.ready) this.#askJudge(this.#connection, id, pending)
    })
  }

  dispose(): void {
    this.#disposed = true
    this.#started?.abort(new Error('the engine was disposed'))
    this.#job = null
    this.#waiting = null
    this.#disconnect()
    this.#abortDownloads(() => true)
    this.#rejectQuestions('the engine was disposed')
    this.#rejectVision('the engine was disposed')
  }

  #emit(event: EngineEvent): void {
    if (!this.#disposed) this.listener(event)
  }

  /** Says once what would come with every file, such as full storage. */
  #notice(failure: EngineFailure): void {
    if (this.#noticed.has(failure.code)) return
    this.#noticed.add(failure.code)
    this.#emit({ kind: 'recovering', failure })
  }

  #post(command: Command): void {
    this.#connection?.worker.postMessage(command)
  }

  // ---- candidates ----

  /** Starts the first remaining candidate in a fresh worker: a runtime whose start failed once stays broken. */
  #connect(signal: AbortSignal): void {
    const backend = this.#candidates[0]
    if (!backend) throw new Error('no candidate is left')
    let worker: WorkerPort
    try {
      worker = this.parts.spawn()
    } catch (error) {
      // No candidate can do without a worker. Later, so that it follows what the caller has to say.
      const failure = noWorker(messageOf(error))
      queueMicrotask(() => !signal.aborted && this.#fail(failure))
      return
    }
    const connection: Connection = {
      backend,
      worker,
      files: new Map(),
      closed: new AbortController(),
      ready: false,
      judge: null,
    }
    this.#connection = connection
    const current = () => this.#connection === connection
    connection.worker.addEventListener('message', (event) => {
      if (!current()) return
      let reply: Reply
      try {
        reply = parseReply((event as MessageEvent).data)
      } catch (error) {
        this.#lost(connection, pageFailure(error))
        return
      }
      this.#onReply(connection, reply)
    })
    connection.worker.addEventListener(
      'messageerror',
      () => current() && this.#lost(connection, workerDied('a message could not be read')),
    )
    connection.worker.addEventListener('error', (event) => {
      event.preventDefault()
      if (current())
        this.#lost(connection, workerDied((event as Partial<ErrorEvent>).message || 'it could not be started'))
    })
    // The runtime loads while the model still downloads.
    const threads = backend === 'wasm-threads' ? this.parts.threads : 1
    this.#post({ kind: 'open', backend, threads, acceptSoftware: this.#choice === backend })
    void this.#deliver(connection, signal)
  }

  async #deliver(connection: Connection, signal: AbortSignal): Promise<void> {
    try {
      const loaded = await this.#package!
      if (signal.aborted || this.#connection !== connection) return
      this.#info = loaded.model
      this.#post({ kind: 'load', ...loaded })
      for (const { file, bytes } of [loaded.model.graph, loaded.model.weights]) connection.files.set(file, bytes)
      this.#watch()
      this.#emit({ kind: 'phase', backend: connection.backend, phase: { kind: 'compile' } })
    } catch (error) {
      if (signal.aborted || this.#connection !== connection) return
      this.#fail(pageFailure(error))
    }
  }

  /** The connection's worker is no longer of use. */
  #lost(connection: Connection, failure: EngineFailure): void {
    if (!connection.ready) {
      this.#reject(connection, failure)
      return
    }
    const losses = (this.#losses.get(connection.backend) ?? 0) + 1
    this.#losses.set(connection.backend, losses)
    this.#disconnect()
    if (losses < LOSSES) {
      this.#connect(this.#started!.signal)
      this.#emit({ kind: 'recovering', failure })
    } else if (this.#another()) {
      const rejected = this.#next()
      this.#emit({ kind: 'recovering', failure })
      this.#emit({ kind: 'backend-rejected', backend: rejected, failure })
    } else {
      this.#fail(this.#choice === 'auto' ? failure : chosenFailed(BACKEND_NAMES[connection.backend], failure))
    }
  }

  /** The candidate did not pass its start. */
  #reject(connection: Connection, failure: EngineFailure): void {
    this.#disconnect()
    if (this.#another()) this.#emit({ kind: 'backend-rejected', backend: this.#next(), failure })
    else this.#fail(this.#choice === 'auto' ? failure : chosenFailed(BACKEND_NAMES[connection.backend], failure))
  }

  #another(): boolean {
    return this.#candidates.length > 1
  }

  /** Gives the first candidate up, connects to the one after it, and returns the one given up. */
  #next(): BackendId {
    const [rejected, ...rest] = this.#candidates
    this.#candidates = rest
    this.#connect(this.#started!.signal)
    return rejected!
  }

  /** Ends the worker; a run in flight goes back to wait, unless a newer one waits. */
  #disconnect(): void {
    this.#calm()
    this.#endRest()
    this.#stopFetching()
    const connection = this.#connection
    this.#connection = null
    connection?.worker.terminate()
    connection?.closed.abort(new Error('the worker has ended'))
    const job = this.#job
    this.#job = null
    if (job?.kind === 'run' && !job.cancelled) this.#waiting ??= job.run
  }

  #fail(failure: EngineFailure): void {
    this.#started?.abort(new Error(failure.message))
    this.#disconnect()
    this.#failure = failure
    this.#abortDownloads(() => true)
    this.#rejectQuestions(failure.message)
    this.#rejectVision(failure.message)
    this.#emit({ kind: 'failed', failure })
    this.#pump()
  }

  /** Everything that was asked beside the runs. */
  #rejectQuestions(why: string): void {
    const asked = [...this.#maps.values(), ...this.#judgements.values(), ...this.#draws]
    this.#maps.clear()
    this.#judgements.clear()
    this.#draws = []
    for (const { reject } of asked) reject(new Error(why))
  }

  #rejectVision(why: string): void {
    this.#pendingVision?.reject(new Error(why))
    this.#pendingVision = null
  }

  // ---- files ----

  #needs(settings: Settings): readonly Need[] {
    return needsOf(settings, this.#info!, this.#vision !== null)
  }

  #missing({ files }: Connection, needs: readonly Need[]): readonly ModelFile[] {
    return needs.flatMap((need) => need.files.filter(({ file }) => !files.has(file)))
  }

  /** Names of the files that these settings need; none where they can't be served. */
  #namesOf(settings: Settings): readonly string[] {
    try {
      return this.#info && settings.model === this.#model
        ? this.#needs(settings).flatMap(({ files }) => files.map(({ file }) => file))
        : []
    } catch {
      return []
    }
  }

  #download(file: ModelFile): Download {
    const known = this.#downloads.get(file.file)
    if (known) return known
    const abort = new AbortController()
    const listeners = new Set<() => void>()
    const bytes = this.parts.fetchFile({
      model: this.#model!,
      file,
      signal: abort.signal,
      onProgress: (loaded) => {
        download.loaded = loaded
        for (const listener of listeners) listener()
      },
      onNotice: (failure) => {
        if (!abort.signal.aborted) this.#notice(failure)
      },
    })
    const download: Download = { abort, bytes, listeners, loaded: 0 }
    this.#downloads.set(file.file, download)
    const end = () => {
      if (this.#downloads.get(file.file) === download) this.#downloads.delete(file.file)
    }
    bytes.then(end, end)
    return download
  }

  #abortDownloads(which: (file: string) => boolean): void {
    for (const [file, { abort }] of this.#downloads) {
      if (!which(file)) continue
      this.#downloads.delete(file)
      abort.abort(new Error('no longer wanted'))
    }
  }

  /** Settings of what is asked beside the runs. */
  #asked(): readonly Settings[] {
    return [
      ...[...this.#maps.values()].map(({ request }) => request.settings),
      ...this.#draws.flatMap(({ settings }) => settings.slice(0, 1)),
    ]
  }

  /** Ends downloads that neither the waiting run nor a map nor a draw needs. What both an older and a newer run need goes on. */
  #abortUnwanted(): void {
    if (this.#downloads.size === 0) return
    const wanted = new Set(
      [...(this.#waiting ? [this.#waiting.settings] : []), ...this.#asked()].flatMap((settings) =>
        this.#namesOf(settings),
      ),
    )
    this.#abortDownloads((file) => !wanted.has(file))
  }

  /**
   * Gives the worker the files that it lacks, network by network, telling the page how far each is. Rejects with
   * `EngineError`, or with the signal's reason once the files are not wanted any more; downloads go on then.
   */
  async #provide(connection: Connection, needs: readonly Need[], signal: AbortSignal): Promise<void> {
    for (const need of needs) {
      const missing = this.#missing(connection, [need])
      if (missing.length > 0) await this.#provideOne(connection, need.network, missing, needs, signal)
    }
  }

  async #provideOne(
    connection: Connection,
    network: NetworkRef | null,
    missing: readonly ModelFile[],
    needs: readonly Need[],
    signal: AbortSignal,
  ): Promise<void> {
    const downloads = missing.map((file) => this.#download(file))
    const total = missing.reduce((sum, { bytes }) => sum + bytes, 0)
    const report = () =>
      this.#emit({ kind: 'fetching', network, loaded: downloads.reduce((sum, { loaded }) => sum + loaded, 0), total })
    const end = () => {
      for (const { listeners } of downloads) listeners.delete(report)
      this.#emit({ kind: 'fetched', network })
    }
    let stop = () => {}
    const stopped = new Promise<never>((_, reject) => {
      stop = () => {
        for (const { listeners } of downloads) listeners.delete(report)
        reject(signal.reason as Error)
        // After the call that stopped it has returned, and before the next run has anything to say.
        queueMicrotask(end)
      }
    })
    signal.addEventListener('abort', stop, { once: true })
    for (const { listeners } of downloads) listeners.add(report)
    report()
    let bytes: Uint8Array<ArrayBuffer>[]
    try {
      bytes = await Promise.race([Promise.all(downloads.map((download) => download.bytes)), stopped])
      signal.throwIfAborted()
    } catch (error) {
      if (!signal.aborted) end()
      throw error
    } finally {
      signal.removeEventListener('abort', stop)
    }
    for (const { file, bytes: size } of missing) connection.files.set(file, size)
    this.#post({
      kind: 'files',
      files: Object.fromEntries(missing.map(({ file }, i) => [file, bytes[i]!])),
      drop: this.#surplus(connection, needs),
    })
    end()
  }

  /** Files that the worker shall let go to stay within bounds: none that is needed now. */
  #surplus(connection: Connection, needs: readonly Need[]): string[] {
    const { graph, weights } = this.#info!
    const needed = new Set([
      graph.file,
      weights.file,
      ...needs.flatMap(({ files }) => files.map(({ file }) => file)),
      ...[...(this.#job?.kind === 'run' ? [this.#job.run.settings] : []), ...this.#asked()].flatMap((settings) =>
        this.#namesOf(settings),
      ),
    ])
    let held = [...connection.files.values()].reduce((sum, bytes) => sum + bytes, 0)
    const drop: string[] = []
    for (const [file, bytes] of connection.files) {
      if (held <= WORKER_FILES) break
      if (needed.has(file)) continue
      connection.files.delete(file)
      held -= bytes
      drop.push(file)
    }
    return drop
  }

  #stopFetching(): void {
    const stop = this.#fetching?.stop
    this.#fetching = null
    stop?.abort(new Error('no longer wanted'))
  }

  /** Fetches what the waiting run needs, and then goes on with it. */
  async #fetch(run: Run, connection: Connection, needs: readonly Need[]): Promise<void> {
    const stop = new AbortController()
    this.#fetching = { run, stop }
    let failure: EngineFailure | null = null
    try {
      await this.#provide(connection, needs, stop.signal)
    } catch (error) {
      failure = pageFailure(error)
    }
    if (stop.signal.aborted) return
    this.#fetching = null
    if (failure) {
      this.#waiting = null
      this.#abortUnwanted()
      this.#emit({ kind: 'run-failed', run: run.id, failure })
    }
    this.#pump()
  }

  /** Asks the worker for a map, after it got the files for it. */
  async #askMap(connection: Connection, id: number, request: MapRequest): Promise<void> {
    try {
      const needs = this.#needs(request.settings)
      if (this.#missing(connection, needs).length > 0) {
        await this.#provide(connection, needs, connection.closed.signal)
      }
      if (this.#maps.has(id)) this.#post({ kind: 'map', id, request })
    } catch (error) {
      // With a fresh worker it is asked again.
      if (connection.closed.signal.aborted) return
      this.#maps.get(id)?.reject(error instanceof Error ? error : new Error(String(error)))
      this.#maps.delete(id)
    }
  }

  // ---- runs ----

  #cancelJob(): void {
    if (!this.#job || this.#job.cancelled) return
    this.#job.cancelled = true
    this.#post({ kind: 'cancel', job: this.#job.job })
  }

  // ---- images in the background, and what the judge sees in them ----

  #askJudge(connection: Connection, id: number, { files, images }: PendingJudgement): void {
    if (connection.judge !== files)
      this.#post({ kind: 'judge-files', info: files.info, graph: files.graph, weights: files.weights })
    connection.judge = files
    this.#post({ kind: 'judge', id, images })
  }

  /** Draws the first that waits, after it got its networks; called when there is no run. */
  #pumpDraw(): void {
    const [draw] = this.#draws
    const connection = this.#connection
    if (!draw || this.#job || !connection?.ready || this.#fetching || this.#rest) return
    const fail = (error: unknown) => {
      if (connection.closed.signal.aborted) return
      this.#endDraw(draw)
      draw.reject(error instanceof Error ? error : new Error(String(error)))
      this.#pump()
    }
    try {
      const needs = this.#needs(draw.settings[0]!)
      if (this.#missing(connection, needs).length === 0) {
        this.#job = { job: ++this.#jobs, kind: 'draw', draw, cancelled: false }
        this.#post({ kind: 'draw', job: this.#job.job, settings: draw.settings })
        this.#watch()
        return
      }
      if (draw.fetching) return
      draw.fetching = true
      const ended = () => {
        draw.fetching = false
      }
      this.#provide(connection, needs, connection.closed.signal)
        .finally(ended)
        .then(() => this.#pump(), fail)
    } catch (error) {
      fail(error)
    }
  }

  #endDraw(draw: PendingDraw): void {
    this.#draws = this.#draws.filter((other) => other !== draw)
    if (this.#draws.length === 0) this.#endRest()
  }

  #endRest(): void {
    this.#rest?.()
    this.#rest = null
  }

  /** Gives the worker its next job, if it is free and there is one: a run before anything else. */
  #pump(): void {
    const run = this.#waiting
    if (this.#disposed) return
    if (!run) return this.#pumpDraw()
    if (this.#failure) {
      this.#waiting = null
      this.#emit({ kind: 'run-failed', run: run.id, failure: this.#failure })
      return
    }
    if (this.#job || !this.#connection?.ready) return
    if (run.settings.model !== this.#model) {
      this.#waiting = null
      this.#emit({
        kind: 'run-failed',
        run: run.id,
        failure: pageFailure(`the model ${run.settings.model} is not loaded`),
      })
      return
    }
    // Its files are on their way.
    if (this.#fetching) return
    let needs: readonly Need[]
    try {
      needs = this.#needs(run.settings)
    } catch (error) {
      this.#waiting = null
      this.#emit({
        kind: 'run-failed',
        run: run.id,
        failure: error instanceof RangeError ? unusable(error.message) : pageFailure(error),
      })
      return
    }
    if (this.#missing(this.#connection, needs).length > 0) {
      void this.#fetch(run, this.#connection, needs)
      return
    }
    // Now the last to be dropped.
    for (const { file, bytes } of needs.flatMap(({ files }) => files)) {
      this.#connection.files.delete(file)
      this.#connection.files.set(file, bytes)
    }
    this.#waiting = null
    this.#sample(run)
  }

  #sample(run: Run): void {
    const { pass, settings } = run.passes[0]!
    this.#job = { job: ++this.#jobs, kind: 'run', run, cancelled: false }
    this.#post({ kind: 'sample', job: this.#job.job, settings, negativeAlone: run.negativeAlone })
    this.#watch()
    this.#emit({ kind: 'run-started', run: run.id, pass, settings })
  }

  /** Restarts the watch over a start or a job that may hang. */
  #watch(): void {
    this.#calm()
    const connection = this.#connection
    if (!connection || (connection.ready && !this.#job)) return
    const patience = !connection.ready && this.#choice === connection.backend ? CHOSEN_START_SILENCE_MS : SILENCE_MS
    this.#calm = this.parts.after(patience, () => {
      if (this.#connection === connection) this.#lost(connection, workerDied('it no longer answers'))
    })
  }

  #onReply(connection: Connection, reply: Reply): void {
    const job = this.#job
    switch (reply.kind) {
      case 'phase':
        this.#watch()
        this.#emit({ kind: 'phase', backend: connection.backend, phase: { kind: reply.phase } })
        return
      case 'ready':
        connection.ready = true
        this.#calm()
        if (this.#vision) this.#post({ kind: 'vision', id: 0, graph: this.#vision })
        if (this.#pendingVision)
          this.#post({ kind: 'vision', id: this.#pendingVision.id, graph: this.#pendingVision.graph })
        for (const [id, { request }] of this.#maps) void this.#askMap(connection, id, request)
        for (const [id, pending] of this.#judgements) this.#askJudge(connection, id, pending)
        this.#emit({ kind: 'ready', backend: reply.backend, model: this.#info! })
        this.#pump()
        return
      case 'refused':
        this.#reject(connection, reply.failure)
        return
      case 'lost':
        this.#lost(connection, reply.failure)
        return
      case 'combining':
        this.#watch()
        this.#emit(reply)
        return
      case 'vision': {
        const pending = this.#pendingVision
        // A fresh worker that took the one accepted before has nothing to add.
        if (reply.id !== pending?.id) return
        this.#pendingVision = null
        if (reply.message === null) {
          this.#vision = pending.graph
          pending.resolve()
        } else pending.reject(new Error(reply.message))
        return
      }
      case 'step':
        if (reply.job !== job?.job || job.kind !== 'run') return
        this.#watch()
        if (!job.cancelled)
          this.#emit({ kind: 'step', run: job.run.id, pass: job.run.passes[0]!.pass, record: reply.record })
        return
      case 'finished': {
        if (reply.job !== job?.job || job.kind !== 'run') return
        this.#endJob()
        const { run } = job
        const { pass } = run.passes[0]!
        run.passes = run.passes.slice(1)
        if (!job.cancelled) {
          // Before the listener is called: a run that it starts must find the slot as it is.
          if (run.passes.length > 0) this.#waiting = run
          this.#emit({ kind: 'run-finished', run: run.id, pass, samples: reply.samples, summary: reply.summary })
        }
        this.#pump()
        return
      }
      case 'failed':
        if (reply.job !== job?.job) return
        this.#endJob()
        if (job.kind === 'draw') {
          this.#endDraw(job.draw)
          job.draw.reject(new Error(`${reply.failure.message} ${reply.failure.remedy}`))
        } else if (!job.cancelled) this.#emit({ kind: 'run-failed', run: job.run.id, failure: reply.failure })
        this.#pump()
        return
      case 'cancelled':
        if (reply.job !== job?.job) return
        this.#endJob()
        this.#pump()
        return
      case 'map':
        this.#maps.get(reply.id)?.resolve(reply.result)
        this.#maps.delete(reply.id)
        return
      case 'map-failed':
        this.#maps.get(reply.id)?.reject(new Error(reply.message))
        this.#maps.delete(reply.id)
        return
      case 'drawing':
        if (reply.job === job?.job) this.#watch()
        return
      case 'drawn':
        if (reply.job !== job?.job || job.kind !== 'draw') return
        this.#endJob()
        this.#endDraw(job.draw)
        job.draw.resolve(reply.samples)
        this.#pump()
        return
      case 'judged':
        this.#judgements.get(reply.id)?.resolve(reply.judgements)
        this.#judgements.delete(reply.id)
        return
      case 'judge-failed':
        this.#judgements.get(reply.id)?.reject(new Error(reply.message))
        this.#judgements.delete(reply.id)
        return
      default:
        reply satisfies never
    }
  }

  #endJob(): void {
    const ran = this.#job?.kind === 'run'
    this.#job = null
    this.#calm()
    if (!ran || this.#draws.length === 0) return
    this.#endRest()
    this.#rest = this.parts.after(DRAW_REST_MS, () => {
      this.#rest = null
      this.#pump()
    })
  }
}

/** An engine over the given parts; `createEngine` in `client.ts` gives it the browser's. */
export function createEngineFrom(listener: EngineListener, parts: EngineParts): Engine {
  return new EngineClient(listener, parts)
}
