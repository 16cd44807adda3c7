/**
 * The sampler: three probability-flow ODE trajectories from the same noise (the positive alone, the negative alone, and
 * the guided one), by Euler's or Heun's method (Karras et al. 2022, algorithm 1 without churn). An async generator: the
 * caller draws, records and aborts without the sampler knowing.
 *
 * Every evaluation of a step goes into one batch: D⁺(x⁺), D⁻(x⁻), D⁺(x) and D⁻(x) at the guided x. A row whose result is
 * known is not evaluated: trajectories that have not yet parted share their rows (they share the same array), and D⁻ at
 * the guided x is left out where it would not count (s = 0, outside the window, a negative equal to the positive).
 */
import type { Denoiser, DenoiserRow } from '../engine/types'
import type { GuidanceMethod, Negative } from '../guidance/types'
import type { Settings } from '../settings/types'
import { toPreset } from '../settings/codec'
import { normals } from './random'
import type { SampleRecord, SamplerEvent } from './records'
import { karrasSchedule } from './schedule'
import { cosine, norm, subtract } from './vector'

/**
 * Predictions along the positive-alone and negative-alone trajectories, kept between runs that differ only in how the
 * two are combined. Reuse mixes rows of different batches, so it is right only for a denoiser whose rows do not depend,
 * to the bit, on the batch around them.
 */
export class TrajectoryCache {
  readonly #runs = new Map<string, Map<string, Float32Array>>()
  #bytes = 0

  /** `budget`: bytes of predictions kept; a phone's tab is killed for much more. */
  constructor(private readonly budget = 64 * 2 ** 20) {}

