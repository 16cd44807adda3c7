/** Draws a curve: what its points have so far, who is out, and a job that goes on after a reload. Free of DOM. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { messageOf } from '../../../../../core/failure'
import type { Behind } from '../../../../../evaluation/halving'
import type { ModelInfo } from '../../../../../model/types'
import { encodeLink } from '../../../../../settings'
import type { Settings } from '../../../../../settings/types'
import type { LabStorage } from '../../../../../storage/lab'
import { plainOf } from '../../../../../lab/point'
import { pointOf, type Point } from '../../judged/point'
import { ERROR, race, type Raced } from '../../judged/race'
import type { PointWork } from '../../judged/work'
import { curveOf, pointsOf, saidOf, type Curve, type Wish } from './curve'

export interface Beaten {
  /** Of each point, when it was. */
  readonly images: number
  readonly behind: Behind['behind']
}

export interface CurvesState {
  readonly curve: Curve | null
  /** The same network and seeds without guidance, drawn once. */
  readonly plain: Point | null
  readonly stage: 'idle' | 'opening' | 'running' | 'paused' | 'done' | 'failed'
  readonly message: string | null
  /** Points that are out, by key. */
  readonly beaten: Readonly<Record<string, Beaten>>
  /** After a race: who is left, the leader first. */
  readonly left: readonly Behind[] | null
}

export interface CurvesDesk {
  readonly store: Pick<StoreApi<CurvesState>, 'getState' | 'getInitialState' | 'subscribe'>
  /** Draws it; what was drawn of its points before is taken as it is. */
  start(wish: Wish, settings: Settings, model: ModelInfo): void
  /** Shows what there is of it and goes on with it, where it was being drawn when the page was left. */
  resume(wish: Wish, settings: Settings, model: ModelInfo): Promise<void>
  /** So many more images of one point. */
  refine(key: string, more: number): void
  pause(): void
  /** Whether the room is seen: while it is not, nothing is drawn. */
  show(shown: boolean): void
  dispose(): void
}

export interface DeskParts {
  readonly work: PointWork
  readonly storage: LabStorage
  /** The digest of what judges the family's images; fetches the judge. */
  readonly judgeOf: (model: ModelInfo) => Promise<string>
  readonly date: () => number
}

const JOB = 'curve'

interface Job {
  /** What it is a curve of. */
  readonly of: string
  readonly stage: 'running' | 'paused' | 'done'
  /** Images of points that were asked for by hand, by key. */
  readonly more: Readonly<Record<string, number>>
}

function isJob(value: unknown): value is Job {
  if (typeof value !== 'object' || value === null) return false
  if (!('of' in value && 'stage' in value && 'more' in value)) return false
  const { of, stage, more } = value
  if (stage !== 'running' && stage !== 'paused' && stage !== 'done') return false
  if (typeof of !== 'string' || typeof more !== 'object' || more === null) return false
  return Object.values(more).every((count: unknown) => typeof count === 'number' && Number.isInteger(count))
}

/** As an address says it. */
const nameOf = (wish: Wish, settings: Settings, model: ModelInfo) =>
  [
    ...Object.entries(saidOf(wish)).map(([key, text]) => `${key}=${encodeURIComponent(text)}`),
    encodeLink(settings, model),
  ].join('&')

/** What the lab's address says of a curve that was left in the middle; null where there is none. */
export async function unfinished(storage: LabStorage): Promise<string | null> {
  const job = (await storage.get('jobs', JOB))?.value
  return isJob(job) && job.stage !== 'done' ? job.of : null
}

const NOTHING: CurvesState = { curve: null, plain: null, stage: 'idle', message: null, beaten: {}, left: null }

class Desk implements CurvesDesk {
  readonly store = createStore<CurvesState>(() => NOTHING)
  #controller = new AbortController()
  /** Images of points that were asked for by hand, by key. */
  #more: Readonly<Record<string, number>> = {}
  /** Of what is shown, for the job. */
  #name = ''
  #shown = true
  /** How what is shown was begun. */
  #begun: (() => Promise<Curve>) | null = null

  constructor(private readonly parts: DeskParts) {}

