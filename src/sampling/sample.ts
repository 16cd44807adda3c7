/**
 * The sampler: three probability-flow ODE trajectories from the same noise (the positive alone, the first negative alone,
 * and the guided one), by Euler's or Heun's method (Karras et al. 2022, algorithm 1 without churn). An async generator: the
 * caller draws, records and aborts without the sampler knowing.
 *
 * Every evaluation of a step goes into one batch: D⁺(x⁺), D⁻(x⁻), D⁺(x) and each D⁻(x) at the guided x. A row whose result
 * is known is not evaluated: trajectories that have not yet parted share their rows (they share the same array), and a D⁻ at
 * the guided x is left out where it would not count (s = 0, outside its window, a negative equal to the positive). Only a
 * negative that is made of D⁺ (SAG) has to wait for it, in a second batch.
 */
import type { AttentionReading, Denoiser, DenoiserRow, VisionModel } from '../model/types'
import { negativesOf, rowOf, walksAlone } from '../guidance/pair'
import { positiveOf } from '../guidance/positive'
import type { Memory, NegativeContext, Prediction } from '../guidance/types'
import type { Settings } from '../settings/types'
import { toPreset } from '../settings'
import { degradedInput } from '../guidance/mask'
import { normals } from '../core/random'
import type { SampleRecord, SamplerEvent, TermRecord } from './records'
import { karrasSchedule } from './schedule'
import { cosine, deviation, norm, subtract } from '../core/vector'
import { cropField, mergeWindows, windowOrigins } from '../core/windows'

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
  readonly settings: Settings
  readonly signal?: AbortSignal
  /** Only with a denoiser whose rows do not depend on their batch; see `TrajectoryCache`. */
  readonly cache?: TrajectoryCache
  /** Start from these images instead of seeded noise, one per sample: x at σ_max, data units. */
  readonly initial?: readonly Float32Array[]
  /** False leaves the negative-alone trajectory out: nobody looks at it. Default true. */
  readonly negativeAlone?: boolean
  /** Needed where SAG masks by a vision transformer (`usesVision`). */
  readonly vision?: VisionModel
}

/** Settings that decide the positive-alone and negative-alone trajectories. */
function trajectoryKey(settings: Settings): string {
  const { scale: _scale, window: _window, stack: _stack, rescale: _rescale, ...rest } = toPreset(settings)
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

/** Rescale φ (Lin et al., arXiv 2305.08891, eq. 15 and 16), on denoised images: the deviation of D is pulled to that of D⁺. */
export function rescaled(denoised: Float32Array, positive: Float32Array, share: number): Float32Array {
  if (share === 0) return denoised
  const spread = deviation(denoised)
  const factor = spread === 0 ? 1 : share * (deviation(positive) / spread) + 1 - share
  return denoised.map((value) => value * factor)
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
    const known = this.#made.find(
      (entry) => entry.inputs.length === inputs.length && entry.inputs.every((a, i) => a === inputs[i]),
    )
    if (known) return known.x
    const x = make()
    this.#made.push({ inputs, x })
    return x
  }
}

/** A prediction at one point, and what made it. */
interface Answer {
  /** D; of SAG the effective negative D⁺ − Δ. */
  readonly denoised: Float32Array
  readonly mask: Float32Array | null
}

/** Of one point and sample: asked, and answered after `Batch.evaluate`. */
interface Question {
  readonly x: Float32Array
  readonly prediction: Prediction
  /** What the positive of this sample is asked. */
  readonly positive: Prediction
  readonly sample: number
  /** Name for the cache: predictions on the lone trajectories have one. */
  readonly memo: string | null
}

/**
 * Questions waiting for one evaluation; equal (x, prediction) pairs are one. Where a negative reads the attention of D⁺ (SAG),
 * D⁺ at that x comes from the same reading, so that it costs one evaluation and not two.
 */
class Batch {
  readonly #questions: Question[] = []
  readonly #answers = new Map<Float32Array, Map<Prediction, Answer>>()
  #rows = 0

  constructor(
    private readonly options: {
      readonly denoiser: Denoiser
      readonly vision: VisionModel | undefined
      readonly signal: AbortSignal | undefined
    },
    private readonly sigma: number,
    private readonly step: number,
    private readonly cached: KeptPredictions | undefined,
  ) {}

