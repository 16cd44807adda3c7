/**
 * What a run will ask, before it is run: its steps are taken with unit vectors in the place of images, so that the shares of a sum are
 * what comes out of the very code that takes them.
 */
import type { Course, CourseStep, DenoiserRow, ModelInfo } from '../model/types'
import { negativesOf } from '../guidance/pair'
import { positiveOf } from '../guidance/positive'
import type { Settings } from '../settings/types'
import { isSum } from './plan'
import { Predictor } from './predicting'
import { solverById } from './solver-registry'
import { each, type Some, stride, type Walker } from './trajectories'

/** The part of a run that a course depends on. */
export interface Foreseen {
  readonly model: ModelInfo
  readonly settings: Settings
  readonly sigmas: readonly number[]
  /** The step that is taken first. */
  readonly first: number
  /** Which trajectories are walked, and which of all images' points are one. */
  readonly walkers: readonly Some<Walker>[]
}

/** What one evaluation of a step asks. */
type Asked = readonly Omit<DenoiserRow, 'size'>[]

/** Listens to what one step asks, and answers by unit vectors of its own. */
class Listener {
  readonly rounds: Asked[] = []
  #answered: number

  constructor(
    readonly model: ModelInfo,
    points: number,
    private readonly width: number,
  ) {
    this.#answered = points
  }

  evaluate(rows: readonly DenoiserRow[]): Promise<Float32Array[]> {
    this.rounds.push(rows)
    return Promise.resolve(rows.map(() => unit(this.width, this.#answered++)))
  }

  readAttention(): Promise<never> {
    return Promise.reject(new Error('a step that reads a map is not foreseen'))
  }
}

function unit(length: number, at: number): Float32Array {
  const vector = new Float32Array(length)
  vector[at] = 1
  return vector
}

const walkersOf = (of: Some<Walker>) => [of.positive, of.negative, of.guided].filter((walker) => walker !== null)

/** What walkers are at and what they remember: each array once. */
const arraysOf = (walkers: readonly Some<Walker>[]) => {
  const all = walkers.flatMap(walkersOf)
  return [...new Set([...all.map(({ x }) => x), ...all.flatMap(({ previous }) => previous?.denoised ?? [])])]
}

/** The walkers at points that are unit vectors; one array stays one. */
function atUnits(walkers: readonly Some<Walker>[], spare: number) {
  const all = arraysOf(walkers)
  const points = all.map((_, i) => unit(all.length + spare, i))
  const moved = walkers.map((walker) =>
    each(walker, ({ x, previous }): Walker => ({
      x: points[all.indexOf(x)]!,
      previous: previous && { ...previous, denoised: points[all.indexOf(previous.denoised)]! },
    })),
  )
  return { points, moved }
}

/**
 * A step of a solver as steps of a course, one a round. What later rounds ask at, and what the step ends with, is carried along: the part of
 * it that is known so far.
 */
function stepsOf(
  points: readonly Float32Array[],
  rounds: readonly Asked[],
  ends: readonly Float32Array[],
): CourseStep[] {
  let state = points
  let known = points.length
  return rounds.map((asked, round) => {
    const before = round === 0 ? points : state
    const later = rounds.slice(round + 1).flatMap((rows) => rows.map(({ x }) => x))
    state = [...new Set([...later, ...ends])]
    const rows = asked.map(({ x, ...row }) => ({ ...row, point: before.indexOf(x) }))
    const own = [known, (known += rows.length)] as const
    const next = state.map((sum) => {
      const held = round === 0 ? sum.slice(0, points.length) : unit(before.length, before.indexOf(sum))
      return Float32Array.of(...held, ...sum.slice(...own))
    })
    return { rows, next }
  })
}

/** Without points that neither are asked at nor have a share of one that is. */
function withoutUnused(course: readonly CourseStep[]): Course {
  const kept: CourseStep[] = []
  let wanted = course.at(-1)?.next.map((_, i) => i) ?? []
  for (const { rows, next } of [...course].reverse()) {
    const sums = wanted.map((i) => next[i]!)
    const count = next[0]!.length - rows.length
    const points = Array.from({ length: count }, (_, i) => i).filter(
      (i) => rows.some(({ point }) => point === i) || sums.some((shares) => shares[i] !== 0),
    )
    kept.unshift({
      rows: rows.map((row) => ({ ...row, point: points.indexOf(row.point) })),
      next: sums.map((shares) => Float32Array.of(...points.map((i) => shares[i]!), ...shares.slice(count))),
    })
    wanted = points
  }
  return kept
}

/** Null where a number decides what is asked, a step draws noise, or D is more than a sum. */
export async function courseOf({ model, settings, sigmas, first, walkers }: Foreseen): Promise<Course | null> {
  if (settings.rescale !== 0 || model.clip !== undefined) return null
  const solver = solverById(settings.solver)
  const negatives = negativesOf(settings)
  const course: CourseStep[] = []
  const spare = settings.samples * (negatives.length + 3) * solver.evaluations
  let listener: Listener | null = null
  let noisy = false
  const denoiser = {
    model,
    evaluate: (rows: readonly DenoiserRow[]) => listener!.evaluate(rows),
    readAttention: () => listener!.readAttention(),
  }
  const parts = { denoiser, vision: undefined, signal: undefined, kept: undefined }
  const predictor = new Predictor(parts, settings, negatives, positiveOf(settings, model))
  let at = walkers
  for (let step = first; step < settings.steps; step++) {
    const { points, moved } = atUnits(at, spare)
    const width = points.length + spare
    listener = new Listener(model, points.length, width)
    const moment = { step, sigma: sigmas[step]!, sigmaNext: sigmas[step + 1]! }
    const { predict, plans } = predictor.step(moment)
    if (!plans.every(isSum)) return null
    const noise = () => {
      noisy = true
      return new Float32Array(width)
    }
    const context = { ...moment, steps: settings.steps, noise, parameters: settings.solverParameters }
    const strides = await stride(moved, (_, { x, previous }) => solver.step(x, { ...context, previous }), predict)
    if (noisy) return null
    const goesOn = step + 1 < settings.steps
    at = strides.map((walked) => each(walked, ({ x, first }): Walker => ({ x, previous: goesOn ? first : null })))
    course.push(...stepsOf(points, listener.rounds, arraysOf(at)))
  }
  return withoutUnused(course)
}
