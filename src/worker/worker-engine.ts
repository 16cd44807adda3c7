/**
 * The worker's side of the engine: starts one backend, proves it on the model's golden output, then samples on command and
 * answers requests for attention maps between evaluations. Free of worker globals; `worker.ts` connects it.
 */
import type { FinalSample, StepRecord } from '../sampling/records'
import { TrajectoryCache } from '../sampling/cache'
import { sample } from '../sampling/sample'
import { karrasSchedule } from '../sampling/schedule'
import { firstNotFinite } from '../core/vector'
import { FamilyDenoiser } from '../engine/family'
import { goldenError, parseGolden } from '../engine/golden'
import { networkKey, type Denoiser, type DenoiserRow, type ModelInfo } from '../model/types'
import { VisionError, type OnnxVision } from '../engine/vision'
import type { Judge, JudgeFiles } from '../evaluation/judge'
import { sideBySide } from '../sampling/side-by-side'
import { methodById } from '../guidance'
import { chosenLayers } from '../guidance/layers'
import { negativesOf, positiveAt, rowOf, usesVision } from '../guidance/pair'
import type { Settings } from '../settings/types'
import { sha256 } from '../storage/sha256'
import type { Backend } from './backend'
import type { BackendRequest } from './open-backend'
import {
  BrokenRuntimeError,
  EngineError,
  failureOf,
  goldenMismatch,
  messageOf,
  notFinite,
  runtimeFailed,
  unusable,
  type EngineFailure,
} from '../core/failure'
import type { Command, Reply } from './messages'
import type { MapRequest, MapResult } from './protocol'

/** Largest relative error against PyTorch that a device may show: GPUs approximate exp and tanh more loosely than processors do. */
export const DEVICE_TOLERANCE = 1e-3

/** Bytes of prepared weights kept: six networks of 25 MB, which take about as much again inside the runtime. */
const FAMILY_BUDGET = 160 * 2 ** 20

export interface WorkerEngineParts {
  readonly post: (reply: Reply) => void
  readonly open: (request: BackendRequest) => Promise<Backend>
  /** Resolves in a later task, after messages that have arrived were handled. */
  readonly yieldToMessages: () => Promise<void>
  /** Resolves after a pause long enough for the page to ask for more. */
  readonly rest: () => Promise<void>
  readonly now: () => number
}

interface Loaded {
  readonly model: ModelInfo
  readonly backend: Backend
  readonly denoiser: FamilyDenoiser
}

class CancelledError extends Error {}

/** What a job draws with. */
interface JobParts {
  readonly model: ModelInfo
  readonly denoiser: Denoiser
  readonly signal: AbortSignal
  readonly vision?: OnnxVision
}

/** The failure of a run whose numbers overflowed at this step, with the settings that led there. */
function overflowed(settings: Settings, model: ModelInfo, record: StepRecord): EngineFailure {
  const method = methodById(settings.method)
  const layered = negativesOf(settings)[0]?.method.layers
  const names = layered
    ? chosenLayers(settings, model).map((index) => model.layers[index]?.name ?? `layer ${index}`)
    : null
  const where = names === null ? '' : settings.layers === 'all' ? ' on all layers' : ` on ${names.join(', ')}`
  const more = settings.stack.length === 0 ? '' : ` and ${settings.stack.length} more`
  const step = `at step ${record.index + 1} of ${record.steps} (σ ${record.sigma.toPrecision(3)})`
  return notFinite(
    `${step} with ${method?.name ?? settings.method}${where} at s = ${settings.scale}${more}`,
    names !== null,
  )
}

function finite(record: StepRecord): boolean {
  return record.samples.every(({ positive, negative, guided }) =>
    [positive, negative, guided].every(
      (frame) => !frame || (firstNotFinite(frame.x) < 0 && firstNotFinite(frame.denoised) < 0),
    ),
  )
}

