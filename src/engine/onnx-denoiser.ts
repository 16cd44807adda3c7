/**
 * The denoiser of one network at one size, over any ONNX Runtime: rewrites the model's graph so that attention controls are inputs, keeps the few
 * sessions that are needed, assembles batches, and applies the preconditioning on the host. Free of DOM and of node; the
 * caller brings the runtime (onnxruntime-node and onnxruntime-web share the API of onnxruntime-common).
 */
import type { InferenceSession, InferenceSessionFactory, TensorConstructor, Tensor } from 'onnxruntime-web'
import { normals } from '../core/random'
import { ControlInputs, type TensorData } from '../network/controls/inputs'
import { featuresOf } from '../network/controls/complete'
import { insertControls } from '../network/controls/insert'
import { mapNames, type ControlledLayer, type Feature, type TokenGrid } from '../network/controls/types'
import { GraphError, declaredShape, parseModel, serializeModel, type ModelProto } from '../network/onnx'
import { WEIGHTS_PATH, attachWeights, readWeights, type Weights } from '../network/weights'
import { edmPreconditioning, type Preconditioning } from './preconditioning'
import { serialQueue } from './serial-queue'
import type { AttentionProbe, AttentionReading, Denoiser, DenoiserRow, ModelInfo } from '../model/types'

/** The part of an ONNX Runtime package that is used. */
export interface Runtime {
  readonly InferenceSession: InferenceSessionFactory
  readonly Tensor: TensorConstructor
}

export type Tensors = Readonly<Record<string, Tensor>>

export interface OnnxDenoiserOptions {
  readonly model: ModelInfo
  /** An ONNX file of this model's family, as shipped. */
  readonly graph: Uint8Array
  /** The graph's external data as shipped, or weights that were prepared for it. */
  readonly weights: Uint8Array | Weights
  /** Size of the images that the graph takes; default that of the model. The layers' token grids scale with it. */
  readonly size?: { readonly height: number; readonly width: number }
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
  /** Runs a session; by default the session's own `run`. Feeds and results are in CPU memory. */
  readonly runSession?: (session: InferenceSession, feeds: Tensors) => Promise<Tensors>
  /** Runs each creation, run and release of a session alone, where the runtime needs that across denoisers. */
  readonly exclusive?: <T>(task: () => Promise<T>) => Promise<T>
  /** `open` spells attention out where the fused node is wrong or missing. Default `fused`. */
  readonly form?: 'fused' | 'open'
}

/** What a session was built for. */
interface Variant {
  readonly rows: number | 'dynamic'
  readonly features: readonly Feature[]
  readonly map: number | null
}

const OUTPUT = 'prediction'
const OFFSET = 'embedding_offset'
/** Sessions of a dynamic denoiser: the plain one, those of a few methods, and one or two for maps. */
const DYNAMIC_SESSIONS = 6

export class OnnxDenoiser implements Denoiser, AttentionProbe {
  readonly model: ModelInfo
  readonly #options: OnnxDenoiserOptions
  readonly #weights: Weights
  readonly #image: ModelInfo['image']
  readonly #grids: readonly TokenGrid[]
  /** Width of the graph's input for offsets of the embedding; null where it has none. */
  readonly #offsetWidth: number | null
  readonly #exclusive: <T>(task: () => Promise<T>) => Promise<T>
  /** Whole evaluations take turns, so that a session is never released under a run. */
  readonly #inTurn = serialQueue()
  readonly #sessions = new Map<string, InferenceSession>()
  #controls: ControlInputs | null = null
  #disposed = false
  #rows = 0
  #runs = 0

  /** Parses and checks the graph; sessions are created when first needed. Throws GraphError, RangeError for a size that no grid fits. */
  constructor(options: OnnxDenoiserOptions) {
    const { model, weights, size = model.image } = options
    const graph = parseModel(options.graph)
    this.#options = options
    this.model = model
    this.#weights = weights instanceof Uint8Array ? readWeights(graph, weights) : weights
    this.#image = { channels: model.image.channels, height: size.height, width: size.width }
    this.#grids = model.layers.map((layer) => scaledGrid(layer, model.image, size))
    this.#offsetWidth = offsetWidth(graph)
    this.#exclusive = options.exclusive ?? serialQueue()
  }

