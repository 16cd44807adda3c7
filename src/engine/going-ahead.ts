/**
 * Goes ahead on a run's course: a device takes the steps by itself, its x never leaves it, and D of several steps is read at once while it
 * computes those after. Who asks computes the same steps from what was read; that both stay at the same x is looked at in every reading.
 */
import type { InferenceSession } from 'onnxruntime-web'
import type { Level } from '../model/adapter'
import type { Course, CoursePlace, CourseStep, DenoiserRow, ModelInfo } from '../model/types'
import { GOLDEN_TOLERANCE, relativeError } from './golden'
import { byNetwork, type HeldNetwork, type NetworkOf } from './held'
import { levelOf } from './row-batch'
import type { Tensors } from './runtime'

/** One row of a run: the network gets in · x + inOffset of the point, and D = skip · x + out · F + offset. */
export interface RowNumbers extends Omit<Level, 'noise'> {
  readonly point: number
  /** Its place among all rows of the step. */
  readonly place: number
}

/** A step as a device takes it: runs one after the other, then the next points. */
export interface StepNumbers {
  /** Of each run the rows that are asked; what fills it up equals its last. */
  readonly runs: readonly (readonly RowNumbers[])[]
  readonly next: readonly Float32Array[]
}

/** What a run needs beside its image. */
export interface RunFeeds {
  readonly session: InferenceSession
  readonly feeds: Tensors
}

/** All that is read of what was queued since the last reading. */
export interface Reading {
  /** The points of the first of its steps. */
  readonly points: readonly Float32Array[]
  /** D of each row that is asked at each step. */
  readonly denoised: readonly (readonly Float32Array[])[]
}

/** A device on a course. */
export interface Walk {
  /** Queues the runs of a step, the one after that which was queued before; waits for nothing that the device computes. */
  queue(runs: readonly RunFeeds[]): Promise<void>
  /** Resolves with what was queued since the last reading. To be called before more is queued. */
  read(): Promise<Reading>
  /** Frees what it holds, whatever is under way. */
  end(): void
}

export interface WalkingDevice {
  /** `rows`: of every run, filled up. */
  begin(steps: readonly StepNumbers[], points: readonly Float32Array[], rows: number): Walk
  /** Whether runs of the session, which has run, can be queued. */
  takes(session: InferenceSession): boolean
  /** Milliseconds. */
  now(): number
}

/** The first step is read alone; then as many at once as take no longer than the screen needs for a picture, up to so many. */
const FRAME_MS = 25
export const MOST_STEPS = 8
/** How far the device's points may be from plain arithmetic: sums in single precision in another order stay ten times below. */
const TOLERANCE = 1e-5

/** Rows at points that only a device knows. */
const rowsOf = (step: CourseStep) => step.rows.map((row): DenoiserRow => ({ ...row, x: NO_IMAGE }))
const NO_IMAGE = new Float32Array(0)

/** A step's rows by the network that they go to, with their places. */
const networksOf = (step: CourseStep, networkOf: NetworkOf) => {
  const rows = rowsOf(step)
  return Array.from(byNetwork(rows, networkOf), ([network, places]) => {
    const own = places.map((place) => rows[place]!)
    return { network, places, rows: own, cut: network.runs.cut(own) }
  })
}

function numbersOf(step: CourseStep, networkOf: NetworkOf, model: ModelInfo): StepNumbers {
  const runs = networksOf(step, networkOf).flatMap(({ places, rows, cut }) => {
    const numbers = (i: number) => {
      const place = places[i]!
      return { ...levelOf(rows[i]!, model), point: step.rows[place]!.point, place }
    }
    return cut.flatMap(({ rounds }) => rounds.flat()).map((part) => part.map(numbers))
  })
  return { runs, next: step.next }
}

interface Run extends RunFeeds {
  readonly network: HeldNetwork
  readonly rows: number
}

/** Sessions, which may have to be built, and inputs of the runs of a step. */
async function runsOf(step: CourseStep, networkOf: NetworkOf): Promise<readonly Run[]> {
  const all: Run[] = []
  for (const { network, rows, cut } of networksOf(step, networkOf)) {
    for (const alike of cut) {
      const pooled = await network.runs.session(alike)
      for (const part of alike.rounds.flat()) {
        const batch = network.runs.filled(part.map((i) => rows[i]!))
        const feeds = await network.runs.feedsOf(batch, alike, pooled, false)
        all.push({ session: pooled.session, feeds, network, rows: part.length })
      }
    }
  }
  return all
}

/** D of rows as their networks give it without a course. */
async function plainly(rows: readonly DenoiserRow[], networkOf: NetworkOf): Promise<Float32Array[]> {
  const all: Float32Array[] = Array.from({ length: rows.length })
  for (const [network, places] of byNetwork(rows, networkOf)) {
    const own = await network.evaluate(places.map((place) => rows[place]!))
    for (const [i, place] of places.entries()) all[place] = own[i]!
  }
  return all
}

interface Group {
  readonly from: number
  /** What plain evaluation gives, where a session of it goes ahead for the first time. */
  readonly expected: readonly Float32Array[] | null
  readonly proven: readonly InferenceSession[]
  readonly reading: Promise<Reading>
}

/** Where a course is taken up. */
interface Beginning {
  readonly step: number
  readonly points: readonly Float32Array[]
  readonly networkOf: NetworkOf
}

/** One course that is under way. */
class Way {
  readonly #walk: Walk
  readonly #answers = new Map<number, readonly Float32Array[]>()
  readonly #groups: Group[] = []
  #next: number
  #readAt: number