export class WorkerEngine {
  #backend: Promise<Backend> | null = null
  #loaded: Loaded | null = null
  /** The model's files that have come, by name. */
  readonly #files = new Map<string, Uint8Array>()
  /** The reader's vision transformer, or the model's own once it was needed. */
  #vision: OnnxVision | null = null
  /** Replaced while a run may still ask them. */
  readonly #oldVisions: OnnxVision[] = []
  #judge: Promise<Judge> | null = null
  #job: { readonly job: number; readonly abort: AbortController } | null = null
  /** Null until it is known whether rows may be mixed between batches; then the cache, or undefined where they may not. */
  #cache: TrajectoryCache | undefined | null = null

  constructor(private readonly parts: WorkerEngineParts) {}

  /** Carries out a command. Never rejects: whatever goes wrong is posted. */
  async handle(command: Command): Promise<void> {
    switch (command.kind) {
      case 'open': {
        this.#backend = this.parts.open(command)
        // At once, so that the next candidate can load its runtime while the model still downloads.
        this.#backend.catch((error: unknown) => this.parts.post({ kind: 'refused', failure: runtimeFailed(error) }))
        return
      }
      case 'load':
        return this.#load(command)
      case 'files':
        for (const name of command.drop) this.#files.delete(name)
        for (const [name, bytes] of Object.entries(command.files)) this.#files.set(name, bytes)
        return
      case 'vision':
        return this.#useVision(command.id, command.graph)
      case 'sample':
        return this.#sample(command)
      case 'cancel':
        if (this.#job?.job === command.job) this.#job.abort.abort(new CancelledError())
        return
      case 'map':
        return this.#map(command.id, command.request)
      case 'draw':
        return this.#draw(command)
      case 'judge-files':
        return this.#takeJudge(command)
      case 'judge':
        return this.#answerJudge(command.id, command.images)
      default:
        command satisfies never
    }
  }

  // ---- start ----

  async #load({ model, graph, weights, golden }: Extract<Command, { kind: 'load' }>): Promise<void> {
    const { post, yieldToMessages } = this.parts
    const backend = await this.#backend?.catch(() => null)
    // It was refused when it failed to open.
    if (!backend) return
    try {
      let verifying = false
      const onRun = () => {
        if (!verifying) post({ kind: 'phase', phase: 'verify' })
        verifying = true
      }
      this.#files.set(model.graph.file, graph).set(model.weights.file, weights)
      const denoiser = new FamilyDenoiser({
        model,
        read: async ({ file }) => this.#file(file),
        create: (request) => backend.createDenoiser({ ...request, model, onRun }),
        budget: FAMILY_BUDGET,
        onCombine: (network, done, total) => {
          post({ kind: 'combining', network, done, total })
          return yieldToMessages()
        },
      })
      const checked = goldenError(denoiser, parseGolden(golden, model))
      const error = await (backend.lost ? Promise.race([checked, backend.lost]) : checked)
      if (!(error <= DEVICE_TOLERANCE)) {
        post({
          kind: 'refused',
          failure: goldenMismatch(backend.label, error),
        })
        return
      }
      this.#loaded = { model, backend, denoiser }
      backend.lost?.catch((reason: unknown) => post({ kind: 'lost', failure: failureOf(reason) }))
      post({
        kind: 'ready',
        backend: { id: backend.id, label: backend.label, threads: backend.threads, goldenError: error },
      })
    } catch (error) {
      post({ kind: 'refused', failure: failureOf(error) })
    }
  }

  // ---- runs ----