  /** Rows asked for and runs so far. */
  get counts(): { readonly rows: number; readonly runs: number } {
    return { rows: this.#rows, runs: this.#runs }
  }

  /** The rewritten graph of a variant, and its layers. */
  #build(variant: Variant): { readonly bytes: Uint8Array; readonly layers: readonly ControlledLayer[] } {
    const graph = parseModel(this.#options.graph)
    attachWeights(graph, this.#weights)
    const layers = insertControls(graph, { ...variant, grids: this.#grids, form: this.#options.form ?? 'fused' })
    for (const { index, heads } of layers) {
      const layer = this.model.layers[index]!
      const told = this.#options.heads?.[index] ?? layer.heads
      if (heads !== told)
        throw new GraphError(`layer ${index} (${layer.name}) has ${heads} heads, not ${told} as the manifest says`)
    }
    return { bytes: serializeModel(graph), layers }
  }

  async #session(variant: Variant): Promise<{ readonly session: InferenceSession; readonly controls: ControlInputs }> {
    const key = `${variant.rows} ${variant.features.join('+')} ${variant.map}`
    const known = this.#sessions.get(key)
    if (known && this.#controls) {
      this.#sessions.delete(key)
      this.#sessions.set(key, known)
      return { session: known, controls: this.#controls }
    }
    const { bytes, layers } = this.#build(variant)
    this.#controls ??= new ControlInputs(layers)
    const session = await this.#exclusive(() =>
      this.#options.runtime.InferenceSession.create(bytes, {
        ...this.#options.sessionOptions,
        // A graph may hold all its weights itself; the runtimes refuse an empty file.
        ...(this.#weights.data.byteLength > 0 && { externalData: [{ path: WEIGHTS_PATH, data: this.#weights.data }] }),
      }),
    )
    this.#sessions.set(key, session)
    const limit = this.#options.batch.kind === 'static' ? this.#options.batch.sessions : DYNAMIC_SESSIONS
    for (const [oldest, old] of this.#sessions) {
      if (this.#sessions.size <= limit) break
      this.#sessions.delete(oldest)
      await this.#exclusive(() => old.release())
    }
    return { session, controls: this.#controls }
  }

  #check(rows: readonly DenoiserRow[]): void {
    if (this.#disposed) throw new Error('this denoiser was disposed')
    const { channels, height, width } = this.#image
    const classes = this.model.conditioning.classes.length
    for (const { x, classWeights, embeddingOffset } of rows) {
      if (x.length !== channels * height * width) {
        throw new RangeError(
          `x has ${x.length} values; an image of ${this.model.id} has ${channels * height * width} (${channels} × ${height} × ${width})`,
        )
      }
      if (classWeights.length !== classes) {
        throw new RangeError(`there are ${classWeights.length} class weights for ${classes} classes`)
      }
      if (!embeddingOffset) continue
      if (this.#offsetWidth === null) {
        throw new RangeError(
          `this network of ${this.model.id} has no input ${OFFSET}, so its embedding can't be offset`,
        )
      }
      if (embeddingOffset.length !== this.#offsetWidth) {
        throw new RangeError(
          `an embedding offset has ${embeddingOffset.length} values; the embedding has ${this.#offsetWidth}`,
        )
      }
    }
  }

  /**
   * Cuts rows into runs, and calls `each` with a run's outputs, the denoised image of each of its rows, and their places.
   * Rows that need different features run apart: each graph rounds differently, and what a row gives must not depend on its
   * company.
   */
  async #run(
    rows: readonly DenoiserRow[],
    map: number | null,
    each: (denoised: readonly Float32Array[], places: readonly number[], outputs: Tensors) => void,
  ): Promise<void> {
    this.#check(rows)
    const groups = new Map<string, { readonly features: readonly Feature[]; readonly places: number[] }>()
    for (const [place, { attention }] of rows.entries()) {
      const features = featuresOf(attention)
      const group = groups.get(features.join())
      if (group) group.places.push(place)
      else groups.set(features.join(), { features, places: [place] })
    }
    const { batch: shape, maxRows } = this.#options
    for (const { features, places } of groups.values()) {
      const length = shape.kind === 'static' ? maxRows : Math.ceil(places.length / Math.ceil(places.length / maxRows))
      for (let start = 0; start < places.length; start += length) {
        const part = places.slice(start, start + length)
        const fill = shape.kind === 'static' ? length - part.length : 0
        const batch = [...part, ...Array<number>(fill).fill(part.at(-1)!)].map((i) => rows[i]!)
        const scaling = batch.map((row) => this.#preconditioning(row))
        const { session, controls } = await this.#session({
          rows: shape.kind === 'static' ? length : 'dynamic',
          features,
          map,
        })
        const feeds = this.#feeds(batch, scaling, controls, features)
        const run =
          this.#options.runSession ??
          ((target: InferenceSession, inputs: Tensors) => target.run(inputs) as Promise<Tensors>)
        const outputs = await this.#exclusive(() => run(session, feeds))
        this.#rows += part.length
        this.#runs += 1
        const prediction = floats(outputs, OUTPUT)
        const denoised = part.map((place, i) => {
          const { x } = rows[place]!
          const { skip, out } = scaling[i]!
          return x.map((value, j) => skip * value + out * prediction[i * x.length + j]!)
        })
        each(denoised, part, outputs)
      }
    }
  }

  /** That of the row's σ, with the noise level that the network is told. */
  #preconditioning({ sigma, toldSigma = sigma }: DenoiserRow): Preconditioning {
    const { sigmaData } = this.model.preconditioning
    return { ...edmPreconditioning(sigma, sigmaData), noise: edmPreconditioning(toldSigma, sigmaData).noise }
  }

  #feeds(
    batch: readonly DenoiserRow[],
    scaling: readonly Preconditioning[],
    controls: ControlInputs,
    features: readonly Feature[],
  ): Tensors {
    const { channels, height, width } = this.#image
    const size = channels * height * width
    const classes = this.model.conditioning.classes.length
    const x = new Float32Array(batch.length * size)
    const classWeights = new Float32Array(batch.length * classes)
    const offset = new Float32Array(batch.length * (this.#offsetWidth ?? 0))
    for (const [i, row] of batch.entries()) {
      const factor = scaling[i]!.in
      for (let j = 0; j < size; j++) x[i * size + j] = row.x[j]! * factor
      classWeights.set(row.classWeights, i * classes)
      if (row.embeddingOffset) offset.set(row.embeddingOffset, i * row.embeddingOffset.length)
    }
    const data: Record<string, TensorData> = {
      x: { data: x, dims: [batch.length, channels, height, width] },
      noise_level: { data: Float32Array.from(scaling, ({ noise }) => noise), dims: [batch.length] },
      class_weights: { data: classWeights, dims: [batch.length, classes] },
      ...(this.#offsetWidth !== null && { [OFFSET]: { data: offset, dims: [batch.length, this.#offsetWidth] } }),
      ...controls.feeds(
        batch.map(({ attention }) => attention),
        features,
      ),
    }
    const { Tensor } = this.#options.runtime
    return Object.fromEntries(
      Object.entries(data).map(([name, { data: values, dims }]) => [name, new Tensor('float32', values, dims)]),
    )
  }

  /**
   * Rejects with RangeError for rows of the wrong size or controls outside their range, GraphError for an unreadable graph or a
   * block that can't be skipped, and with what the runtime rejects with.
   */
  evaluate(rows: readonly DenoiserRow[]): Promise<Float32Array[]> {
    return this.#inTurn(async () => {
      const all: Float32Array[] = Array.from({ length: rows.length })
      await this.#run(rows, null, (denoised, places) => {
        for (const [i, place] of places.entries()) all[place] = denoised[i]!
      })
      return all
    })
  }

  /** The same with the map of one layer, and what its tokens receive; builds that layer's attention in the open form. */
  readAttention(rows: readonly DenoiserRow[], layer: number): Promise<AttentionReading[]> {
    return this.#inTurn(async () => {
      const grid = this.#grids[layer]
      if (!grid) throw new RangeError(`there is no attention layer ${layer}`)
      const tokens = grid.height * grid.width
      const names = mapNames(layer)
      const readings: AttentionReading[] = Array.from({ length: rows.length })
      await this.#run(rows, layer, (denoised, places, outputs) => {
        const maps = floats(outputs, names.map)
        const received = floats(outputs, names.received)
        const size = tokens ** 2
        // The network's own number of heads.
        const each = (received.length / maps.length) * size
        for (const [i, place] of places.entries()) {
          readings[place] = {
            denoised: denoised[i]!,
            map: maps.slice(i * size, (i + 1) * size),
            received: received.slice(i * each, (i + 1) * each),
          }
        }
      })
      return readings
    })
  }

  async attentionMaps(rows: readonly DenoiserRow[], layer: number): Promise<Float32Array[]> {
    return (await this.readAttention(rows, layer)).map(({ map }) => map)
  }

  /**
   * Whether a row's result is the same to the bit alone and in batches of 2, 4 and 8, at every place: then results of
   * different batches may be mixed. Rows differ in noise, noise level, class and controls.
   */
  async batchInvariant(): Promise<boolean> {
    const { channels, height, width } = this.#image
    const classes = this.model.conditioning.classes.length
    const rows = [0.05, 0.6, 4, 60].map((sigma, i): DenoiserRow => {
      const classWeights = new Float32Array(classes)
      classWeights[i % classes] = 1
      return {
        x: normals(1, i, channels * height * width).map(
          (value) => value * Math.hypot(sigma, this.model.preconditioning.sigmaData),
        ),
        sigma,
        classWeights,
        attention:
          i % 2 === 0
            ? null
            : this.model.layers.map(({ index }) => (index % 2 === 0 ? { mix: 0.5 } : { querySigma: 1 })),
      }
    })
    const all = await this.evaluate(rows)
    const same = (a: readonly Float32Array[], b: readonly Float32Array[]) =>
      a.every((row, i) => row.every((value, j) => Object.is(value, b[i]![j])))
    for (const [i, row] of rows.entries()) if (!same(await this.evaluate([row]), [all[i]!])) return false
    const turned = [rows[3]!, rows[0]!, rows[1]!, rows[2]!]
    if (!same(await this.evaluate(turned), [all[3]!, all[0]!, all[1]!, all[2]!])) return false
    if (!same(await this.evaluate([...rows, ...turned]), [...all, all[3]!, all[0]!, all[1]!, all[2]!])) return false
    return same(await this.evaluate([rows[1]!, rows[0]!]), [all[1]!, all[0]!])
  }

  /** Releases all sessions, after what is under way. Later evaluations reject. */
  dispose(): Promise<void> {
    return this.#inTurn(async () => {
      this.#disposed = true
      const sessions = [...this.#sessions.values()]
      this.#sessions.clear()
      for (const session of sessions) await this.#exclusive(() => session.release())
    })
  }
}

/** The grid of a layer on images of another size. */
function scaledGrid(layer: TokenGrid & { readonly name: string }, image: TokenGrid, size: TokenGrid): TokenGrid {
  const height = (layer.height * size.height) / image.height
  const width = (layer.width * size.width) / image.width
  if (!Number.isInteger(height) || !Number.isInteger(width)) {
    throw new RangeError(`images of ${size.height} × ${size.width} give ${layer.name} no whole number of tokens`)
  }
  return { height, width }
}

function offsetWidth(graph: ModelProto): number | null {
  const input = graph.graph?.input.find(({ name }) => name === OFFSET)
  if (!input) return null
  const width = declaredShape(input)?.[1]
  if (typeof width !== 'number')
    throw new GraphError(`the input ${OFFSET} has no fixed width; export it as [rows, width]`)
  return width
}

function floats(outputs: Tensors, name: string): Float32Array {
  const data = outputs[name]?.data
  if (!(data instanceof Float32Array)) throw new GraphError(`the graph has no float32 output ${name}`)
  return data
}