  /** The predictions kept for runs with this key, now the last to be forgotten. */
  open(key: string): { get(name: string): Float32Array | undefined; set(name: string, denoised: Float32Array): void } {
    const run = this.#runs.get(key) ?? new Map<string, Float32Array>()
    this.#runs.delete(key)
    this.#runs.set(key, run)
    return {
      get: (name) => run.get(name),
      set: (name, denoised) => {
        if (run.has(name)) return
        for (const [oldest, predictions] of this.#runs) {
          if (oldest === key || this.#bytes + denoised.byteLength <= this.budget) break
          this.#runs.delete(oldest)
          for (const { byteLength } of predictions.values()) this.#bytes -= byteLength
        }
        if (this.#bytes + denoised.byteLength > this.budget) return
        run.set(name, denoised)
        this.#bytes += denoised.byteLength
      },
    }
  }
}

type KeptPredictions = ReturnType<TrajectoryCache['open']>

export interface SampleOptions {
  readonly denoiser: Denoiser
  readonly method: GuidanceMethod
  readonly settings: Settings
  readonly signal?: AbortSignal
  /** Only with a denoiser whose rows do not depend on their batch; see `TrajectoryCache`. */
  readonly cache?: TrajectoryCache
  /** Start from these images instead of seeded noise, one per sample: x at σ_max, data units. */
  readonly initial?: readonly Float32Array[]
  /** False leaves the negative-alone trajectory out: nobody looks at it. Default true. */
  readonly negativeAlone?: boolean
}

/** Settings that decide the positive-alone and negative-alone trajectories. */
function trajectoryKey(settings: Settings): string {
  const { scale: _scale, window: _window, ...rest } = toPreset(settings)
  return JSON.stringify(rest)
}

/** D_pos + s (D_pos − D_neg). */
export function guide(positive: Float32Array, negative: Float32Array, scale: number): Float32Array {
  return positive.map((value, i) => value + scale * (value - negative[i]!))
}

/** Does guidance act at this noise level? Where low < σ ≤ high. */
export function inWindow(sigma: number, [low, high]: Settings['window']): boolean {
  return low < sigma && sigma <= high
}

/** The point of one trajectory: x, and the prediction there. */
interface Point {
  readonly x: Float32Array
  readonly denoised: Float32Array
}

/** One trajectory's step, memoised by identity so that trajectories that agree keep sharing their arrays. */
class StepMemo {
  readonly #made: { readonly inputs: readonly Float32Array[]; readonly x: Float32Array }[] = []

  of(inputs: readonly Float32Array[], make: () => Float32Array): Float32Array {
    const known = this.#made.find((entry) => entry.inputs.length === inputs.length && entry.inputs.every((a, i) => a === inputs[i]))
    if (known) return known.x
    const x = make()
    this.#made.push({ inputs, x })
    return x
  }
}

/** Rows waiting for one batched evaluation; equal (x, negative) pairs are one row. */
class Batch {
  readonly #rows: DenoiserRow[] = []
  readonly #keys: { readonly x: Float32Array; readonly negative: Negative | null; readonly row: number; readonly memo: string | null }[] = []
  readonly #known: { readonly x: Float32Array; readonly negative: Negative | null; readonly denoised: Float32Array }[] = []

  constructor(
    private readonly sigma: number,
    private readonly classWeights: Float32Array,
    private readonly cached: KeptPredictions | undefined,
  ) {}

  /** Asks for D at x. `memo` names the prediction for the cache: rows on the lone trajectories have a name. */
  ask(x: Float32Array, negative: Negative | null, memo: string | null): void {
    if (this.#find(x, negative)) return
    const kept = memo === null ? undefined : this.cached?.get(memo)
    if (kept) {
      this.#known.push({ x, negative, denoised: kept })
      return
    }
    this.#keys.push({ x, negative, row: this.#rows.length, memo })
    this.#rows.push({ x, sigma: this.sigma, classWeights: negative?.classWeights ?? this.classWeights, attention: negative?.attention ?? null })
  }

  #find(x: Float32Array, negative: Negative | null): boolean {
    const same = (entry: { readonly x: Float32Array; readonly negative: Negative | null }) => entry.x === x && entry.negative === negative
    return this.#keys.some(same) || this.#known.some(same)
  }

  async evaluate(denoiser: Denoiser): Promise<{ readonly rows: number; of(x: Float32Array, negative: Negative | null): Float32Array }> {
    const results = this.#rows.length === 0 ? [] : await denoiser.evaluate(this.#rows)
    for (const { x, negative, row, memo } of this.#keys) {
      const denoised = results[row]!
      this.#known.push({ x, negative, denoised })
      if (memo !== null) this.cached?.set(memo, denoised)
    }
    const known = this.#known
    return {
      rows: this.#rows.length,
      of(x, negative) {
        const found = known.find((entry) => entry.x === x && entry.negative === negative)
        if (!found) throw new Error('a prediction was used that was not asked for')
        return found.denoised
      },
    }
  }
}

/**
 * Runs the sampler. Yields one `step` event for each outer step and one `final`. Rejects with the signal's reason when
 * aborted (checked before each evaluation), and with whatever the denoiser rejects with.
 */
export async function* sample(options: SampleOptions): AsyncGenerator<SamplerEvent, void, void> {
  const { denoiser, method, settings, signal } = options
  const negativeAlone = method.id !== 'none' && options.negativeAlone !== false
  const { model } = denoiser
  const { scale, solver, samples: count } = settings
  const { channels, height, width } = model.image
  const sigmas = karrasSchedule(settings.steps, model.sigma)
  const cached = options.cache?.open(trajectoryKey(settings))
  const classWeights = new Float32Array(model.conditioning.classes.length)
  classWeights[settings.class] = 1

  let states = Array.from({ length: count }, (_, i) => {
    const x =
      options.initial?.[i] ?? normals(settings.seed, i, channels * height * width).map((value) => value * sigmas[0]!)
    return { positive: x, negative: x, guided: x }
  })

  for (let index = 0; index < settings.steps; index++) {
    const sigma = sigmas[index]!
    const sigmaNext = sigmas[index + 1]!
    const guided = scale !== 0 && inWindow(sigma, settings.window)
    // Drawn once a step: Heun's second evaluation sees the same negative as the first.
    const negatives = states.map((_, sample) => method.negative({ model, settings, sample, step: index, sigma }))
    let rows = 0

    const predict = async (level: number, stage: 'predictor' | 'corrector', at: typeof states) => {
      signal?.throwIfAborted()
      const batch = new Batch(level, classWeights, cached)
      for (const [sample, { positive, negative, guided: x }] of at.entries()) {
        const perturbed = negatives[sample]!
        const name = `${sample} ${index} ${stage}`
        batch.ask(positive, null, `positive ${name}`)
        if (negativeAlone) batch.ask(negative, perturbed, `negative ${name}`)
        batch.ask(x, null, null)
        if (guided) batch.ask(x, perturbed, null)
      }
      const result = await batch.evaluate(denoiser)
      rows += result.rows
      return at.map(({ positive, negative, guided: x }, sample) => {
        const perturbed = negatives[sample]!
        const predictionPositive = result.of(x, null)
        const predictionNegative = guided && perturbed !== null ? result.of(x, perturbed) : null
        return {
          positive: { x: positive, denoised: result.of(positive, null) },
          // Left out, it walks with the positive, which costs nothing, and is not reported.
          negative: negativeAlone ? { x: negative, denoised: result.of(negative, perturbed) } : { x: positive, denoised: result.of(positive, null) },
          guided: { x, denoised: predictionNegative ? guide(predictionPositive, predictionNegative, scale) : predictionPositive },
          predictionPositive,
          predictionNegative,
        }
      })
    }

    const here = await predict(sigma, 'predictor', states)
    const memos = here.map(() => new StepMemo())
    const along = (advance: (sample: number, which: 'positive' | 'negative' | 'guided') => Float32Array) =>
      here.map((_, sample) => ({
        positive: advance(sample, 'positive'),
        negative: advance(sample, 'negative'),
        guided: advance(sample, 'guided'),
      }))
    const euler = along((sample, which) => {
      const { x, denoised }: Point = here[sample]![which]
      // x + (σ' − σ) (x − D)/σ, written so that σ' = 0 gives D.
      return memos[sample]!.of([x, denoised], () => x.map((value, i) => denoised[i]! + (sigmaNext / sigma) * (value - denoised[i]!)))
    })
    let next = euler
    if (solver === 'heun' && sigmaNext > 0) {
      const there = await predict(sigmaNext, 'corrector', euler)
      next = along((sample, which) => {
        const { x, denoised }: Point = here[sample]![which]
        const { x: predicted, denoised: corrected }: Point = there[sample]![which]
        return memos[sample]!.of([x, denoised, predicted, corrected], () =>
          x.map((value, i) => {
            const slope = (value - denoised[i]!) / sigma
            const slopeNext = (predicted[i]! - corrected[i]!) / sigmaNext
            return value + (sigmaNext - sigma) * 0.5 * (slope + slopeNext)
          }),
        )
      })
    }

    const records: SampleRecord[] = here.map(({ positive, negative, guided: frame, predictionPositive, predictionNegative }) => {
      const shared = { positive, negative: negativeAlone ? negative : null, guided: frame, predictionPositive, predictionNegative }
      if (!predictionNegative) return { ...shared, differenceNorm: null, differenceRatio: null, cosine: null }
      const difference = subtract(predictionPositive, predictionNegative)
      const differenceNorm = norm(difference)
      return {
        ...shared,
        differenceNorm,
        differenceRatio: differenceNorm / norm(predictionPositive),
        // The predicted noise is (x − D⁺)/σ; σ > 0 does not change the angle.
        cosine: cosine(difference, subtract(frame.x, predictionPositive)),
      }
    })
    yield { kind: 'step', record: { index, steps: settings.steps, sigma, sigmaNext, inWindow: inWindow(sigma, settings.window), samples: records, rows } }
    states = next
  }
  yield {
    kind: 'final',
    samples: states.map(({ positive, negative, guided }) => ({ positive, negative: negativeAlone ? negative : null, guided })),
  }
}
