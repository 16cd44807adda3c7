/** The worker's jobs, one at a time: a pass of a run, or images drawn side by side. A job hears of its end between evaluations. */
import { BrokenRuntimeError, EngineError, failureOf, unusable } from '../../core/failure'
import { VisionError, type OnnxVision } from '../../engine/vision'
import { trialRows } from '../../engine/batch-invariance'
import { usesVision } from '../../guidance/pair'
import type { Denoiser, ModelInfo } from '../../model/types'
import { RowMemory } from '../../sampling/alike'
import { noting, TrajectoryCache } from '../../sampling/cache'
import type { FinalSample } from '../../sampling/records'
import { sample, type SampleOptions } from '../../sampling/sample'
import { sideBySide } from '../../sampling/side-by-side'
import type { Settings } from '../../settings/types'
import { sha256 } from '../../storage/sha256'
import type { Command } from '../messages'
import { requireFinite } from './overflow'
import type { Loaded, WorkerEngineParts } from './parts'
import type { VisionSlot } from './vision-slot'

class CancelledError extends Error {}

/** What a job draws with. */
interface JobParts {
  readonly model: ModelInfo
  readonly denoiser: Denoiser
  readonly signal: AbortSignal
  readonly vision?: OnnxVision
}

/** Whether rows hear of their batch: only where they do not may trajectories of earlier runs be used. */
type Proof = 'none' | 'under way' | 'invariant' | 'dependent'

class InterruptedError extends Error {}

export class Jobs {
  #current: { readonly job: number; readonly abort: AbortController } | null = null
  #proof: Proof = 'none'
  #tuned = false
  #kept = new TrajectoryCache()
  /** Rows of images that were drawn, by what they were drawn with. */
  #drawn = new WeakMap<Loaded, RowMemory>()

  constructor(
    private readonly parts: WorkerEngineParts,
    private readonly loaded: () => Loaded,
    private readonly vision: VisionSlot,
  ) {}

  get busy(): boolean {
    return this.#current !== null
  }