  /** Carries out one job: hears of its cancellation between evaluations, and says how it failed. */
  async #carryOut(job: number, settings: Settings, work: (parts: JobParts) => Promise<void>): Promise<void> {
    const { post, yieldToMessages } = this.parts
    const abort = new AbortController()
    this.#job = { job, abort }
    try {
      const { denoiser, model } = this.#require()
      const looks = usesVision(settings, model)
      const vision = looks ? await this.#visionOf() : null
      if (looks && !vision) {
        throw new EngineError(
          unusable(
            'this mask needs a vision transformer, and the model comes with none: give one as an ONNX file, or choose another mask',
          ),
        )
      }
      // Between evaluations the worker hears of cancellation, and maps take their turn.
      const pause = async () => {
        await yieldToMessages()
        abort.signal.throwIfAborted()
      }
      const pausing: Denoiser = {
        model,
        async evaluate(batch) {
          await pause()
          return denoiser.evaluate(batch)
        },
        async readAttention(batch, layer) {
          await pause()
          return denoiser.readAttention(batch, layer)
        },
      }
      await work({ model, denoiser: pausing, signal: abort.signal, ...(vision && { vision }) })
    } catch (error) {
      if (error instanceof CancelledError) post({ kind: 'cancelled', job })
      else if (error instanceof BrokenRuntimeError) post({ kind: 'lost', failure: error.failure })
      else
        post({
          kind: 'failed',
          job,
          failure: error instanceof VisionError ? unusable(error.message) : failureOf(error),
        })
    } finally {
      if (this.#job?.job === job) this.#job = null
      void this.#releaseOldVisions()
    }
  }

