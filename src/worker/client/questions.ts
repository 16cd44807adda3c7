/** Questions beside the runs, each answered by number; with a fresh worker they are asked again. */
import type { Decoded } from '../../engine/latent-decoder'
import type { JudgeFiles, Judgement } from '../../evaluation/judge'
import type { Settings } from '../../settings/types'
import type { MapRequest, MapResult } from '../protocol'
import type { Desk } from './desk'
import type { Ready } from './state'

interface Asked<Question, Answer> {
  readonly question: Question
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/** Questions of one kind that wait for their answer. */
class Pending<Question, Answer> {
  readonly #asked = new Map<number, Asked<Question, Answer>>()
  #ids = 0

  /** Notes the question before it calls `ask`, so that no answer can come too early. */
  add(question: Question, ask: (id: number) => void): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const id = ++this.#ids
      this.#asked.set(id, { question, resolve, reject })
      ask(id)
    })
  }

  get questions(): readonly (readonly [id: number, question: Question])[] {
    return [...this.#asked].map(([id, { question }]) => [id, question])
  }

  has(id: number): boolean {
    return this.#asked.has(id)
  }

  resolve(id: number, answer: Answer): void {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    asked?.resolve(answer)
  }

  reject(id: number, error: Error): void {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    asked?.reject(error)
  }

  rejectAll(error: Error): void {
    for (const id of this.#asked.keys()) this.reject(id, error)
  }
}

/** Attention maps. The files of a map's settings may have to come first. */
export class MapQuestions {
  readonly #pending = new Pending<MapRequest, MapResult>()

  constructor(private readonly desk: Desk) {}

  ask(request: MapRequest): Promise<MapResult> {
    return this.#pending.add(request, (id) => {
      const ready = this.desk.ready()
      if (ready) void this.#ask(ready, id, request)
    })
  }

  /** Settings whose files are wanted. */
  get settings(): readonly Settings[] {
    return this.#pending.questions.map(([, { settings }]) => settings)
  }

  onReady(ready: Ready): void {
    for (const [id, request] of this.#pending.questions) void this.#ask(ready, id, request)
  }

  resolve(id: number, result: MapResult): void {
    this.#pending.resolve(id, result)
  }

  reject(id: number, message: string): void {
    this.#pending.reject(id, new Error(message))
  }

  rejectAll(why: string): void {
    this.#pending.rejectAll(new Error(why))
  }

  async #ask({ connection }: Ready, id: number, request: MapRequest): Promise<void> {
    try {
      const needs = this.desk.needs(request.settings)
      if (connection.files.missing(needs).length > 0)
        await this.desk.supplies.provide(connection, needs, connection.closed)
      if (this.#pending.has(id)) connection.post({ kind: 'map', id, request })
    } catch (error) {
      // A worker that ended meanwhile has a successor, which is asked again.
      if (connection.closed.aborted) return
      this.#pending.reject(id, error instanceof Error ? error : new Error(String(error)))
    }
  }
}

/** Latents made pictures. */
export class DecodeQuestions {
  readonly #pending = new Pending<readonly Float32Array[], readonly Decoded[]>()

  constructor(private readonly desk: Pick<Desk, 'ready'>) {}

  ask(latents: readonly Float32Array[]): Promise<readonly Decoded[]> {
    return this.#pending.add(latents, (id) => this.desk.ready()?.connection.post({ kind: 'decode', id, latents }))
  }

  onReady({ connection }: Ready): void {
    for (const [id, latents] of this.#pending.questions) connection.post({ kind: 'decode', id, latents })
  }

  resolve(id: number, pictures: readonly Decoded[]): void {
    this.#pending.resolve(id, pictures)
  }

  reject(id: number, message: string): void {
    this.#pending.reject(id, new Error(message))
  }

  rejectAll(why: string): void {
    this.#pending.rejectAll(new Error(why))
  }
}

interface JudgeQuestion {
  readonly files: JudgeFiles
  readonly images: readonly Float32Array[]
}

/** What the judge sees in images. It goes to the worker before its first question there. */
export class JudgeQuestions {
  readonly #pending = new Pending<JudgeQuestion, readonly Judgement[]>()

  constructor(private readonly desk: Desk) {}

  ask(files: JudgeFiles, images: readonly Float32Array[]): Promise<readonly Judgement[]> {
    const question = { files, images }
    return this.#pending.add(question, (id) => {
      const ready = this.desk.ready()
      if (ready) this.#ask(ready, id, question)
    })
  }

  onReady(ready: Ready): void {
    for (const [id, question] of this.#pending.questions) this.#ask(ready, id, question)
  }

  resolve(id: number, judgements: readonly Judgement[]): void {
    this.#pending.resolve(id, judgements)
  }

  reject(id: number, message: string): void {
    this.#pending.reject(id, new Error(message))
  }

  rejectAll(why: string): void {
    this.#pending.rejectAll(new Error(why))
  }

  #ask({ connection }: Ready, id: number, { files, images }: JudgeQuestion): void {
    if (connection.judge !== files) {
      const { info, graph, weights } = files
      connection.post({ kind: 'judge-files', info, graph, weights })
      connection.judge = files
    }
    connection.post({ kind: 'judge', id, images })
  }
}