  cancel(job: number): void {
    if (this.#current?.job === job) this.#current.abort.abort(new CancelledError())
  }

  /** Forgets kept trajectories: they were predicted with another mask. */
  forget(): void {
    this.#kept = new TrajectoryCache()
  }

  /** What cells of a grid share, in whatever batch they are; null where rows were found to hear of their batch. */
  #memory(): RowMemory | null {
    if (this.#proof === 'dependent') return null
    const loaded = this.loaded()
    const memory = this.#drawn.get(loaded) ?? new RowMemory()
    this.#drawn.set(loaded, memory)
    return memory
  }

  async sample({ job, settings, alone }: Extract<Command, { kind: 'sample' }>): Promise<void> {
    const { post, now } = this.parts
    let finished = false
    await this.#carryOut(job, [settings], async ({ model, ...parts }) => {
      const begun = now()
      let rows = 0
      let final: readonly FinalSample[] = []
      for await (const event of sample({ ...parts, settings, alone, ...this.#cache() })) {
        if (event.kind === 'final') {
          final = event.samples
          continue
        }
        rows += event.record.rows
        requireFinite(event.record, settings, model)
        post({ kind: 'step', job, record: event.record })
      }
      const digests = await Promise.all(
        final.map(({ guided }) => sha256(new Uint8Array(new Float32Array(guided).buffer))),
      )
      const summary = { digests, evaluatedRows: rows, milliseconds: now() - begun }
      post({ kind: 'finished', job, samples: final, summary })
      finished = true
    })
    if (finished) void this.#useRest()
  }

  /** Draws images side by side, as `npm run evaluate` does, of any settings. */
  draw({ job, settings, alone }: Extract<Command, { kind: 'draw' }>): Promise<void> {
    const { post } = this.parts
    return this.#carryOut(job, settings, async ({ model, denoiser, ...parts }) => {
      const samples = await sideBySide(
        denoiser,
        settings.map((own) => async (shared) => {
          for await (const event of sample({ ...parts, denoiser: shared, settings: own, alone })) {
            if (event.kind === 'final') return event.samples[0]!
            requireFinite(event.record, own, model)
          }
          throw new Error('the sampler ended without an image')
        }),
        (rows) => post({ kind: 'drawing', job, rows }),
        this.#memory(),
      )
      post({ kind: 'drawn', job, samples })
    })
  }

  /** Carries out one job, and says how it failed. */
  async #carryOut(job: number, settings: readonly Settings[], work: (parts: JobParts) => Promise<void>): Promise<void> {
    const abort = new AbortController()
    this.#current = { job, abort }
    try {
      const loaded = this.loaded()
      const vision = await this.#visionFor(settings, loaded)
      const denoiser = this.#pausing(loaded, abort.signal)
      await work({ model: loaded.model, denoiser, signal: abort.signal, ...(vision && { vision }) })
    } catch (error) {
      this.#report(job, error)
    } finally {
      if (this.#current?.job === job) this.#current = null
      void this.vision.releaseOld()
    }
  }

  #report(job: number, error: unknown): void {
    const { post } = this.parts
    if (error instanceof CancelledError) post({ kind: 'cancelled', job })
    else if (error instanceof BrokenRuntimeError) post({ kind: 'lost', failure: error.failure })
    else
      post({ kind: 'failed', job, failure: error instanceof VisionError ? unusable(error.message) : failureOf(error) })
  }

  /** The vision transformer that these settings need; null where they need none. */
  async #visionFor(settings: readonly Settings[], loaded: Loaded): Promise<OnnxVision | null> {
    if (!settings.some((own) => usesVision(own, loaded.model))) return null
    const vision = await this.vision.get(loaded)
    if (vision) return vision
    throw new EngineError(
      unusable(
        'this mask needs a vision transformer, and the model comes with none: give one as an ONNX file, or choose another mask',
      ),
    )
  }

  /** Between evaluations the worker hears of cancellation, and maps take their turn. */
  #pausing({ model, denoiser }: Loaded, signal: AbortSignal): Denoiser {
    const { yieldToMessages } = this.parts
    const pause = async () => {
      await yieldToMessages()
      signal.throwIfAborted()
    }
    return {
      model,
      goesAhead: denoiser.goesAhead,
      async evaluate(batch, place) {
        await pause()
        return denoiser.evaluate(batch, place)
      },
      async readAttention(batch, layer) {
        await pause()
        return denoiser.readAttention(batch, layer)
      },
    }
  }

  /** Before the proof trajectories are only kept: the first run's are there for the second. */
  #cache(): Pick<SampleOptions, 'cache'> {
    if (this.#proof === 'dependent') return {}
    return { cache: this.#proof === 'invariant' ? this.#kept : noting(this.#kept) }
  }

  /** Finds out what it does not know of this device, when nothing else is asked. A job that comes meanwhile does not wait for it. */
  async #useRest(): Promise<void> {
    await this.parts.rest()
    if (this.#proof === 'none' && !this.busy) await this.#askForInvariance()
    if (this.#proof !== 'under way' && !this.busy) await this.#tune()
  }

  async #untilAsked(): Promise<void> {
    await this.parts.yieldToMessages()
    if (this.busy) throw new InterruptedError()
  }

  /** Once: on how many threads the backend is fastest. */
  async #tune(): Promise<void> {
    const { backend, denoiser, model } = this.loaded()
    if (!backend.tune || this.#tuned) return
    this.#tuned = true
    const rows = trialRows(model, model.image).map((row) => ({ ...row, attention: null }))
    try {
      const told = await backend.tune(async () => {
        await this.#untilAsked()
        await denoiser.evaluate(rows)
      })
      if (told) this.parts.post({ kind: 'tuned', label: backend.label, threads: backend.threads })
    } catch (error) {
      this.#tuned = !(error instanceof InterruptedError)
      if (error instanceof BrokenRuntimeError) this.parts.post({ kind: 'lost', failure: error.failure })
    }
  }

  /** Once: whether rows depend on their batch. */
  async #askForInvariance(): Promise<void> {
    const { denoiser } = this.loaded()
    this.#proof = 'under way'
    try {
      const invariant = await denoiser.batchInvariant(() => this.#untilAsked())
      this.#proof = invariant ? 'invariant' : 'dependent'
    } catch (error) {
      // What was interrupted is asked again after the next run.
      this.#proof = error instanceof InterruptedError ? 'none' : 'dependent'
      // Nobody waits for this answer, and the next run meets the same fault and reports it.
      if (error instanceof BrokenRuntimeError) this.parts.post({ kind: 'lost', failure: error.failure })
    }
  }
}
