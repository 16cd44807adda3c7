/** Draws the same seeds at several guidance scales, has a feature network see the images, and measures as a paper does. Free of DOM. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { messageOf } from '../../../../../core/failure'
import { protocolById } from '../../../../../evaluation/features'
import type { FeatureProtocol } from '../../../../../evaluation/features/protocol'
import { estimateFrom, type Blocked, type Estimate, type Judged } from '../../../../../evaluation/metrics'
import { pairedEstimate } from '../../../../../evaluation/paired'
import { hashOfText } from '../../../../../lab/identity'
import type { LabStorage } from '../../../../../storage/lab'
import type { FeaturesClient } from '../../../../../worker/features/client'
import type { OpenedFeatures } from '../../../../../worker/features/messages'
import type { Engine } from '../../../../../worker/protocol'
import { settingsOfImage } from '../../../../judge/evaluate'
import { keepImages, readImages } from '../../judged/images'
import type { Point } from '../../judged/point'
import { resultRow } from './row'

export type Metric = Readonly<Record<string, Blocked | null>>

export interface PaperRow {
  readonly point: Point
  /** As the form has it. */
  readonly scale: string
  readonly have: number
  /** Null before it is measured. */
  readonly metrics: Metric | null
  /** The images behind them. */
  readonly measured: number
}

export interface OpenedNetwork extends OpenedFeatures {
  readonly protocol: FeatureProtocol
  readonly network: string
  readonly referenceName: string | null
}

export interface PaperState {
  readonly stage: 'idle' | 'opening' | 'drawing' | 'measuring'
  readonly opened: OpenedNetwork | null
  readonly rows: readonly PaperRow[]
  readonly wanted: number
  readonly millisecondsLeft: number | null
  readonly failure: string | null
}

export interface PaperParts {
  readonly client: FeaturesClient
  readonly storage: LabStorage
  readonly engine: (model: Point['model']) => Pick<Engine, 'draw' | 'decode'>
  /** Images that the engine draws side by side. */
  readonly together: () => number
  readonly now: () => number
  readonly date: () => number
}

export interface PaperDesk {
  readonly store: Pick<StoreApi<PaperState>, 'getState' | 'getInitialState' | 'subscribe'>
  open(network: File, protocol: string, reference: File | null): Promise<void>
  /** Goes on from what is kept of these points. */
  start(points: (judge: string) => readonly { readonly scale: string; readonly point: Point }[], images: number): void
  stop(): void
  /** Reference statistics of a row's images. Rejects with a sentence. */
  save(row: PaperRow): Promise<Uint8Array<ArrayBuffer>>
  dispose(): void
}

/** What stands in the place of the digest of a judge's weights. */
export const digestOf = ({ digest }: OpenedFeatures): string => hashOfText(digest)

export interface Told {
  readonly name: string
  readonly estimate: Estimate | null
  /** Less that of the first row, on the same seeds; null where they can't be compared yet. */
  readonly against: Estimate | null
}

/** A row's numbers beside those of the first. */
export function toldOf(row: PaperRow, first: PaperRow | undefined): readonly Told[] {
  return Object.entries(row.metrics ?? {}).map(([name, own]) => {
    const other = first && first !== row && first.measured === row.measured ? first.metrics?.[name] : null
    return { name, estimate: own && estimateFrom(own), against: own && other ? pairedEstimate(own, other) : null }
  })
}

interface Pictured {
  readonly image: Float32Array
  readonly height: number
  readonly width: number
}

function sizeOf([first]: readonly Pictured[]): Pick<Pictured, 'height' | 'width'> | null {
  return first ? { height: first.height, width: first.width } : null
}

const EMPTY: PaperState = { stage: 'idle', opened: null, rows: [], wanted: 0, millisecondsLeft: null, failure: null }

/** One drawing of rows, until it ends or is stopped. */
class Drawing {
  readonly #judged = new Map<string, Judged[]>()

  constructor(
    private readonly parts: PaperParts,
    private readonly store: StoreApi<PaperState>,
    private readonly signal: AbortSignal,
  ) {}

