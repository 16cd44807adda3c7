/**
 * The page's handle on the engine, put together from its parts: it hands questions and replies to the part that they concern.
 * Free of DOM; `index.ts` gives it the browser. The listener may call the engine back from within an event, so every part emits
 * after it changed its state.
 */
import type { EngineFailure } from '../../core/failure'
import type { Decoded } from '../../engine/latent-decoder'
import type { JudgeFiles, Judgement } from '../../evaluation/judge'
import type { RowCount } from '../../sampling/alike'
import type { FinalSample, Lone } from '../../sampling/records'
import type { Settings } from '../../settings/types'
import type {
  BackendChoice,
  Engine,
  EngineEvent,
  EngineListener,
  Foreseen,
  MapRequest,
  MapResult,
  RunOptions,
} from '../protocol'
import type { Connection, Said } from './connection'
import type { Desk } from './desk'
import { Downloads } from './downloads'
import { Lifecycle } from './lifecycle'
import { Notices } from './notices'
import type { EngineParts } from './parts'
import { DecodeQuestions, JudgeQuestions, MapQuestions } from './questions'
import { refusalOf, startOf } from './state'
import { Supplies } from './supplies'
import { VisionChoice } from './vision'
import { Wants } from './wants'
import { Work } from './work'

class EngineClient implements Engine {
  readonly #life: Lifecycle
  readonly #downloads: Downloads
  readonly #wants: Wants
  readonly #work: Work
  readonly #maps: MapQuestions
  readonly #judge: JudgeQuestions
  readonly #decodes: DecodeQuestions
  readonly #vision: VisionChoice
  readonly #notices = new Notices((event) => this.#emit(event))

  constructor(
    private readonly listener: EngineListener,
    parts: EngineParts,
  ) {
    const onNotice = (failure: EngineFailure) => this.#notices.say(failure)
    const emit = (event: EngineEvent) => this.#emit(event)
    const life = new Lifecycle(parts, {
      emit,
      onNotice,
      onReply: (reply, connection) => this.#onReply(reply, connection),
      onDisconnect: () => this.#work.onDisconnect(),
      onFailed: (failure) => this.#onFailed(failure),
    })
    const downloads = new Downloads(parts.fetchFile, onNotice)
    const wants = new Wants({
      start: () => startOf(life.state),
      ownVision: () => this.#vision.own,
      waiting: () => this.#work.waiting,
      running: () => this.#work.running,
      asked: () => [...this.#maps.settings, ...this.#work.drawn],
    })
    const desk: Desk = {
      ready: () => life.ready,
      failure: () => (life.state.kind === 'failed' ? life.state.failure : null),
      needs: (settings) => wants.needs(settings),
      supplies: new Supplies({ downloads, emit, model: () => startOf(life.state)!.model, inUse: () => wants.inUse() }),
      dropUnwanted: () => downloads.keep(() => wants.wanted()),
      emit,
      watch: () => life.watch(this.#work.busy),
      pump: () => this.#work.pump(),
      after: parts.after,
    }
    this.#life = life
    this.#downloads = downloads
    this.#wants = wants
    this.#work = new Work(desk)
    this.#maps = new MapQuestions(desk)
    this.#judge = new JudgeQuestions(desk)
    this.#decodes = new DecodeQuestions(desk)
    this.#vision = new VisionChoice(desk)
  }

  start(model: string, choice: BackendChoice): void {
    this.#requireLife()
    const before = startOf(this.#life.state)
    this.#life.start(model, choice)
    this.#downloads.end()
    this.#notices.forget()
    this.#work.dropRunsOfOthers(model)
    if (model !== before?.model) this.#rejectQuestions('another model was chosen')
  }

  run(settings: Settings, options: RunOptions): number {
    this.#requireLife()
    const id = this.#work.run(settings, options)
    this.#dropUnwanted()
    queueMicrotask(() => this.#work.pump())
    return id
  }

  cancel(): void {
    this.#work.cancelRuns()
    this.#dropUnwanted()
  }

  attentionMap(request: MapRequest): Promise<MapResult> {
    return this.#unlessRefused(() => this.#maps.ask(request))
  }

  useVision(graph: Uint8Array<ArrayBuffer> | null): Promise<void> {
    return this.#unlessRefused(() => this.#vision.offer(graph))
  }

  draw(
    settings: readonly Settings[],
    alone: readonly Lone[],
    signal: AbortSignal,
    told?: (rows: RowCount) => void,
  ): Promise<readonly FinalSample[]> {
    return this.#unlessRefused(() => this.#work.draw(settings, alone, signal, told))
  }

  foresee(settings: Settings, alone: readonly Lone[], signal: AbortSignal): Promise<Foreseen> {
    return this.#unlessRefused(() => this.#work.foresee(settings, alone, signal))
  }

  judge(files: JudgeFiles, images: readonly Float32Array[]): Promise<readonly Judgement[]> {
    return this.#unlessRefused(() => this.#judge.ask(files, images))
  }

  decode(latents: readonly Float32Array[]): Promise<readonly Decoded[]> {
    return this.#unlessRefused(() => this.#decodes.ask(latents))
  }

  dispose(): void {
    this.#life.dispose()
    this.#giveUp('the engine was disposed')
    this.#work.cancelRuns()
  }

  #emit(event: EngineEvent): void {
    if (this.#life.state.kind !== 'disposed') this.listener(event)
  }

  #requireLife(): void {
    if (this.#life.state.kind === 'disposed') throw new Error('the engine was disposed')
  }

  #unlessRefused<T>(ask: () => Promise<T>): Promise<T> {
    const refusal = refusalOf(this.#life.state)
    return refusal ? Promise.reject(refusal) : ask()
  }

  #onFailed(failure: EngineFailure): void {
    this.#giveUp(failure.message)
    this.#emit({ kind: 'failed', failure })
    this.#work.pump()
  }

  #giveUp(why: string): void {
    this.#downloads.end()
    this.#rejectQuestions(why)
    this.#vision.reject(why)
  }

  /** Everything that was asked beside the runs. */
  #rejectQuestions(why: string): void {
    this.#maps.rejectAll(why)
    this.#judge.rejectAll(why)
    this.#decodes.rejectAll(why)
    this.#work.rejectDraws(why)
  }

  #dropUnwanted(): void {
    this.#downloads.keep(() => this.#wants.wanted())
  }

