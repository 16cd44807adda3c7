/** Draws a grid in the background, batch after batch, and keeps what it drew: it is paused, goes on, also after a reload, or is given up. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { messageOf } from '../../../../../core/failure'
import type { ModelInfo } from '../../../../../model/types'
import type { RowCount } from '../../../../../sampling/alike'
import type { Lab, LabState } from '../../lab'
import { keptPictures, type LabPicture, pictureOf } from '../../pictures'
import { forgetGrid, type GridJob, keepGrid, keptGrid } from './jobs'
import { batchesOf, pictured, type ReadyCell, type ReadyPlan } from './plan'

export interface DrawingState {
  /** What is drawing goes on as soon as the lab is seen again. */
  readonly state: 'looking' | 'idle' | 'drawing' | 'paused' | 'failed' | 'done'
  /** The grid that is meant. */
  readonly plan: ReadyPlan | null
  readonly pictures: Pictures
  /** Cells that could not be drawn, and why. */
  readonly failures: ReadonlyMap<string, string>
  /** Cells that are being drawn. */
  readonly under: ReadonlySet<string>
  /** Pictures that there are to be, and those that lay in the browser before. */
  readonly total: number
  readonly before: number
  /** Rows of the network, of all batches so far. */
  readonly rows: RowCount
  readonly millisecondsLeft: number | null
  /** Why nothing more is drawn. */
  readonly message: string | null
}

const NOTHING: DrawingState = {
  state: 'idle',
  plan: null,
  pictures: new Map(),
  failures: new Map(),
  under: new Set(),
  total: 0,
  before: 0,
  rows: { asked: 0, evaluated: 0 },
  millisecondsLeft: null,
  message: null,
}

export interface Drawing {
  readonly store: Pick<StoreApi<DrawingState>, 'getState' | 'getInitialState' | 'subscribe'>
  /** Another grid is meant: the one under way is paused. One that was drawing when the page was left goes on. */
  mean(plan: ReadyPlan, hash: string, title: string): Promise<void>
  /** Draws what is missing. */
  go(): void
  pause(): void
  /** Gives the grid up; the pictures that there are stay in the browser. */
  cancel(): void
  /** Whether the lab is seen: while it is not, nothing is drawn. */
  show(shown: boolean): void
  dispose(): void
}

const sum = (a: RowCount, b: RowCount): RowCount => ({ asked: a.asked + b.asked, evaluated: a.evaluated + b.evaluated })

interface Parts extends Pick<Lab, 'engine' | 'storage' | 'now'> {
  readonly port: Pick<Lab['port'], 'models'>
  readonly store: { getState(): Pick<LabState, 'engine'> }
}

interface Job {
  readonly hash: string
  readonly title: string
}

type Pictures = ReadonlyMap<string, LabPicture>

/** Draws cells until all are there, one batch after another, each of which `keep` keeps. Rejects with what ended it. */
function createPen(lab: Parts, get: Get, patch: Patch, keep: (came: Pictures) => Promise<void>) {
  const modelOf = ({ settings }: ReadyCell): ModelInfo => {
    const model = lab.port.models.find(({ id }) => id === settings.model)
    if (!model) throw new Error(`The model ${settings.model} is no longer here.`)
    return model
  }

  async function draw(batch: readonly ReadyCell[], signal: AbortSignal): Promise<void> {
    const [first] = batch
    if (!first) return
    const model = modelOf(first)
    const engine = lab.engine(model)
    const before = get().rows
    const told = (rows: RowCount) => !signal.aborted && patch({ rows: sum(before, rows) })
    patch({ under: new Set(batch.map(({ id }) => id)) })
    try {
      const samples = await engine.draw(
        batch.map(({ settings }) => settings),
        [],
        signal,
        told,
      )
      const drawn = await Promise.all(samples.map(({ guided }) => pictureOf(guided, model, engine)))
      signal.throwIfAborted()
      const pictures = new Map(batch.flatMap(({ id }, i) => (drawn[i] ? [[id, drawn[i]] as const] : [])))
      patch({ pictures: new Map([...get().pictures, ...pictures]) })
      await keep(pictures)
    } catch (error) {
      // What was under way is not among the pictures.
      patch({ rows: before })
      throw error
    }
  }

  /** One that fails may have failed for one of its cells alone. */
  async function drawOrSay(batch: readonly ReadyCell[], signal: AbortSignal): Promise<void> {
    try {
      await draw(batch, signal)
    } catch (error) {
      if (signal.aborted || lab.store.getState().engine.kind === 'failed') throw error
      const [only, another] = batch
      if (another) for (const cell of batch) await drawOrSay([cell], signal)
      else if (only) patch({ failures: new Map([...get().failures, [only.id, messageOf(error)]]) })
    }
  }

  return async (cells: readonly ReadyCell[], signal: AbortSignal) => {
    const began = lab.now()
    let done = 0
    for (const batch of batchesOf(cells)) {
      await drawOrSay(batch, signal)
      done += batch.length
      patch({ millisecondsLeft: ((lab.now() - began) / done) * (cells.length - done) })
    }
  }
}

