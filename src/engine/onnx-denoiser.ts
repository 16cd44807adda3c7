/**
 * The denoiser of one network at one size, over any ONNX Runtime: attention controls are inputs of the rewritten graph, batches
 * are cut to what a run takes, and the preconditioning is applied on the host. Free of DOM and of node; the caller brings the
 * runtime.
 */
import type { InferenceSession } from 'onnxruntime-web'
import type { Embeddings } from '../model/embeddings'
import type { AttentionProbe, AttentionReading, Denoiser, DenoiserRow, ModelInfo } from '../model/types'
import { isShared } from '../model/input'
import { mapNames, type TokenGrid } from '../network/controls/types'
import { EMBEDDING_OFFSET } from '../network/handles/types'
import { parseModel } from '../network/onnx'
import type { Rewrite } from '../network/rewrite'
import { readWeights, type Weights } from '../network/weights'
import { batchInvariant } from './batch-invariance'
import type { HeldNetwork, Holdable } from './held'
import { imageMap, imageReceived } from './image-part'
import { denoisedOf, offsetWidth, type RowShape } from './row-batch'
import { Runs, withoutImage } from './runs'
import { floats, type Runtime, type Tensors } from './runtime'
import { serialQueue } from './serial-queue'
import { SessionPool, type ToldOptions } from './session-pool'

export interface OnnxDenoiserOptions {
  readonly model: ModelInfo
  /** An ONNX file of this model's family, as shipped. */
  readonly graph: Uint8Array
  /** The graph's external data as shipped, or weights that were prepared for it. */
  readonly weights: Uint8Array | Weights
  /** Size of the images that the graph takes; default that of the model. The layers' token grids scale with it. */
  readonly size?: { readonly height: number; readonly width: number }
  /** Of a model whose condition is a text. */
  readonly embeddings?: Embeddings
  /** Heads of its attention layers, in graph order; default those of the model's layers. */
  readonly heads?: readonly number[]
  readonly runtime: Runtime
  readonly sessionOptions?: InferenceSession.SessionOptions
  /**
   * `dynamic`: one session for every batch size (CPU, WASM). `static`: the batch size is baked in, so that a GPU can replay a
   * captured graph: every run has exactly `maxRows` rows, filled up where fewer are asked for. At most `sessions` sessions
   * (plain, of each set of features, with the map of a layer) are kept; the least recently used goes.
   */
  readonly batch: { readonly kind: 'dynamic' } | { readonly kind: 'static'; readonly sessions: number }
  /** Largest batch of one run; longer ones are split, evenly where the batch is dynamic. */
  readonly maxRows: number
  /** Of so many rows, what each of the runs takes that go on at the same time. Default: one run takes all. */
  readonly share?: (rows: number) => readonly number[]
  /** Runs a session, as which of the runs of its round; by default the session's own `run`. Feeds and results are in CPU memory. */
  readonly runSession?: (session: InferenceSession, feeds: Tensors, lane: number) => Promise<Tensors>
  /** Runs each creation, run and release of a session alone, where the runtime needs that across denoisers. */
  readonly exclusive?: <T>(task: () => Promise<T>) => Promise<T>
  /** `open` spells attention out where the fused node is wrong or missing. Default `fused`. */
  readonly form?: 'fused' | 'open'
  /** What makes fewer nodes of a graph of a fixed number of rows; of a model whose golden output proves them. Default none. */
  readonly rewrites?: readonly Rewrite[]
  /** Graphs have no more of mix and blur than a batch needs, at a session for each extent. Default false. */
  readonly lean?: boolean
  /** Another runtime, on the processor, computes once what rows are told, and sessions of a fixed number of rows take that. Default: they compute it each time. */
  readonly told?: Pick<ToldOptions, 'runtime' | 'sessionOptions'>
}

/** Sessions of a dynamic denoiser: the plain one, those of a few methods, and one or two for maps. */
const DYNAMIC_SESSIONS = 6

const ownRun = (session: InferenceSession, feeds: Tensors) => session.run(feeds) as Promise<Tensors>

/** One run takes all rows. */
const ONE_RUN = (rows: number) => [rows]

/** Receives what one run gave: the denoised image of each of its rows, their places, and the run's outputs. */
type OnRun = (denoised: readonly Float32Array[], places: readonly number[], outputs: Tensors) => void

export class OnnxDenoiser implements Denoiser, AttentionProbe, Holdable {
  readonly model: ModelInfo
  readonly #options: OnnxDenoiserOptions
  readonly #shape: RowShape
  readonly #grids: readonly TokenGrid[]
  readonly #exclusive: <T>(task: () => Promise<T>) => Promise<T>
  /** Whole evaluations take turns, so that a session is never released under a run. */
  readonly #inTurn = serialQueue()
  readonly #sessions: SessionPool
  readonly #cut: Runs
  #disposed = false
  #rows = 0
  #runs = 0