  #update(key: string, change: Partial<PaperRow>): void {
    const { rows } = this.store.getState()
    this.store.setState({ rows: rows.map((row) => (row.point.key === key ? { ...row, ...change } : row)) })
  }

  async run(images: number): Promise<void> {
    const { storage, together, now } = this.parts
    const points = [...new Map(this.store.getState().rows.map(({ point }) => [point.key, point])).values()]
    for (const { key } of points) {
      const own = [...(await readImages(storage, key)).judged]
      this.#judged.set(key, own)
      this.#update(key, { have: Math.min(images, own.length) })
    }
    const missing = () => points.reduce((sum, { key }) => sum + Math.max(0, images - this.#judged.get(key)!.length), 0)
    const [began, before] = [now(), missing()]
    for (let from = 0; from < images; from += together()) {
      for (const point of points) {
        this.signal.throwIfAborted()
        await this.#draw(point, from, Math.min(images, from + together()))
        const left = missing()
        if (left < before) this.store.setState({ millisecondsLeft: ((now() - began) / (before - left)) * left })
      }
    }
    this.store.setState({ stage: 'measuring', millisecondsLeft: null })
    for (const point of points) await this.#measure(point, images)
  }

  /** The images of a point up to `to`, as far as they are missing. */
  async #draw(point: Point, from: number, to: number): Promise<void> {
    const { client, storage, engine, date } = this.parts
    const { key, drawn, model } = point
    const own = this.#judged.get(key)!
    const start = Math.max(from, own.length)
    if (start >= to) return
    const asked = Array.from({ length: to - start }, (_, i) =>
      settingsOfImage(drawn, start + i, model.conditioning.classes.length),
    )
    const worker = engine(model)
    const samples = (await worker.draw(asked, [], this.signal)).map(({ guided }) => guided)
    // What people look at of latents is what a paper measures.
    const pictures: readonly Pictured[] = model.latent?.decoder
      ? await worker.decode(samples)
      : samples.map((image) => ({ ...model.image, image }))
    const size = { ...model.image, channels: model.latent?.decoder ? 3 : model.image.channels, ...sizeOf(pictures) }
    const features = await client.see(
      pictures.map(({ image }) => image),
      size,
    )
    this.signal.throwIfAborted()
    features.forEach((of, i) => own.push({ index: start + i, asked: asked[i]!.class, seen: -1, features: of }))
    await keepImages(storage, key, { judged: own, pictures: [] }, start, date())
    this.#update(key, { have: own.length })
  }

  async #measure(point: Point, images: number): Promise<void> {
    const { client, storage, date } = this.parts
    const { opened } = this.store.getState()
    if (!opened?.reference) return
    const set = this.#judged.get(point.key)!.slice(0, images)
    const [metrics] = await client.measure([set.map(({ features }) => features)])
    this.signal.throwIfAborted()
    if (!metrics) throw new Error('The worker of the feature network left a set out.')
    this.#update(point.key, { metrics, measured: images })
    const scale = this.store.getState().rows.find((row) => row.point.key === point.key)?.scale ?? ''
    const value = resultRow({ point, scale, metrics, images, judge: digestOf(opened), made: date() })
    await storage.put({ results: [{ id: `${point.key} ${opened.referenceName ?? ''}`, made: date(), value }] })
  }

  features(key: string): readonly Float32Array[] {
    return (this.#judged.get(key) ?? []).map(({ features }) => features)
  }
}

export function createPaperDesk(parts: PaperParts): PaperDesk {
  const store = createStore<PaperState>(() => EMPTY)
  const { getState: get, setState: patch } = store
  let running: AbortController | null = null

  async function during(signal: AbortSignal, task: () => Promise<void>) {
    try {
      await task()
    } catch (error) {
      if (!signal.aborted) patch({ failure: messageOf(error) })
    }
    if (!signal.aborted) patch({ stage: 'idle', millisecondsLeft: null })
  }
  function begin(stage: PaperState['stage']): AbortSignal {
    running?.abort(new Error('stopped'))
    running = new AbortController()
    patch({ stage, failure: null, millisecondsLeft: null })
    return running.signal
  }

  return {
    store,
    open: (network, id, reference) => {
      const signal = begin('opening')
      const protocol = protocolById(id)
      patch({ opened: null, rows: [] })
      return during(signal, async () => {
        if (!protocol) throw new Error(`There is no protocol ${id}.`)
        const opened = await parts.client.open(network, id, reference)
        if (!signal.aborted)
          patch({ opened: { ...opened, protocol, network: network.name, referenceName: reference?.name ?? null } })
      })
    },
    start: (pointsOf, images) => {
      const { opened } = get()
      if (!opened) return
      const signal = begin('drawing')
      const rows = pointsOf(digestOf(opened)).map((row): PaperRow => ({ ...row, have: 0, metrics: null, measured: 0 }))
      patch({ rows, wanted: images })
      void during(signal, () => new Drawing(parts, store, signal).run(images))
    },
    stop: () => {
      running?.abort(new Error('stopped'))
      running = null
      patch({ stage: 'idle', millisecondsLeft: null })
    },
    save: async ({ point, have }) => {
      const { judged } = await readImages(parts.storage, point.key)
      return parts.client.save(judged.slice(0, have).map(({ features }) => features))
    },
    dispose: () => {
      running?.abort(new Error('the room was closed'))
      parts.client.dispose()
    },
  }
}
