/** Draws and judges images of several points, a few of each in turn, keeps them, and measures in passing. Free of DOM. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { messageOf } from '../../../../core/failure'
import { toByte } from '../../../../core/image'
import type { Judged, Measured } from '../../../../evaluation/metrics'
import type { LabStorage } from '../../../../storage/lab'
import type { Engine } from '../../../../worker/protocol'
import { settingsOfImage } from '../../../judge/evaluate'
import type { Opened } from '../../../judge/many'
import { keepImages, readImages, SHOWN } from './images'
import type { Point } from './point'
import type { Cost } from './result'
import { milestone, nextTurn, type Turn } from './turns'

export interface PointState {
  readonly have: number
  readonly want: number
  /** What its first images say, by how many they are: points are compared at a number that both have. */
  readonly sets: Readonly<Record<number, Measured>>
  /** The first pictures, as bytes. */
  readonly pictures: readonly Uint8Array[]
  /** Why it gets no more images. */
  readonly failure: string | null
}

export type Stage = 'idle' | 'opening' | 'drawing' | 'measuring'

export interface WorkState {
  readonly points: Readonly<Record<string, PointState>>
  readonly stage: Stage
  /** Of the judge's files. */
  readonly loading: { readonly loaded: number; readonly total: number } | null
  /** Until all have what is wanted now; null while nothing was drawn. */
  readonly millisecondsLeft: number | null
}

export interface WorkParts {
  readonly storage: LabStorage
  readonly engine: (model: Point['model']) => Pick<Engine, 'draw' | 'judge'>
  readonly open: (model: Point['model'], onProgress: (loaded: number, total: number) => void) => Promise<Opened>
  /** Images that the engine draws side by side. */
  readonly together: () => number
  /** Milliseconds, and those since 1970. */
  readonly now: () => number
  readonly date: () => number
  /** Hears of every measurement. */
  readonly onMeasured: (point: Point, measured: Measured, cost: Cost | null) => void
}

export interface PointWork {
  readonly store: Pick<StoreApi<WorkState>, 'getState' | 'getInitialState' | 'subscribe'>
  /** What is kept of points, measured, without drawing anything. */
  show(points: readonly Point[], want: (point: Point) => number, signal: AbortSignal): Promise<void>
  /** Draws until each point has so many images, and measures. Rejects with a sentence, or with the signal's reason. */
  run(points: readonly Point[], want: (point: Point) => number, signal: AbortSignal): Promise<void>
  /** What the first so many images of a point say. Rejects where it has fewer. */
  measured(point: Point, images: number): Promise<Measured>
}

interface Own {
  readonly judged: Judged[]
  pictures: readonly Uint8Array[]
  /** What drawing took, where all of it was drawn here: time, and rows of networks. */
  cost: Cost | null
}

const EMPTY: PointState = { have: 0, want: 0, sets: {}, pictures: [], failure: null }

/** What there is of points: their images, read once, and what was measured of them. */
class Held {
  readonly store = createStore<WorkState>(() => ({ points: {}, stage: 'idle', loading: null, millisecondsLeft: null }))
  readonly #own = new Map<string, Promise<Own>>()
  readonly #measured = new Map<string, Promise<Measured>>()

  constructor(private readonly parts: WorkParts) {}

  state({ key }: Pick<Point, 'key'>): PointState {
    return this.store.getState().points[key] ?? EMPTY
  }

  update(point: Pick<Point, 'key'>, change: Partial<PointState>): void {
    const { points } = this.store.getState()
    this.store.setState({ points: { ...points, [point.key]: { ...this.state(point), ...change } } })
  }

  own(point: Point): Promise<Own> {
    const there = this.#own.get(point.key)
    if (there) return there
    const read = readImages(this.parts.storage, point.key).then(({ judged, pictures }): Own => {
      this.update(point, { have: judged.length, pictures })
      return { judged: [...judged], pictures, cost: judged.length === 0 ? { milliseconds: 0, rows: 0 } : null }
    })
    this.#own.set(point.key, read)
    return read
  }

  measured(point: Point, images: number): Promise<Measured> {
    const name = `${point.key} ${images}`
    const there = this.#measured.get(name)
    if (there) return there
    const asked = this.#measure(point, images)
    this.#measured.set(name, asked)
    asked.catch(() => this.#measured.delete(name))
    return asked
  }

  async #measure(point: Point, images: number): Promise<Measured> {
    const own = await this.own(point)
    if (own.judged.length < images) throw new Error(`The point has ${own.judged.length} images, not ${images}.`)
    const { meter } = await this.parts.open(point.model, () => undefined)
    const [numbers] = await meter.measured([own.judged.slice(0, images)])
    if (!numbers) throw new Error('The worker that measures left a set out.')
    this.update(point, { sets: { ...this.state(point).sets, [images]: numbers } })
    this.parts.onMeasured(point, numbers, own.judged.length === images ? own.cost : null)
    return numbers
  }