  ask({ x, prediction, positive, sample, memo }: Question): void {
    if (this.#find(x, prediction) || this.#questions.some((asked) => asked.x === x && asked.prediction === prediction))
      return
    const kept = memo === null ? undefined : this.cached?.get(memo)
    if (kept) this.#answer(x, prediction, { denoised: kept, mask: null })
    else this.#questions.push({ x, prediction, positive, sample, memo })
  }

  #find(x: Float32Array, prediction: Prediction): Answer | undefined {
    return this.#answers.get(x)?.get(prediction)
  }

  #answer(x: Float32Array, prediction: Prediction, answer: Answer): void {
    const at = this.#answers.get(x) ?? new Map<Prediction, Answer>()
    at.set(prediction, answer)
    this.#answers.set(x, at)
  }

  /** Network rows evaluated so far. */
  get rows(): number {
    return this.#rows
  }

  of(x: Float32Array, prediction: Prediction): Answer {
    const answer = this.#find(x, prediction)
    if (!answer) throw new Error('a prediction was used that was not asked for')
    return answer
  }

  async evaluate(): Promise<void> {
    const { denoiser, signal } = this.options
    const { model } = denoiser
    signal?.throwIfAborted()
    const degraded = this.#questions.filter(({ prediction }) => prediction.input.kind === 'degraded')
    const readings = await this.#read(degraded)

    const rows: DenoiserRow[] = []
    const finish: ((denoised: readonly Float32Array[]) => void)[] = []
    // Masked windows look at the positive, so they come last.
    const finishLast: typeof finish = []
    for (const { x, prediction, positive: reference, sample } of this.#questions) {
      const { input } = prediction
      switch (input.kind) {
        case 'x': {
          if (this.#find(x, prediction)) break
          const at = rows.push(rowOf(prediction, x, this.sigma, model)) - 1
          finish.push((denoised) => this.#answer(x, prediction, { denoised: denoised[at]!, mask: null }))
          break
        }
        case 'windows': {
          const { height, width, perSide, overlapOnly } = input
          const origins = windowOrigins(model.image, input, perSide)
          const row = rowOf(prediction, x, this.sigma, model)
          const first = rows.length
          for (const origin of origins)
            rows.push({ ...row, x: cropField(x, model.image, origin, input), size: { height, width } })
          finishLast.push((denoised) => {
            const { average, coverage } = mergeWindows(
              denoised.slice(first, first + origins.length),
              origins,
              input,
              model.image,
            )
            if (!overlapOnly) return this.#answer(x, prediction, { denoised: average, mask: null })
            // Where fewer than two windows agree there is no push: the negative is the positive.
            const mask = coverage.map((count) => (count > 1 ? 1 : 0))
            const positive = this.of(x, reference).denoised
            this.#answer(x, prediction, {
              denoised: average.map((value, i) => (mask[i % mask.length] ? value : positive[i]!)),
              mask,
            })
          })
          break
        }
        case 'degraded': {
          const reading = readings.get(x)!
          const { mask, degraded: image, xHat } = await this.#degrade(x, sample, input, reading)
          const at = rows.push(rowOf(prediction, xHat, this.sigma, model)) - 1
          finish.push((denoised) => {
            // The two predictions see different inputs, so the difference of their noise is this in x0 space: Δ = x̃0 − D(x̂).
            const worse = denoised[at]!
            const effective = reading.denoised.map((value, i) => value - (image[i]! - worse[i]!))
            this.#answer(x, prediction, { denoised: effective, mask })
          })
          break
        }
        case 'history':
          throw new Error('a negative made of history is not evaluated')
        default:
          input satisfies never
      }
    }
    signal?.throwIfAborted()
    const denoised = rows.length === 0 ? [] : await denoiser.evaluate(rows)
    this.#rows += rows.length
    for (const step of [...finish, ...finishLast]) step(denoised)
    for (const { x, prediction, memo } of this.#questions)
      if (memo !== null) this.cached?.set(memo, this.of(x, prediction).denoised)
    this.#questions.length = 0
  }

  /** D⁺ and a map of it at every x that a mask is made for. */
  async #read(degraded: readonly Question[]): Promise<ReadonlyMap<Float32Array, AttentionReading>> {
    const { denoiser } = this.options
    const readings = new Map<Float32Array, AttentionReading>()
    const byLayer = new Map<number, Map<Float32Array, Prediction>>()
    for (const { x, prediction, positive } of degraded) {
      if (prediction.input.kind !== 'degraded') continue
      const { layer } = prediction.input
      const asked = byLayer.get(layer) ?? new Map<Float32Array, Prediction>()
      byLayer.set(layer, asked.set(x, positive))
    }
    for (const [layer, asked] of byLayer) {
      const points = [...asked]
      const read = await denoiser.readAttention(
        points.map(([x, positive]) => rowOf(positive, x, this.sigma, denoiser.model)),
        layer,
      )
      this.#rows += points.length
      for (const [i, [x, positive]] of points.entries()) {
        readings.set(x, read[i]!)
        // A lone trajectory must not depend on what else is sampled: its own question keeps its plain row.
        const lone = this.#questions.some(
          (asked) => asked.x === x && asked.prediction === positive && asked.memo !== null,
        )
        if (!lone && !this.#find(x, positive)) this.#answer(x, positive, { denoised: read[i]!.denoised, mask: null })
      }
    }
    return readings
  }

  async #degrade(
    x: Float32Array,
    sample: number,
    input: Extract<Prediction['input'], { kind: 'degraded' }>,
    reading: AttentionReading,
  ) {
    const { denoiser, vision } = this.options
    const { model } = denoiser
    const grid = model.layers[input.layer]!
    let saliency: { readonly map: Float32Array; readonly height: number; readonly width: number } | null = null
    if (input.strategy === 'dino') {
      if (!vision) throw new Error('this mask needs a vision transformer, and none was given')
      const { maps, height, width } = await vision.saliency([
        reading.denoised.map((value) => Math.min(1, Math.max(-1, value))),
      ])
      saliency = { map: maps[0]!, height, width }
    }
    return degradedInput({
      x,
      denoised: reading.denoised,
      input,
      received: reading.received,
      grid,
      size: model.image,
      seed: input.seed,
      sample,
      step: this.step,
      saliency,
    })
  }
}