const OVER = new Error('the drawing was stopped')

type Get = () => DrawingState
type Patch = (change: Partial<DrawingState>) => void

/** Begins, goes on and stops, and writes down how far it is. */
function createWork(lab: Parts, get: Get, patch: Patch) {
  const pen = createPen(lab, get, patch, (came) => keep('drawing', came))
  let job: Job | null = null
  let stopped = new AbortController()
  let shown = true

  async function keep(state: GridJob['state'], came: Pictures = new Map()): Promise<void> {
    const { plan, pictures, total, rows } = get()
    if (plan && job)
      await keepGrid(lab.storage, plan.id, { kind: 'grid', state, ...job, done: pictures.size, total, rows }, came)
  }

  function stop() {
    stopped.abort(OVER)
    stopped = new AbortController()
    patch({ under: new Set(), millisecondsLeft: null })
  }

  async function go() {
    const { plan, pictures, state } = get()
    if (!plan || state === 'looking') return
    stop()
    patch({ state: 'drawing', failures: new Map(), message: null })
    if (!shown) return
    const { signal } = stopped
    try {
      await keep('drawing')
      const missing = pictured(plan.cells).filter(({ id }) => !pictures.has(id))
      await pen(missing, signal)
      if (signal.aborted) return
      patch({ state: 'done', under: new Set(), millisecondsLeft: null })
      await forgetGrid(lab.storage, plan.id)
    } catch (error) {
      if (signal.aborted) return
      patch({ state: 'failed', under: new Set(), millisecondsLeft: null, message: messageOf(error) })
      await keep('paused')
    }
  }

  return {
    go,
    stop,
    pause: () => {
      if (get().state !== 'drawing') return
      stop()
      patch({ state: 'paused' })
      void keep('paused')
    },
    show: (next: boolean) => {
      const back = next && !shown
      shown = next
      if (!shown && get().state === 'drawing') stop()
      if (back && get().state === 'drawing') void go()
    },
    /** What the grid is called in what is kept. */
    name: (next: Job) => {
      job = next
    },
  }
}

export function createDrawing(lab: Parts): Drawing {
  const store = createStore<DrawingState>(() => NOTHING)
  const { getState: get, setState: patch } = store
  const work = createWork(lab, get, patch)
  let asked = 0
  return {
    store,
    go: () => void work.go(),
    pause: work.pause,
    show: work.show,
    mean: async (plan, hash, title) => {
      if (get().plan?.id === plan.id) return
      work.pause()
      const mine = ++asked
      work.name({ hash, title })
      const ids = pictured(plan.cells).map(({ id }) => id)
      patch({ ...NOTHING, state: 'looking', plan, total: ids.length })
      const [known, pictures] = await Promise.all([keptGrid(lab.storage, plan.id), keptPictures(lab.storage, ids)])
      if (mine !== asked) return
      const whole = pictures.size === ids.length
      patch({
        pictures,
        before: pictures.size,
        rows: known?.rows ?? NOTHING.rows,
        state: whole ? 'done' : known ? 'paused' : 'idle',
      })
      if (known?.state === 'drawing' && !whole) void work.go()
    },
    cancel: () => {
      work.stop()
      const { plan } = get()
      patch({ state: 'idle', failures: new Map(), message: null })
      if (plan) void forgetGrid(lab.storage, plan.id)
    },
    dispose: () => {
      asked++
      work.stop()
    },
  }
}
