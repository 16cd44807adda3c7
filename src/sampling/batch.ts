/**
 * Questions waiting for one evaluation of the network. Equal (x, prediction) pairs are one question, and what a question rests
 * on is asked with it. Where a negative reads the attention of D⁺ (SAG), D⁺ at that x comes from the same reading, so that it
 * costs one evaluation and not two.
 */
import { rowOf } from '../guidance/pair'
import { restsOn, wholeOf } from '../guidance/rests'
import type { Prediction } from '../guidance/prediction'
import type { AttentionReading, CoursePlace, Denoiser, VisionModel } from '../model/types'
import type { KeptAnswers } from './cache'
import type { Lone } from './records'
import { type Answer, degradedRows, type Place, type Rows, wholeRows, windowRows } from './inputs'

interface LonePlace {
  readonly which: Lone
  readonly name: string
}

export interface Question {
  readonly x: Float32Array
  readonly prediction: Prediction
  /** What the positive of this sample is asked. */
  readonly positive: Prediction
  readonly sample: number
  /** Where a prediction lies on a lone trajectory, for the cache; it must not depend, to the bit, on what else is sampled. */
  readonly lone: LonePlace | null
}

interface Pending extends Question {
  /** Whether a lone question rests on it, or is it. */
  readonly apart: boolean
}

export interface BatchParts {
  readonly denoiser: Denoiser
  readonly vision: VisionModel | undefined
  readonly signal: AbortSignal | undefined
  readonly kept: Readonly<Record<Lone, KeptAnswers>> | undefined
  /** Where the evaluation that comes next lies on what was foreseen of the run; absent: nothing was. */
  readonly nextPlace?: () => CoursePlace
}

/** Values by (x, prediction), both by identity. */
class PointMap<T> {
  readonly #at = new Map<Float32Array, Map<Prediction, T>>()

  get(x: Float32Array, prediction: Prediction): T | undefined {
    return this.#at.get(x)?.get(prediction)
  }

  set(x: Float32Array, prediction: Prediction, value: T): void {
    const at = this.#at.get(x) ?? new Map<Prediction, T>()
    this.#at.set(x, at.set(prediction, value))
  }
}

type Readings = ReadonlyMap<number, ReadonlyMap<Float32Array, AttentionReading>>

export class Batch {
  readonly #questions: Pending[] = []
  readonly #answers = new PointMap<Answer>()
  /** Answers that are made when they, or what rests on them, are looked at. */
  readonly #made = new PointMap<() => Answer>()
  #rows = 0

  constructor(
    private readonly parts: BatchParts,
    private readonly at: { readonly sigma: number; readonly step: number },
  ) {}

  ask(question: Question): void {
    this.#ask({ ...question, apart: question.lone !== null })
  }

  #ask(question: Pending): void {
    const { x, prediction, positive, lone } = question
    if (this.#answers.get(x, prediction)) return
    if (this.#questions.some((asked) => asked.x === x && asked.prediction === prediction)) return
    const kept = lone === null ? undefined : this.parts.kept?.[lone.which].get(lone.name)
    if (kept) {
      this.#answers.set(x, prediction, kept)
      return
    }
    this.#questions.push(question)
    const rest = restsOn(prediction, positive)
    // A reading answers for the whole D⁺ by itself.
    const read = prediction.input.kind === 'degraded' && rest === wholeOf(positive)
    if (rest && !read) this.#ask({ ...question, prediction: rest, lone: null })
  }

  /** Network rows evaluated so far. */
  get rows(): number {
    return this.#rows
  }

  of(x: Float32Array, prediction: Prediction): Answer {
    const answer = this.#answers.get(x, prediction) ?? this.#made.get(x, prediction)?.()
    if (!answer) throw new Error('a prediction was used that was not asked for')
    this.#answers.set(x, prediction, answer)
    return answer
  }

  async evaluate(): Promise<void> {
    const { denoiser, signal, kept, nextPlace } = this.parts
    signal?.throwIfAborted()
    const readings = await this.#read()
    const asked: (Rows & Pending)[] = []
    for (const question of this.#questions)
      if (!this.#answers.get(question.x, question.prediction))
        asked.push({ ...question, ...(await this.#rowsOf(question, readings)) })
    signal?.throwIfAborted()
    const rows = asked.flatMap((question) => question.rows)
    const denoised = rows.length === 0 ? [] : await denoiser.evaluate(rows, nextPlace?.())
    this.#rows += rows.length
    let from = 0
    for (const question of asked) {
      const own = denoised.slice(from, (from += question.rows.length))
      this.#made.set(question.x, question.prediction, () => question.answer(own))
    }
    for (const { x, prediction, lone } of this.#questions.splice(0)) {
      const answer = this.of(x, prediction)
      if (lone !== null) kept?.[lone.which].set(lone.name, answer)
    }
  }

  async #rowsOf({ x, prediction, positive, sample }: Pending, readings: Readings): Promise<Rows> {
    const place: Place = { ...this.at, model: this.parts.denoiser.model, x, sample }
    const { input } = prediction
    const rest = restsOn(prediction, positive)
    const resting = () => this.of(x, rest!).denoised
    switch (input.kind) {
      case 'x':
        return wholeRows(prediction, place)
      case 'windows':
        return windowRows(prediction, input, place, resting)
      case 'degraded': {
        const read = rest === wholeOf(positive)
        return degradedRows(
          prediction,
          input,
          place,
          readings.get(input.layer)!.get(x)!,
          this.parts.vision,
          read ? null : resting,
        )
      }
      case 'history':
        throw new Error('a negative made of history is not evaluated')
      default:
        return input satisfies never
    }
  }

  /** D⁺ of the whole x and a map of it at every x that a mask is made for, by layer. */
  async #read(): Promise<Readings> {
    const { denoiser } = this.parts
    const byLayer = new Map<number, Map<Float32Array, Prediction>>()
    for (const { x, prediction, positive } of this.#questions) {
      if (prediction.input.kind !== 'degraded') continue
      const { layer } = prediction.input
      const asked = byLayer.get(layer) ?? new Map<Float32Array, Prediction>()
      byLayer.set(layer, asked.set(x, wholeOf(positive)))
    }
    const readings = new Map<number, ReadonlyMap<Float32Array, AttentionReading>>()
    for (const [layer, asked] of byLayer) {
      const points = [...asked]
      const rows = points.map(([x, whole]) => rowOf(whole, x, this.at.sigma, denoiser.model))
      const read = await denoiser.readAttention(rows, layer)
      this.#rows += rows.length
      readings.set(layer, new Map(points.map(([x], i) => [x, read[i]!])))
      for (const [i, [x, whole]] of points.entries()) {
        const apart = this.#questions.some((asked) => asked.apart && asked.x === x && asked.prediction === whole)
        if (!apart && !this.#answers.get(x, whole))
          this.#answers.set(x, whole, { denoised: read[i]!.denoised, mask: null })
      }
    }
    return readings
  }
}
