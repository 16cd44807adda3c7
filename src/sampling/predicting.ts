/** The predictions of one run: asks in one batch for what the trajectories want at a round's points, and makes the guided D of them. */
import { heldWithin } from '../core/vector'
import type { Negative } from '../guidance/pair'
import type { Prediction } from '../guidance/prediction'
import type { Settings } from '../settings/types'
import { Batch, type BatchParts } from './batch'
import { combine, imageOf, type Remembered, remembering } from './combining'
import type { Answer } from './inputs'
import type { Lone } from './records'
import { evaluates, type Plan, type PlannedTerm, planOf } from './plan'
import { each, type Predict, type Some } from './trajectories'

/** What a step's first round found at the guided x. */
export interface Found {
  readonly positive: Float32Array
  /** Of each negative; null where it was not evaluated. */
  readonly answers: readonly (Answer | null)[]
}

export interface PredictedStep {
  readonly predict: Predict
  /** Of each image. */
  readonly plans: readonly Plan[]
  /** Of each image, after the first round. */
  readonly found: Found[]
  /** Network rows evaluated so far. */
  rows(): number
}

interface Moment {
  readonly step: number
  readonly sigma: number
  readonly sigmaNext: number
}

interface Image {
  remembered: Remembered
  /** Whether the guided trajectory is still the positive's; its rows are then those that the positive alone would have. */
  together: boolean
}

export class Predictor {
  readonly #images: readonly Image[]

  constructor(
    private readonly parts: BatchParts,
    private readonly settings: Settings,
    private readonly negatives: readonly Negative[],
    private readonly plain: Prediction,
  ) {
    this.#images = Array.from({ length: settings.samples }, () => ({
      remembered: { histories: negatives.map(() => null), memory: null },
      together: true,
    }))
  }

  step(moment: Moment): PredictedStep {
    const { model } = this.parts.denoiser
    const plans = this.#images.map((_, sample) =>
      planOf(this.negatives, this.plain, { ...moment, model, sample: this.#stream(sample) }),
    )
    const before = this.#images.map(({ remembered }) => remembered)
    const found: Found[] = []
    let rows = 0
    let from = moment.sigma
    const predict: Predict = async (round, sigma, points) => {
      const batch = new Batch(this.parts, { sigma, step: moment.step })
      for (const [sample, point] of points.entries())
        this.#ask(batch, plans[sample]!, point, sample, `${sample} ${moment.step} ${round}`)
      await batch.evaluate()
      rows += batch.rows
      if (round === 0) from = sigma
      const held = holding(model.clip)
      return points.map((point, sample) => {
        const plan = plans[sample]!
        const image = this.#images[sample]!
        const here = { x: point.guided, level: sigma, sigma: moment.sigma }
        const { positive, answers } = at(batch, plan, here, before[sample]!)
        const { denoised, memory } = combine({
          model,
          images: this.parts.denoiser.imagesPerRow ?? 1,
          x: point.guided,
          positive,
          terms: plan.terms,
          answers,
          step: moment.step,
          level: sigma,
          sigma: from,
          sigmaNext: moment.sigmaNext,
          rescale: this.settings.rescale,
          memory: before[sample]!.memory,
        })
        image.together &&= denoised === positive && plan.base === plan.positive
        if (round === 0) {
          found.push({ positive, answers })
          // Once a step, whatever the solver.
          const { histories } = before[sample]!
          image.remembered = { histories: remembering(histories, plan.terms, { ...here, positive }), memory }
        }
        const asked = { positive: plan.positive, negative: plan.negative }
        return each(point, (x, which) => held(which === 'guided' ? denoised : batch.of(x, asked[which]).denoised))
      })
    }
    return { predict, plans, found, rows: () => rows }
  }

  /** What an image's draws are named by, in whatever company it is. */
  #stream(sample: number): number {
    return this.settings.image + sample
  }

  #ask(
    batch: Batch,
    { positive, negative, base, terms }: Plan,
    point: Some<Float32Array>,
    sample: number,
    name: string,
  ) {
    const ask = (x: Float32Array, prediction: Prediction, lone: Lone | null = null) =>
      batch.ask({ x, prediction, positive, sample: this.#stream(sample), lone: lone && { which: lone, name } })
    const together = this.#images[sample]!.together && base === positive
    const alone = point.positive ?? (together ? point.guided : null)
    if (alone) ask(alone, positive, 'positive')
    if (point.negative) ask(point.negative, negative, 'negative')
    ask(point.guided, base)
    for (const term of terms) if (evaluates(term)) ask(point.guided, term.prediction!)
  }
}

/** Holds a D where the model says so; arrays that are one stay one, since trajectories that agree share their work. */
function holding(most: number | undefined): (denoised: Float32Array) => Float32Array {
  if (most === undefined) return (denoised) => denoised
  const known = new Map<Float32Array, Float32Array>()
  return (denoised) => {
    const before = known.get(denoised) ?? heldWithin(denoised, most)
    known.set(denoised, before)
    return before
  }
}

/** A guided x, its noise level, and that of the step's beginning. */
interface Here {
  readonly x: Float32Array
  readonly level: number
  readonly sigma: number
}

/** The negative that is made of what the term remembers; null where there is nothing yet, or it does not push here. */
function remembered(term: PlannedTerm, past: Float32Array | null, { x, level, sigma }: Here): Answer | null {
  const input = term.prediction?.input
  if (input?.kind !== 'history' || !past || !term.pushes || !term.inWindow || sigma > input.below) return null
  return { denoised: input.of === 'image' ? past : imageOf(past, x, level), mask: null }
}

function at(batch: Batch, { base, terms }: Plan, here: Here, { histories }: Remembered): Found {
  const answers = terms.map((term, i) =>
    evaluates(term) ? batch.of(here.x, term.prediction!) : remembered(term, histories[i] ?? null, here),
  )
  return { positive: batch.of(here.x, base).denoised, answers }
}