/** The term's record where it was not evaluated. */
const NOTHING: TermRecord = {
  predictionNegative: null,
  differenceNorm: null,
  differenceRatio: null,
  cosine: null,
  mask: null,
}

function termRecord(x: Float32Array, positive: Float32Array, negative: Answer): TermRecord {
  const difference = subtract(positive, negative.denoised)
  const differenceNorm = norm(difference)
  return {
    predictionNegative: negative.denoised,
    differenceNorm,
    differenceRatio: differenceNorm / norm(positive),
    // The predicted noise is (x − D⁺)/σ; σ > 0 does not change the angle.
    cosine: cosine(difference, subtract(x, positive)),
    mask: negative.mask,
  }
}

/** What one sample's guided trajectory remembers between steps; changed once a step, by its first evaluation. */
interface Remembered {
  /** Of each term: the average of earlier positives (input `history`). */
  readonly histories: readonly (Float32Array | null)[]
  /** Of the combiner. */
  readonly combiner: Memory
}

/**
 * Runs the sampler. Yields one `step` event for each outer step and one `final`. Rejects with the signal's reason when
 * aborted (checked before each evaluation), and with whatever the denoiser rejects with.
 */
export async function* sample(options: SampleOptions): AsyncGenerator<SamplerEvent, void, void> {
  const { denoiser, settings, signal, vision } = options
  const { model } = denoiser
  const { solver, samples: count } = settings
  const { channels, height, width } = model.image
  const terms = negativesOf(settings)
  const plain = positiveOf(settings, model)
  const negativeAlone = options.negativeAlone !== false && walksAlone(settings, model)
  const sigmas = karrasSchedule(settings.steps, model.sigma)
  const cached = options.cache?.open(trajectoryKey(settings))

  let states = Array.from({ length: count }, (_, i) => {
    const x =
      options.initial?.[i] ?? normals(settings.seed, i, channels * height * width).map((value) => value * sigmas[0]!)
    return { positive: x, negative: x, guided: x }
  })
  let remembered: readonly Remembered[] = states.map(() => ({ histories: terms.map(() => null), combiner: null }))

  for (let index = 0; index < settings.steps; index++) {
    const sigma = sigmas[index]!
    const sigmaNext = sigmas[index + 1]!
    // Drawn once a step: Heun's second evaluation sees the same negatives as the first.
    const plans = states.map((_, sample) => {
      const moment = { model, sample, step: index, sigma, sigmaNext }
      const first = terms[0]
      const positive = first?.method.positive?.({ ...moment, settings: first.settings, positive: plain }) ?? plain
      const negatives = terms.map((term) => {
        const context: NegativeContext = { ...moment, settings: term.settings, positive }
        const acts = term.settings.scale !== 0 && inWindow(sigma, term.settings.window)
        const folded = acts ? (term.method.folded?.(context) ?? null) : null
        return { ...term, prediction: term.method.negative(context), acts: acts && !folded, folded }
      })
      const folded = negatives.find((term) => term.folded)?.folded ?? null
      return {
        positive,
        negatives,
        /** What the guided D⁺ is asked. */ base: folded ?? positive,
        lone: negatives[0]?.prediction ?? positive,
      }
    })
    let rows = 0

    const predict = async (level: number, stage: 'predictor' | 'corrector', at: typeof states) => {
      const batch = new Batch({ denoiser, vision, signal }, level, index, cached)
      for (const [sample, point] of at.entries()) {
        const { positive, negatives, base, lone } = plans[sample]!
        const name = `${sample} ${index} ${stage}`
        const ask = (x: Float32Array, prediction: Prediction, memo: string | null = null) =>
          batch.ask({ x, prediction, positive, sample, memo })
        ask(point.positive, positive, `positive ${name}`)
        if (negativeAlone) {
          ask(point.negative, lone, `negative ${name}`)
          // Windows that agree nowhere fall back on the positive at the same place.
          if (lone.input.kind === 'windows' && lone.input.overlapOnly) ask(point.negative, positive)
        }
        ask(point.guided, base)
        for (const { acts, prediction } of negatives) {
          if (!acts || !prediction || prediction.input.kind === 'history') continue
          ask(point.guided, prediction)
          if (base !== positive) ask(point.guided, positive)
        }
      }
      await batch.evaluate()
      rows += batch.rows
      return at.map((point, sample) => {
        const x = point.guided
        const { positive, negatives, base, lone } = plans[sample]!
        const predictionPositive = batch.of(x, base).denoised
        const before = remembered[sample]!
        const answers = negatives.map(({ acts, prediction }, term): Answer | null => {
          if (!acts || !prediction) return null
          if (prediction.input.kind !== 'history') return batch.of(x, prediction)
          const past = before.histories[term]
          return past ? { denoised: past, mask: null } : null
        })
        let denoised = predictionPositive
        let combiner = before.combiner
        for (const [term, answer] of answers.entries()) {
          if (!answer) continue
          const { settings: own, combiner: combination } = negatives[term]!
          if (combination) {
            const size = model.image
            const combined = combination.combine({
              positive: predictionPositive,
              negative: answer.denoised,
              x,
              size,
              settings: own,
              step: index,
              sigma,
              sigmaNext,
              memory: before.combiner,
            })
            combiner = combined.memory
            denoised = combined.denoised
          } else if (denoised === predictionPositive) {
            denoised = guide(predictionPositive, answer.denoised, own.scale)
          } else {
            const push = answer.denoised
            denoised = denoised.map((value, i) => value + own.scale * (predictionPositive[i]! - push[i]!))
          }
        }
        if (denoised !== predictionPositive) denoised = rescaled(denoised, predictionPositive, settings.rescale)
        const histories = negatives.map(({ prediction }, term) => {
          const past = before.histories[term] ?? null
          if (prediction?.input.kind !== 'history') return past
          const { beta } = prediction.input
          return past ? past.map((value, i) => (1 - beta) * predictionPositive[i]! + beta * value) : predictionPositive
        })
        return {
          positive: { x: point.positive, denoised: batch.of(point.positive, positive).denoised },
          // Left out, it walks with the positive, which costs nothing, and is not reported.
          negative: negativeAlone
            ? { x: point.negative, denoised: batch.of(point.negative, lone).denoised }
            : { x: point.positive, denoised: batch.of(point.positive, positive).denoised },
          guided: { x, denoised },
          predictionPositive,
          answers,
          after: { histories, combiner },
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
      return memos[sample]!.of([x, denoised], () =>
        x.map((value, i) => denoised[i]! + (sigmaNext / sigma) * (value - denoised[i]!)),
      )
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

    // Once a step, whatever the solver.
    remembered = here.map(({ after }) => after)

    const records: SampleRecord[] = here.map(({ positive: lone, negative, guided, predictionPositive, answers }) => {
      const [first = NOTHING, ...stacked] = answers.map((answer) =>
        answer ? termRecord(guided.x, predictionPositive, answer) : NOTHING,
      )
      return {
        positive: lone,
        negative: negativeAlone ? negative : null,
        guided,
        predictionPositive,
        ...first,
        stacked,
      }
    })
    yield {
      kind: 'step',
      record: {
        index,
        steps: settings.steps,
        sigma,
        sigmaNext,
        inWindow: inWindow(sigma, settings.window),
        samples: records,
        rows,
      },
    }
    states = next
  }
  yield {
    kind: 'final',
    samples: states.map(({ positive: lone, negative, guided }) => ({
      positive: lone,
      negative: negativeAlone ? negative : null,
      guided,
    })),
  }
}