  /** Parses and checks the graph; sessions are created when first needed. Throws GraphError, RangeError for a size that no grid fits. */
  constructor(options: OnnxDenoiserOptions) {
    const { model, weights, size = model.image, batch } = options
    const graph = parseModel(options.graph)
    this.#options = options
    this.model = model
    const image = { channels: model.image.channels, height: size.height, width: size.width }
    this.#shape = { model, image, offsetWidth: offsetWidth(graph), embeddings: options.embeddings ?? null }
    this.#grids = model.layers.map((layer) => scaledGrid(layer, model.image, size))
    this.#exclusive = options.exclusive ?? serialQueue()
    this.#sessions = new SessionPool({
      model,
      graph: options.graph,
      weights: weights instanceof Uint8Array ? readWeights(graph, weights) : weights,
      grids: this.#grids,
      heads: options.heads,
      form: options.form ?? 'fused',
      rewrites: (model.golden && options.rewrites) ?? [],
      runtime: options.runtime,
      sessionOptions: options.sessionOptions,
      told: options.told && !model.inputs.some(isShared) ? { ...options.told, inputs: toldInputs(model) } : null,
      limit: batch.kind === 'static' ? batch.sessions : DYNAMIC_SESSIONS,
      exclusive: this.#exclusive,
    })
    const fixed = model.fixedRows ?? (batch.kind === 'static' ? options.maxRows : null)
    const { runtime, maxRows, share = ONE_RUN, lean = false } = options
    const [shape, sessions] = [this.#shape, this.#sessions]
    this.#cut = new Runs({ shape, sessions, runtime, fixed, maxRows, share, lean })
  }

  /** Rows asked for and runs so far. */
  get counts(): { readonly rows: number; readonly runs: number } {
    return { rows: this.#rows, runs: this.#runs }
  }

  /**
   * Rejects with RangeError for rows of the wrong size or controls outside their range, GraphError for an unreadable graph or a
   * block that can't be skipped, and with what the runtime rejects with.
   */
  evaluate(rows: readonly DenoiserRow[]): Promise<Float32Array[]> {
    return this.held((own) => own.evaluate(rows))
  }

  held<T>(task: (own: HeldNetwork) => Promise<T>): Promise<T> {
    const own = { runs: this.#cut, evaluate: this.#plainly.bind(this), count: this.#count.bind(this) }
    return this.#inTurn(() => task(own))
  }

  async #plainly(rows: readonly DenoiserRow[]): Promise<Float32Array[]> {
    const all: Float32Array[] = Array.from({ length: rows.length })
    await this.#run(rows, null, (denoised, places) => {
      for (const [i, place] of places.entries()) all[place] = denoised[i]!
    })
    return all
  }

  /** The same with the map of one layer, and what its tokens receive; builds that layer's attention in the open form. */
  readAttention(rows: readonly DenoiserRow[], layer: number): Promise<AttentionReading[]> {
    return this.#inTurn(async () => {
      const grid = this.#grids[layer]
      if (!grid) throw new RangeError(`there is no attention layer ${layer}`)
      const found = this.model.brought?.maps?.[layer]
      if (found && found.windows > 1)
        throw new RangeError(`attention layer ${layer} looks in windows, so it has no map of the whole image`)
      const { queries, keys } = found ?? { queries: grid.height * grid.width, keys: grid.height * grid.width }
      const names = mapNames(layer)
      const readings: AttentionReading[] = Array.from({ length: rows.length })
      await this.#run(rows, layer, (denoised, places, outputs) => {
        const maps = floats(outputs, names.map)
        const received = floats(outputs, names.received)
        const size = queries * keys
        // The network's own number of heads.
        const each = (received.length / maps.length) * size
        for (const [i, place] of places.entries()) {
          const map = maps.slice(i * size, (i + 1) * size)
          const own = received.slice(i * each, (i + 1) * each)
          readings[place] = {
            denoised: denoised[i]!,
            map: found ? imageMap(map, found) : map,
            received: found ? imageReceived(own, found) : own,
          }
        }
      })
      return readings
    })
  }

  async attentionMaps(rows: readonly DenoiserRow[], layer: number): Promise<Float32Array[]> {
    return (await this.readAttention(rows, layer)).map(({ map }) => map)
  }

  /** Whether a row's result is the same to the bit in every batch: then results of different batches may be mixed. */
  batchInvariant(pause?: () => Promise<void>): Promise<boolean> {
    return batchInvariant((rows) => this.evaluate(rows), this.model, this.#shape.image, pause)
  }

  /** Releases all sessions, after what is under way. Later evaluations reject. */
  dispose(): Promise<void> {
    return this.#inTurn(() => {
      this.#disposed = true
      return this.#sessions.release()
    })
  }

  async #run(rows: readonly DenoiserRow[], map: number | null, onRun: OnRun): Promise<void> {
    if (this.#disposed) throw new Error('this denoiser was disposed')
    this.#cut.check(rows)
    const { runSession = ownRun } = this.#options
    for (const alike of this.#cut.cut(rows, map)) {
      const pooled = await this.#cut.session(alike)
      for (const round of alike.rounds)
        await Promise.all(
          round.map(async (part, lane) => {
            if (part.length === 0) return
            const asked = part.map((place) => rows[place]!)
            const batch = this.#cut.filled(asked)
            const feeds = await this.#cut.feedsOf(batch, alike, pooled)
            const outputs = await this.#exclusive(() => runSession(pooled.session, feeds, lane))
            this.#count(part.length, 1)
            const output = floats(outputs, this.model.output.name)
            onRun(denoisedOf(asked, output, batch.length, this.#shape), part, outputs)
          }),
        )
    }
  }

  #count(rows: number, runs: number): void {
    this.#rows += rows
    this.#runs += runs
  }
}

/** Inputs that say nothing of the image. */
const toldInputs = (model: ModelInfo) => [...withoutImage(model).inputs.map(({ name }) => name), EMBEDDING_OFFSET]

/** The grid of a layer on images of another size. */
function scaledGrid(layer: TokenGrid & { readonly name: string }, image: TokenGrid, size: TokenGrid): TokenGrid {
  const height = (layer.height * size.height) / image.height
  const width = (layer.width * size.width) / image.width
  if (!Number.isInteger(height) || !Number.isInteger(width)) {
    throw new RangeError(`images of ${size.height} × ${size.width} give ${layer.name} no whole number of tokens`)
  }
  return { height, width }
}
