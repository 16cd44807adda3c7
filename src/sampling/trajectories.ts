/**
 * The trajectories of all images, taken one step of the solver together: each round of evaluations is asked of all at once.
 * Trajectories that agree share their arrays, so that a row whose result is known is not evaluated.
 */
import type { Trajectories, Trajectory } from './records'
import type { Evaluation, SolverStep, StepContext } from './solver'

export interface Walker {
  readonly x: Float32Array
  readonly previous: StepContext['previous']
}

/** Null where a trajectory isn't walked. */
export type Some<T> = Trajectories<T | null> & { readonly guided: T }

/** Each trajectory that is walked. */
export function each<A, B>(of: Some<A>, make: (value: A, which: Trajectory) => B): Some<B> {
  const some = (which: Trajectory) => (of[which] === null ? null : make(of[which], which))
  return { positive: some('positive'), negative: some('negative'), guided: make(of.guided, 'guided') }
}

/** Arrays by what they were made of, by identity: equal work gives the same array. */
class Sharing {
  readonly #made: { readonly inputs: readonly Float32Array[]; readonly x: Float32Array }[] = []

  of(inputs: readonly Float32Array[], x: Float32Array): Float32Array {
    const known = this.#made.find(
      (entry) => entry.inputs.length === inputs.length && entry.inputs.every((a, i) => a === inputs[i]),
    )
    if (known) return known.x
    this.#made.push({ inputs: [...inputs], x })
    return x
  }
}

/** One trajectory within one step. */
class Stride {
  readonly #inputs: Float32Array[]
  /** Where a prediction is wanted; null when the step is done. */
  asks: Evaluation | null = null
  /** Of the first prediction. */
  first: { readonly x: Float32Array; readonly sigma: number; readonly denoised: Float32Array } | null = null
  x: Float32Array

  constructor(
    start: Float32Array,
    private readonly steps: SolverStep,
    private readonly sharing: Sharing,
  ) {
    this.x = start
    this.#inputs = [start]
    this.#take(steps.next())
  }

  answer(denoised: Float32Array): void {
    if (!this.asks) throw new Error('a step that is done takes no prediction')
    this.first ??= { ...this.asks, denoised }
    this.#inputs.push(denoised)
    this.#take(this.steps.next(denoised))
  }

  #take({ done, value }: IteratorResult<Evaluation, Float32Array>): void {
    this.x = this.sharing.of(this.#inputs, done ? value : value.x)
    this.asks = done ? null : { x: this.x, sigma: value.sigma }
  }
}

/** Predictions at a round's points. All points are at one noise level; `round` counts from 0 within the step. */
export type Predict = (
  round: number,
  sigma: number,
  points: readonly Some<Float32Array>[],
) => Promise<Some<Float32Array>[]>

export interface Strode {
  readonly x: Float32Array
  readonly first: NonNullable<Stride['first']>
}

/** Takes every walker one step further. `step`: the solver's, from a walker's x. */
export async function stride(
  walkers: readonly Some<Walker>[],
  step: (sample: number, walker: Walker) => SolverStep,
  predict: Predict,
): Promise<Some<Strode>[]> {
  const strides = walkers.map((walker, sample) => {
    const sharing = new Sharing()
    return each(walker, (one) => new Stride(one.x, step(sample, one), sharing))
  })
  for (let round = 0; ; round++) {
    const asks = strides[0]?.guided.asks
    if (!asks) break
    const points = strides.map((one) => each(one, ({ x }) => x))
    const answers = await predict(round, asks.sigma, points)
    for (const [sample, one] of strides.entries()) each(one, (at, which) => at.answer(answers[sample]![which]!))
  }
  return strides.map((one) => each(one, ({ x, first }) => ({ x, first: first! })))
}
