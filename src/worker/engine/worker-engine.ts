/**
 * The worker's side of the engine: starts one backend, proves it on the model's golden output, then samples on command and
 * answers questions between evaluations. Free of worker globals; `worker.ts` connects it.
 */
import { BrokenRuntimeError, failureOf, messageOf, runtimeFailed } from '../../core/failure'
import type { Decoded } from '../../engine/latent-decoder'
import { VisionError } from '../../engine/vision'
import type { Judge, JudgeFiles } from '../../evaluation/judge'
import type { Backend } from '../backend'
import type { Command, Reply } from '../messages'
import { attentionMap } from './attention-map'
import { DecoderSlot } from './decoder-slot'
import { ReceivedFiles } from './files'
import { Jobs } from './jobs'
import { loadModel } from './load'
import type { Loaded, WorkerEngineParts } from './parts'
import { VisionSlot } from './vision-slot'

export class WorkerEngine {
  #backend: Promise<Backend> | null = null
  #loaded: Loaded | null = null
  #judge: Promise<Judge> | null = null
  /** Whoever waits for a lane. */
  readonly #lanes: ((port: MessagePort | null) => void)[] = []
  readonly #files = new ReceivedFiles()
  readonly #vision = new VisionSlot(this.#files)
  readonly #decoder = new DecoderSlot()
  readonly #jobs: Jobs

  constructor(private readonly parts: WorkerEngineParts) {
    this.#jobs = new Jobs(parts, () => this.#require(), this.#vision)
  }

  /** Carries out a command. Never rejects: whatever goes wrong is posted. */
  async handle(command: Command): Promise<void> {
    switch (command.kind) {
      case 'open':
        return this.#open(command)
      case 'lane':
        this.#lanes.shift()?.(command.port)
        return
      case 'load':
        return this.#load(command)
      case 'files':
        this.#files.drop(command.drop)
        this.#files.add(command.files)
        return
      case 'sample':
        return this.#jobs.sample(command)
      case 'draw':
        return this.#jobs.draw(command)
      case 'cancel':
        return this.#jobs.cancel(command.job)
      case 'vision':
        return this.#useVision(command)
      case 'map':
        return this.#answerMap(command)
      case 'decode':
        return this.#answerDecode(command)
      case 'judge-files':
        return this.#takeJudge(command)
      case 'judge':
        return this.#answerJudge(command)
      default:
        command satisfies never
    }
  }

  #open(request: Extract<Command, { kind: 'open' }>): void {
    const coming = () => new Promise<MessagePort | null>((resolve) => this.#lanes.push(resolve))
    const lanes = Array.from({ length: request.lanes ?? 0 }, coming)
    this.#backend = this.parts.open({ ...request, lanes })
    // This is said at once, so that the next candidate can load its runtime while the model still downloads.
    this.#backend.catch((error: unknown) => this.parts.post({ kind: 'refused', failure: runtimeFailed(error) }))
  }

  async #load(command: Extract<Command, { kind: 'load' }>): Promise<void> {
    const { post } = this.parts
    const backend = await this.#backend?.catch(() => null)
    // The page was told when the backend failed to open.
    if (!backend) return
    try {
      const { goldenError, ...loaded } = await loadModel(command, backend, this.#files, this.parts)
      this.#loaded = loaded
      this.#decoder.hold(loaded.model, this.#files)
      backend.lost?.catch((reason: unknown) => post({ kind: 'lost', failure: failureOf(reason) }))
      post({ kind: 'ready', backend: { id: backend.id, label: backend.label, threads: backend.threads, goldenError } })
    } catch (error) {
      post({ kind: 'refused', failure: failureOf(error) })
    }
  }

  /** Posts what `work` resolves with. Where it rejects: that the runtime is lost, or what `failed` makes of the reason. */
  async #answer(work: () => Promise<Reply>, failed: (error: unknown) => Reply): Promise<void> {
    const { post } = this.parts
    try {
      post(await work())
    } catch (error) {
      post(error instanceof BrokenRuntimeError ? { kind: 'lost', failure: error.failure } : failed(error))
    }
  }

  async #useVision({ id, graph }: Extract<Command, { kind: 'vision' }>): Promise<void> {
    await this.#answer(
      async () => {
        await this.#vision.replace(this.#require(), graph)
        this.#jobs.forget()
        return { kind: 'vision', id, message: null }
      },
      (error) => ({
        kind: 'vision',
        id,
        message: error instanceof VisionError ? error.message : `The file could not be run: ${messageOf(error)}`,
      }),
    )
    if (!this.#jobs.busy) await this.#vision.releaseOld()
  }

  #answerMap({ id, request }: Extract<Command, { kind: 'map' }>): Promise<void> {
    return this.#answer(
      async () => ({ kind: 'map', id, result: await attentionMap(this.#require(), request) }),
      (error) => ({ kind: 'map-failed', id, message: messageOf(error) }),
    )
  }

  #answerDecode({ id, latents }: Extract<Command, { kind: 'decode' }>): Promise<void> {
    return this.#answer(
      async () => {
        const decoder = await this.#decoder.of(this.#require())
        const pictures: Decoded[] = []
        for (const latent of latents) pictures.push(await decoder.decode(latent))
        return { kind: 'decoded', id, pictures }
      },
      (error) => ({ kind: 'decode-failed', id, message: messageOf(error) }),
    )
  }

  #takeJudge(files: JudgeFiles): void {
    this.#judge = (async () => this.#require().backend.createJudge(files))()
    // Questions to the judge reject with this; before the first, it must not count as unhandled.
    this.#judge.catch(() => undefined)
  }

  #answerJudge({ id, images }: Extract<Command, { kind: 'judge' }>): Promise<void> {
    return this.#answer(
      async () => {
        const { model } = this.#require()
        if (!this.#judge) throw new Error('the judge has not come')
        const judge = await this.#judge
        return { kind: 'judged', id, judgements: await judge.judge(images, model.image) }
      },
      (error) => ({ kind: 'judge-failed', id, message: messageOf(error) }),
    )
  }

  #require(): Loaded {
    if (!this.#loaded) throw new Error('no model is loaded')
    return this.#loaded
  }
}