  /** Measures what is due, one point after another; what came meanwhile is seen to as well. */
  async measureDue(points: readonly Point[], signal: AbortSignal): Promise<void> {
    for (;;) {
      const due = points.find((point) => {
        const { have, want, sets } = this.state(point)
        const images = milestone(have, want)
        return images > 0 && !sets[images]
      })
      if (!due || signal.aborted) return
      const { have, want } = this.state(due)
      await this.measured(due, milestone(have, want))
    }
  }
}

/** Draws and judges the next images of a point, and keeps them. */
async function drawTurn(held: Held, parts: WorkParts, point: Point, { from, count }: Turn, signal: AbortSignal) {
  const { storage, engine, open, together, now, date } = parts
  const own = await held.own(point)
  const { drawn, model } = point
  const { kit } = await open(model, () => undefined)
  const size = Math.max(1, together())
  for (let start = from; start < from + count; start += size) {
    const began = now()
    const asked = Array.from({ length: Math.min(size, from + count - start) }, (_, i) =>
      settingsOfImage(drawn, start + i, model.conditioning.classes.length),
    )
    const worker = engine(model)
    let rows = 0
    const samples = await worker.draw(asked, [], signal, ({ evaluated }) => (rows = evaluated))
    const images = samples.map(({ guided }) => guided)
    const judgements = await worker.judge(kit, images)
    signal.throwIfAborted()
    asked.forEach(({ class: label }, i) => {
      const judgement = judgements[i]
      if (!judgement) throw new Error('The judge left an image out.')
      own.judged.push({ index: start + i, asked: label, ...judgement })
    })
    const room = Math.max(0, SHOWN - own.pictures.length)
    own.pictures = [...own.pictures, ...images.slice(0, room).map((image) => Uint8Array.from(image, toByte))]
    if (own.cost) own.cost = { milliseconds: own.cost.milliseconds + now() - began, rows: own.cost.rows + rows }
    await keepImages(storage, point.key, own, start, date())
    held.update(point, { have: own.judged.length, pictures: own.pictures })
  }
}

/** Turn after turn until all have what is wanted; a point that fails is left out. Rejects where all of them do. */
async function drawAll(held: Held, parts: WorkParts, points: readonly Point[], signal: AbortSignal) {
  let busy: Promise<void> | null = null
  let [failure, drawn] = ['', 0]
  const began = parts.now()
  const measureInPassing = () => {
    busy ??= held.measureDue(points, signal).finally(() => {
      busy = null
    })
    // The last measurement meets the same fault and says so.
    busy.catch(() => undefined)
  }
  for (;;) {
    signal.throwIfAborted()
    const states = points.map((point) => ({ key: point.key, ...held.state(point) }))
    const turn = nextTurn(states.filter((state) => state.failure === null))
    if (!turn) break
    const point = points.find(({ key }) => key === turn.key)!
    try {
      await drawTurn(held, parts, point, turn, signal)
      drawn += turn.count
    } catch (error) {
      signal.throwIfAborted()
      failure = messageOf(error)
      held.update(point, { failure })
    }
    const left = states.reduce((sum, { want, have }) => sum + Math.max(0, want - have), -turn.count)
    if (drawn > 0) held.store.setState({ millisecondsLeft: ((parts.now() - began) / drawn) * left })
    measureInPassing()
  }
  if (points.every((point) => held.state(point).failure !== null)) throw new Error(failure)
  await busy
}

export function createPointWork(parts: WorkParts): PointWork {
  const held = new Held(parts)
  const { setState: patch } = held.store
  async function run(points: readonly Point[], want: (point: Point) => number, signal: AbortSignal) {
    const [first] = points
    if (!first) return
    patch({ stage: 'opening', millisecondsLeft: null })
    await parts.open(first.model, (loaded, total) => patch({ loading: { loaded, total } }))
    patch({ stage: 'drawing', loading: null })
    await Promise.all(points.map((point) => held.own(point)))
    for (const point of points) held.update(point, { want: want(point), failure: null })
    await drawAll(held, parts, points, signal)
    patch({ stage: 'measuring', millisecondsLeft: null })
    await held.measureDue(points, signal)
    signal.throwIfAborted()
  }
  return {
    store: held.store,
    measured: (point, images) => held.measured(point, images),
    show: async (points, want, signal) => {
      await Promise.all(points.map((point) => held.own(point)))
      for (const point of points) held.update(point, { want: want(point) })
      await held.measureDue(points, signal)
    },
    run: async (points, want, signal) => {
      try {
        await run(points, want, signal)
      } finally {
        patch({ stage: 'idle', loading: null, millisecondsLeft: null })
      }
    },
  }
}