  #onReply(reply: Said, connection: Connection): void {
    switch (reply.kind) {
      case 'phase':
        // One that is ready has no phases: the page would show that it loads, for good.
        if (this.#life.ready) return
        this.#life.watch(false)
        return this.#emit({ kind: 'phase', backend: connection.backend, phase: { kind: reply.phase } })
      case 'evaluating':
        return this.#life.watch(this.#work.busy)
      case 'combining':
        this.#life.watch(this.#work.busy)
        return this.#emit(reply)
      case 'ready':
        return this.#onReady(reply, connection)
      case 'tuned':
        return this.#life.onTuned(reply)
      case 'refused':
        return this.#life.onRefused(connection, reply.failure)
      case 'lost':
        return this.#life.onLost(connection, reply.failure)
      case 'vision':
        return this.#vision.onReply(reply.id, reply.message)
      case 'map':
        return this.#maps.resolve(reply.id, reply.result)
      case 'map-failed':
        return this.#maps.reject(reply.id, reply.message)
      case 'decoded':
        return this.#decodes.resolve(reply.id, reply.pictures)
      case 'decode-failed':
        return this.#decodes.reject(reply.id, reply.message)
      case 'judged':
        return this.#judge.resolve(reply.id, reply.judgements)
      case 'judge-failed':
        return this.#judge.reject(reply.id, reply.message)
      default:
        return this.#work.onReply(reply)
    }
  }

  #onReady({ backend }: Extract<Said, { kind: 'ready' }>, connection: Connection): void {
    const ready = this.#life.onReady(connection)
    if (!ready) return
    this.#vision.onReady(ready)
    this.#maps.onReady(ready)
    this.#judge.onReady(ready)
    this.#decodes.onReady(ready)
    this.#emit({ kind: 'ready', backend, model: ready.info })
    this.#work.pump()
  }
}

/** An engine over the given parts; `createEngine` in `index.ts` gives it the browser's. */
export function createEngineFrom(listener: EngineListener, parts: EngineParts): Engine {
  return new EngineClient(listener, parts)
}
