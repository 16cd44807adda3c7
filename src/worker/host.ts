/**
 * The worker's side of the engine: starts one backend, proves it on the model's golden output, then samples on command and
 * answers requests for attention maps between evaluations. Free of worker globals; `worker.ts` connects it.
 */
import type { FinalSample, StepRecord } from '../core/records'
import { sample, TrajectoryCache } from '../core/sampler'
import { firstNotFinite } from '../core/vector'
import { goldenError, parseGolden } from '../engine/golden'
import type { OnnxDenoiser } from '../engine/onnx-denoiser'
import type { Denoiser, DenoiserRow, ModelInfo } from '../engine/types'
import { methodById } from '../guidance'
import { chosenLayers } from '../guidance/layers'
import type { GuidanceMethod } from '../guidance/types'
import type { Settings } from '../settings/types'
import { sha256 } from '../storage/sha256'
import type { Backend, BackendRequest } from './backend'
import { BrokenRuntimeError, EngineError, failureOf, messageOf, runtimeFailed } from './failures'
import type { Command, Reply } from './messages'
import type { EngineFailure, MapRequest, MapResult } from './protocol'

/** Largest relative error against PyTorch that a device may show: GPUs approximate exp and tanh more loosely than processors do. */
export const DEVICE_TOLERANCE = 1e-3

export interface HostParts {
  readonly post: (reply: Reply) => void
  readonly open: (request: BackendRequest) => Promise<Backend>
  /** Resolves in a later task, after messages that have arrived were handled. */
  readonly breathe: () => Promise<void>
  /** Resolves after a pause long enough for the page to ask for more. */
  readonly rest: () => Promise<void>
  readonly now: () => number
}

interface Loaded {
  readonly model: ModelInfo
  readonly denoiser: OnnxDenoiser
}

class CancelledError extends Error {}

function notFinite(settings: Settings, method: GuidanceMethod, model: ModelInfo, record: StepRecord): EngineFailure {
  const names = method.layers === null ? null : chosenLayers(settings, model).map((index) => model.layers[index]?.name ?? `layer ${index}`)
  const where = names === null ? '' : settings.layers === 'all' ? ' on all layers' : ` on ${names.join(', ')}`
  return {
    code: 'not-finite',
    message:
      `The numbers left the range of floating point at step ${record.index + 1} of ${record.steps} (σ ${record.sigma.toPrecision(3)}) ` +
      `with ${method.name}${where} at s = ${settings.scale}.`,
    remedy: names === null ? 'Lower the scale, or reset the settings.' : 'Lower the scale, choose other layers, or reset the settings.',
    retryable: false,
  }
}

function finite(record: StepRecord): boolean {
  return record.samples.every(({ positive, negative, guided }) =>
    [positive, guided, ...(negative ? [negative] : [])].every(({ x, denoised }) => firstNotFinite(x) < 0 && firstNotFinite(denoised) < 0),
  )
}

function methodOf(settings: Settings): GuidanceMethod {
  const method = methodById(settings.method)
  if (!method) throw new RangeError(`there is no guidance method ${settings.method}`)
  return method
}

export class Host {
  #backend: Promise<Backend> | null = null
  #loaded: Loaded | null = null
  #job: { readonly job: number; readonly abort: AbortController } | null = null
  /** Null until it is known whether rows may be mixed between batches; then the cache, or undefined where they may not. */
  #cache: TrajectoryCache | undefined | null = null