  async #sample({ job, settings, negativeAlone }: Extract<Command, { kind: 'sample' }>): Promise<void> {
    const { post, now } = this.parts
    let finished = false
    await this.#carryOut(job, settings, async ({ model, ...parts }) => {
      const begun = now()
      let rows = 0
      let final: readonly FinalSample[] = []
      const cache = this.#cache ?? undefined
      const alone = negativeAlone ? (['positive', 'negative'] as const) : (['positive'] as const)
      for await (const event of sample({ ...parts, settings, alone, ...(cache && { cache }) })) {
        if (event.kind === 'final') {
          final = event.samples
          continue
        }
        rows += event.record.rows
        if (!finite(event.record)) throw new EngineError(overflowed(settings, model, event.record))
        post({ kind: 'step', job, record: event.record })
      }
      const digests = await Promise.all(
        final.map(({ guided }) => sha256(new Uint8Array(new Float32Array(guided).buffer))),
      )
      post({
        kind: 'finished',
        job,
        samples: final,
        summary: { digests, evaluatedRows: rows, milliseconds: now() - begun },
      })
      finished = true
    })
    if (finished) void this.#prepareCache(this.#require().denoiser)
  }

  /** As `evaluate` draws its images. All settings differ in class and seed only. */
  #draw({ job, settings }: Extract<Command, { kind: 'draw' }>): Promise<void> {
    const { post } = this.parts
    return this.#carryOut(job, settings[0]!, async ({ model, denoiser, ...parts }) => {
      const telling: Denoiser = {
        ...denoiser,
        evaluate(batch) {
          post({ kind: 'drawing', job })
          return denoiser.evaluate(batch)
        },
      }
      const samples = await sideBySide(
        telling,
        settings.map((own) => async (shared) => {
          for await (const event of sample({ ...parts, denoiser: shared, settings: own, alone: ['positive'] })) {
            if (event.kind === 'final') return event.samples[0]!
            if (!finite(event.record)) throw new EngineError(overflowed(own, model, event.record))
          }
          throw new Error('the sampler ended without an image')
        }),
      )
      post({ kind: 'drawn', job, samples })
    })
  }

  /** Once, when nothing else is asked: trajectories are kept only where rows do not depend on their batch. */
  async #prepareCache(denoiser: FamilyDenoiser): Promise<void> {
    await this.parts.rest()
    if (this.#cache !== null || this.#job !== null) return
    this.#cache = undefined
    try {
      if (await denoiser.batchInvariant()) this.#cache = new TrajectoryCache()
    } catch (error) {
      // Another run will meet the same and report it; without one nobody was waiting for this.
      if (error instanceof BrokenRuntimeError) this.parts.post({ kind: 'lost', failure: error.failure })
    }
  }

  // ---- attention maps ----

  async #map(id: number, request: MapRequest): Promise<void> {
    try {
      this.parts.post({ kind: 'map', id, result: await this.#attentionMap(request) })
    } catch (error) {
      if (error instanceof BrokenRuntimeError) this.parts.post({ kind: 'lost', failure: error.failure })
      else this.parts.post({ kind: 'map-failed', id, message: messageOf(error) })
    }
  }

  async #attentionMap({ settings, term = 0, layer, x, sigma, sample: index, step }: MapRequest): Promise<MapResult> {
    const { denoiser, model } = this.#require()
    const grid = model.layers[layer]
    if (!grid) throw new RangeError(`there is no attention layer ${layer}`)
    const moment = { sample: index, step, sigma, sigmaNext: karrasSchedule(settings.steps, model.sigma)[step + 1] ?? 0 }
    const positive = positiveAt(settings, model, moment)
    const chosen = negativesOf(settings)[term]
    const negative = chosen?.method.negative({ model, settings: chosen.settings, positive, ...moment }) ?? null
    const elsewhere =
      negative !== null &&
      negative.attention !== null &&
      !negative.attention[layer] &&
      networkKey(negative.network) === networkKey(positive.network)
    const rows: DenoiserRow[] = [rowOf(positive, x, sigma, model)]
    if (negative && negative.input.kind === 'x' && !elsewhere) rows.push(rowOf(negative, x, sigma, model))
    const [first, second] = await denoiser.attentionMaps(rows, layer)
    return { positive: first!, negative: second ?? null, height: grid.height, width: grid.width }
  }

  // ---- files and vision ----

  #file(name: string): Uint8Array {
    const bytes = this.#files.get(name)
    if (!bytes) throw new Error(`the file ${name} has not come`)
    return bytes
  }

  async #useVision(id: number, graph: Uint8Array | null): Promise<void> {
    const { post } = this.parts
    try {
      const { backend, model } = this.#require()
      const next = graph && (await backend.createVision({ graph, weights: null, image: model.image }))
      if (this.#vision) this.#oldVisions.push(this.#vision)
      this.#vision = next
      // Predictions that were made with another mask.
      if (this.#cache) this.#cache = new TrajectoryCache()
      post({ kind: 'vision', id, message: null })
      if (!this.#job) await this.#releaseOldVisions()
    } catch (error) {
      if (error instanceof BrokenRuntimeError) post({ kind: 'lost', failure: error.failure })
      else
        post({
          kind: 'vision',
          id,
          message: error instanceof VisionError ? error.message : `The file could not be run: ${messageOf(error)}`,
        })
    }
  }

  async #releaseOldVisions(): Promise<void> {
    await Promise.allSettled(this.#oldVisions.splice(0).map((net) => net.release()))
  }

  /** The vision transformer in force; null where neither the model nor the reader has one. */
  async #visionOf(): Promise<OnnxVision | null> {
    const { backend, model } = this.#require()
    if (!this.#vision && model.vision) {
      const { graph, weights } = model.vision
      this.#vision = await backend.createVision({
        graph: this.#file(graph.file),
        weights: this.#file(weights.file),
        image: model.image,
      })
    }
    return this.#vision
  }

  // ---- judge ----

  #takeJudge(files: JudgeFiles): void {
    const { backend } = this.#require()
    this.#judge = backend.createJudge(files)
    // Whoever asks hears of it.
    this.#judge.catch(() => undefined)
  }

  async #answerJudge(id: number, images: readonly Float32Array[]): Promise<void> {
    const { post } = this.parts
    try {
      const { model } = this.#require()
      if (!this.#judge) throw new Error('the judge has not come')
      const judge = await this.#judge
      post({ kind: 'judged', id, judgements: await judge.judge(images, model.image) })
    } catch (error) {
      if (error instanceof BrokenRuntimeError) post({ kind: 'lost', failure: error.failure })
      else post({ kind: 'judge-failed', id, message: messageOf(error) })
    }
  }

  #require(): Loaded {
    if (!this.#loaded) throw new Error('no model is loaded')
    return this.#loaded
  }
}