  constructor(
    readonly course: Course,
    private readonly owner: GoingAhead,
    { step, points, networkOf }: Beginning,
  ) {
    const { device, model } = owner
    this.#next = step
    this.#readAt = device.now()
    const steps = course.slice(step).map((one) => numbersOf(one, networkOf, model))
    const { fixed } = networkOf(course[step]!.rows[0]!).runs
    if (fixed === null) throw new Error('a device goes ahead on runs of a fixed number of rows only')
    this.#walk = device.begin(steps, points, fixed)
  }

  /** Null where device and arithmetic have parted, or what is asked is not what comes next. */
  async answer(
    rows: readonly DenoiserRow[],
    step: number,
    networkOf: NetworkOf,
  ): Promise<readonly Float32Array[] | null> {
    const known = this.#answers.get(step)
    this.#answers.delete(step)
    if (known) return known
    if (this.#groups.length === 0 && (step !== this.#next || !(await this.#queue(networkOf, rows)))) return null
    const group = this.#groups.shift()!
    if (group.from !== step) return null
    // The device computes what comes after while this is waited for.
    await this.#queue(networkOf, null)
    const { points, denoised } = await group.reading
    this.#time(denoised.length)
    // Of an x that differs in the last bits a network makes a D that differs in more of them.
    if (group.expected && !agree(denoised[0]!, group.expected, GOLDEN_TOLERANCE)) this.owner.refuse()
    const asked = pointsOf(this.course[step]!, rows)
    const near = points.every((values, i) => !asked[i] || relativeError(values, asked[i]) <= TOLERANCE)
    if (this.owner.refused || !near) return null
    for (const session of group.proven) this.owner.proven.add(session)
    for (const [i, answers] of denoised.entries()) if (i > 0) this.#answers.set(step + i, answers)
    return denoised[0]!
  }

  end(): void {
    this.#walk.end()
  }

  #time(steps: number): void {
    const now = this.owner.device.now()
    this.owner.stepMs = (now - this.#readAt) / steps
    this.#readAt = now
  }

  /** Queues steps and their reading. `rows`: those of the first, where they are known; without them no session goes ahead for the first time. */
  async #queue(networkOf: NetworkOf, rows: readonly DenoiserRow[] | null): Promise<boolean> {
    const { device, proven, groupSize } = this.owner
    const from = this.#next
    if (from >= this.course.length) return false
    const first = await runsOf(this.course[from]!, networkOf)
    const fresh = first.map(({ session }) => session).filter((session) => !proven.has(session))
    if (fresh.length > 0 && !rows) return false
    const expected = fresh.length > 0 ? await plainly(rows!, networkOf) : null
    if (!first.every(({ session }) => device.takes(session))) return this.owner.refuse()
    await this.#take(first)
    // The first step of all is seen as soon as it can be.
    const most = expected || rows ? 1 : groupSize
    while (this.#next < this.course.length && this.#next - from < most) {
      const runs = await runsOf(this.course[this.#next]!, networkOf)
      if (!runs.every(({ session }) => proven.has(session))) break
      await this.#take(runs)
    }
    const reading = this.#walk.read()
    // Of a run that was given up nobody waits for it.
    reading.catch(() => undefined)
    this.#groups.push({ from, expected, proven: fresh, reading })
    return true
  }

  async #take(runs: readonly Run[]): Promise<void> {
    await this.#walk.queue(runs)
    for (const { network, rows } of runs) network.count(rows, 1)
    this.#next += 1
  }
}

export class GoingAhead {
  #way: Way | null = null
  /** A course on which device and arithmetic parted. */
  #left: Course | null = null
  #refused = false
  readonly proven = new WeakSet<InferenceSession>()
  /** What a step took, as last seen. */
  stepMs = Infinity

  constructor(
    readonly device: WalkingDevice,
    readonly model: ModelInfo,
  ) {}

  /** Whether the device gave other numbers than plain evaluation, or does not take a session: then it is not asked again. */
  get refused(): boolean {
    return this.#refused
  }

  refuse(): false {
    this.#refused = true
    return false
  }

  get groupSize(): number {
    return Math.min(MOST_STEPS, Math.max(1, Math.floor(FRAME_MS / this.stepMs)))
  }

  /** D of a step's rows; null where they are to be evaluated plainly, as is the rest of the course. Rejects as a run does. */
  async answer(
    rows: readonly DenoiserRow[],
    { course, step }: CoursePlace,
    networkOf: NetworkOf,
  ): Promise<readonly Float32Array[] | null> {
    for (const [{ runs }, places] of byNetwork(rows, networkOf)) runs.check(places.map((place) => rows[place]!))
    const here = course[step]
    if (this.#refused || course === this.#left || rows.length !== here?.rows.length) return null
    if (this.#way?.course !== course) {
      this.end()
      const points = pointsOf(here, rows)
      // What is carried only is known to who began at the beginning.
      if (points.filter(Boolean).length < here.next[0]!.length - rows.length) return null
      this.#way = new Way(course, this, { step, points, networkOf })
    }
    const answer = await this.#way!.answer(rows, step, networkOf)
    if (!answer) this.#left = course
    if (!answer || step === course.length - 1) this.end()
    return answer
  }

  end(): void {
    this.#way?.end()
    this.#way = null
  }
}

/** The step's points that rows are asked at, by their places; there is none where a sum is carried. */
function pointsOf(step: CourseStep, rows: readonly DenoiserRow[]): readonly Float32Array[] {
  const points: Float32Array[] = []
  for (const [i, { point }] of step.rows.entries()) points[point] ??= rows[i]!.x
  return points
}

const agree = (a: readonly Float32Array[], b: readonly Float32Array[], tolerance: number) =>
  a.length === b.length && a.every((values, i) => relativeError(values, b[i]!) <= tolerance)
