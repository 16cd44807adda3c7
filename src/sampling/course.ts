/**
 * What a run will ask, before it is run: its steps are taken with unit vectors in the place of images, so that the shares of a sum are
 * what comes out of the very code that takes them.
 */
import { networkKey, type Course, type CourseStep, type DenoiserRow, type ModelInfo } from '../model/types'
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

/** Listens to what one step asks at its points. */
class Listener {
  readonly rows: CourseStep['rows'][number][] = []
  /** Whether the step's one evaluation asks for whole images at its points, of one network. */
  plain = true
  #asked = false

  constructor(
    readonly model: ModelInfo,
    private readonly points: readonly Float32Array[],
    private readonly width: number,
  ) {}

  evaluate(rows: readonly DenoiserRow[]): Promise<Float32Array[]> {
    this.plain &&= !this.#asked
    this.#asked = true
    return Promise.resolve(
      rows.map(({ x, size, ...row }, i) => {
        const point = this.points.indexOf(x)
        this.plain &&= point >= 0 && !size
        this.rows.push({ ...row, point })
        return unit(this.width, this.points.length + i)
      }),
    )
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

/** The walkers at points that are unit vectors; one x stays one. */
function atUnits(walkers: readonly Some<Walker>[], spare: number) {
  const all = [...new Set(walkers.flatMap(walkersOf).map(({ x }) => x))]
  const points = all.map((_, i) => unit(all.length + spare, i))
  const moved = walkers.map((walker) =>
    each(walker, ({ x }): Walker => ({ x: points[all.indexOf(x)]!, previous: null })),
  )
  return { points, moved }
}

/** Null where a number decides what is asked, a step is more than a sum, or several networks are asked. */
export async function courseOf({ model, settings, sigmas, first, walkers }: Foreseen): Promise<Course | null> {
  const solver = solverById(settings.solver)
  if (!solver.linearStep || settings.rescale !== 0 || model.clip !== undefined) return null
  const negatives = negativesOf(settings)
  const course: CourseStep[] = []
  const spare = settings.samples * (negatives.length + 3)
  let listener: Listener | null = null
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
    listener = new Listener(model, points, points.length + spare)
    const moment = { step, sigma: sigmas[step]!, sigmaNext: sigmas[step + 1]! }
    const { predict, plans } = predictor.step(moment)
    if (!plans.every(isSum)) return null
    const noise = () => new Float32Array(points.length + spare)
    const context = { ...moment, steps: settings.steps, previous: null, noise, parameters: settings.solverParameters }
    const strides = await stride(moved, (_, { x }) => solver.step(x, context), predict)
    if (!listener.plain) return null
    at = strides.map((walked) => each(walked, ({ x }): Walker => ({ x, previous: null })))
    const { rows } = listener
    const next = [...new Set(at.flatMap(walkersOf).map(({ x }) => x))]
    course.push({ rows, next: next.map((shares) => shares.slice(0, points.length + rows.length)) })
  }
  const networks = new Set(course.flatMap(({ rows }) => rows.map(({ network }) => network && networkKey(network))))
  return networks.size === 1 ? course : null
}