  start(wish: Wish, settings: Settings, model: ModelInfo): void {
    if (this.#name !== nameOf(wish, settings, model)) this.#more = {}
    void this.#go(() => this.#open(wish, settings, model))
  }

  async resume(wish: Wish, settings: Settings, model: ModelInfo): Promise<void> {
    const job = (await this.parts.storage.get('jobs', JOB))?.value
    const name = nameOf(wish, settings, model)
    if (!isJob(job) || job.of !== name || this.#under || this.#name === name) return
    this.#more = job.more
    const begin = () => this.#open(wish, settings, model)
    // One that is done is begun again, which draws nothing.
    if (job.stage !== 'paused') return this.#go(begin)
    this.#begun = begin
    try {
      const { places } = await begin()
      this.#patch({ stage: 'paused' })
      const points = [this.#state.plain!, ...pointsOf(places)]
      const want = ({ key }: Point) => Math.max(this.#more[key] ?? 0, wish.images)
      await this.parts.work.show(points, want, this.#controller.signal)
    } catch (error) {
      this.#patch({ stage: 'failed', message: messageOf(error) })
    }
  }

  refine(key: string, count: number): void {
    const have = this.parts.work.store.getState().points[key]?.have ?? 0
    this.#more = { ...this.#more, [key]: have + count }
    this.#again()
  }

  pause(): void {
    this.#controller.abort(new Error('paused'))
    if (!this.#under) return
    this.#patch({ stage: 'paused' })
    this.#keep('paused')
  }

  show(shown: boolean): void {
    if (shown === this.#shown) return
    this.#shown = shown
    if (!this.#under) return
    if (shown) this.#again()
    else this.#controller.abort(new Error('the lab is not seen'))
  }

  dispose(): void {
    this.#controller.abort(new Error('the lab was closed'))
  }

  get #state(): CurvesState {
    return this.store.getState()
  }

  get #under(): boolean {
    const { stage } = this.#state
    return stage === 'running' || stage === 'opening'
  }

  #patch(change: Partial<CurvesState>): void {
    this.store.setState(change)
  }

  #keep(stage: Job['stage']): void {
    const value: Job = { of: this.#name, stage, more: this.#more }
    void this.parts.storage.put({ jobs: [{ id: JOB, made: this.parts.date(), value }] })
  }

  #again(): void {
    if (this.#begun) void this.#go(this.#begun)
  }

  async #open(wish: Wish, settings: Settings, model: ModelInfo): Promise<Curve> {
    const judge = await this.parts.judgeOf(model)
    const curve = curveOf(wish, settings, model, judge)
    this.#name = nameOf(wish, settings, model)
    this.#patch({ curve, plain: pointOf(plainOf(settings, model), model, judge) })
    return curve
  }

  async #go(begin: () => Promise<Curve>): Promise<void> {
    this.#controller.abort(new Error('another curve'))
    this.#controller = new AbortController()
    this.#begun = begin
    const { signal } = this.#controller
    this.#patch({ stage: 'opening', message: null, beaten: {}, left: null })
    try {
      const curve = await begin()
      signal.throwIfAborted()
      this.#patch({ stage: 'running' })
      this.#keep('running')
      await this.#drawAll(curve, this.#state.plain!, signal)
      this.#patch({ stage: 'done' })
      this.#keep('done')
    } catch (error) {
      if (!signal.aborted) this.#patch({ stage: 'failed', message: messageOf(error) })
    }
  }

  /** All that is wanted of the curve, until it is there. */
  async #drawAll({ wish, places }: Curve, plain: Point, signal: AbortSignal): Promise<void> {
    const { work } = this.parts
    const points = pointsOf(places)
    const onLook = (raced: Raced) => this.#onLook(raced)
    if (wish.stop) await race({ work, points, plain, most: wish.images, error: ERROR, signal, onLook })
    // What was decided before all images were drawn wants none but what was asked for by hand.
    const { left, beaten } = this.#state
    const wants = (point: Point) => !beaten[point.key] && left?.length !== 1
    const wanted = (point: Point) => Math.max(this.#more[point.key] ?? 0, wants(point) ? wish.images : 0)
    const rest = points.filter((point) => wanted(point) > 0)
    const all = wish.stop ? rest : [plain, ...rest]
    await work.run([...new Map(all.map((point) => [point.key, point])).values()], wanted, signal)
  }

  #onLook({ images, look }: Raced): void {
    const out = look.out.map(({ id, behind }) => [id, { images, behind }] as const)
    this.#patch({ beaten: { ...this.#state.beaten, ...Object.fromEntries(out) }, left: look.left })
  }
}

export const createCurvesDesk = (parts: DeskParts): CurvesDesk => new Desk(parts)