  constructor(private readonly parts: HostParts) {}

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
      case 'sample':
        return this.#sample(command)
      case 'cancel':
        if (this.#job?.job === command.job) this.#job.abort.abort(new CancelledError())
        return
      case 'map':
        return this.#map(command.id, command.request)
      default:
        command satisfies never
    }
  }

  // ---- start ----

  async #load({ model, graph, weights, golden }: Extract<Command, { kind: 'load' }>): Promise<void> {
    const { post } = this.parts
    const backend = await this.#backend?.catch(() => null)
    // It was refused when it failed to open.
    if (!backend) return
    try {
      let verifying = false
      const onRun = () => {
        if (!verifying) post({ kind: 'phase', phase: 'verify' })
        verifying = true
      }
      const denoiser = backend.createDenoiser({ model, graph, weights, onRun })
      const checked = goldenError(denoiser, parseGolden(golden, model))
      const error = await (backend.lost ? Promise.race([checked, backend.lost]) : checked)
      if (!(error <= DEVICE_TOLERANCE)) {
        post({
          kind: 'refused',
          failure: {
            code: 'golden-mismatch',
            message: `${backend.label} computes wrong numbers for this model (relative error ${error.toPrecision(2)}), so it is not used.`,
            remedy: 'A newer browser or graphics driver may compute them right.',
            retryable: false,
          },
        })
        return
      }
      this.#loaded = { model, denoiser }
      backend.lost?.catch((reason: unknown) => post({ kind: 'lost', failure: failureOf(reason) }))
      post({ kind: 'ready', backend: { id: backend.id, label: backend.label, threads: backend.threads, goldenError: error } })
    } catch (error) {
      post({ kind: 'refused', failure: failureOf(error) })
    }
  }

  // ---- runs ----

  async #sample({ job, settings, negativeAlone }: Extract<Command, { kind: 'sample' }>): Promise<void> {
    const { post, breathe, now } = this.parts
    const abort = new AbortController()
    this.#job = { job, abort }
    try {
      const { denoiser, model } = this.#require()
      const method = methodOf(settings)
      const begun = now()
      let rows = 0
      // Between evaluations the worker hears of cancellation, and maps take their turn.
      const pausing: Denoiser = {
        model,
        async evaluate(batch) {
          await breathe()
          abort.signal.throwIfAborted()
          return denoiser.evaluate(batch)
        },
      }
      let final: readonly FinalSample[] = []
      const cache = this.#cache ?? undefined
      for await (const event of sample({ denoiser: pausing, method, settings, negativeAlone, signal: abort.signal, ...(cache && { cache }) })) {
        if (event.kind === 'final') {
          final = event.samples
          continue
        }
        rows += event.record.rows
        if (!finite(event.record)) throw new EngineError(notFinite(settings, method, model, event.record))
        post({ kind: 'step', job, record: event.record })
      }
      const digests = await Promise.all(final.map(({ guided }) => sha256(new Uint8Array(new Float32Array(guided).buffer))))
      post({ kind: 'finished', job, samples: final, summary: { digests, evaluatedRows: rows, milliseconds: now() - begun } })
      void this.#prepareCache(denoiser)
    } catch (error) {
      if (error instanceof CancelledError) post({ kind: 'cancelled', job })
      else if (error instanceof BrokenRuntimeError) post({ kind: 'lost', failure: error.failure })
      else post({ kind: 'failed', job, failure: failureOf(error) })
    } finally {
      if (this.#job?.job === job) this.#job = null
    }
  }

  /** Once, when nothing else is asked: trajectories are kept only where rows do not depend on their batch. */
  async #prepareCache(denoiser: OnnxDenoiser): Promise<void> {
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

  async #attentionMap({ settings, layer, x, sigma, sample: index, step }: MapRequest): Promise<MapResult> {
    const { denoiser, model } = this.#require()
    const grid = model.layers[layer]
    if (!grid) throw new RangeError(`there is no attention layer ${layer}`)
    const classWeights = new Float32Array(model.conditioning.classes.length)
    classWeights[settings.class] = 1
    const positive: DenoiserRow = { x, sigma, classWeights, attention: null }
    const perturbed = methodOf(settings).negative({ model, settings, sample: index, step, sigma })
    const attention = perturbed?.attention ?? null
    const rows = attention?.[layer] ? [positive, { ...positive, classWeights: perturbed?.classWeights ?? classWeights, attention }] : [positive]
    const [first, second] = await denoiser.attentionMaps(rows, layer)
    return { positive: first!, negative: second ?? null, height: grid.height, width: grid.width }
  }

  #require(): Loaded {
    if (!this.#loaded) throw new Error('no model is loaded')
    return this.#loaded
  }
}
