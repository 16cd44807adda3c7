/**
 * The denoiser over any ONNX Runtime: rewrites the model's graph so that attention controls are inputs, keeps the few
 * sessions that are needed, assembles batches, and applies the preconditioning on the host. Free of DOM and of node; the
 * caller brings the runtime (onnxruntime-node and onnxruntime-web share the API of onnxruntime-common).
 */
import type { InferenceSession, InferenceSessionFactory, TensorConstructor, Tensor } from 'onnxruntime-web'
import { normals } from '../core/random'
import { ControlInputs, needsMasks, type TensorData } from '../network/control-inputs'
import { insertControls, mapNames, type ControlledLayer } from '../network/controls'
import { GraphError, parseModel, serializeModel } from '../network/onnx'
import { WEIGHTS_PATH, attachWeights, readWeights, type Weights } from '../network/weights'
import { edmPreconditioning, type Preconditioning } from './preconditioning'
import type { AttentionProbe, Denoiser, DenoiserRow, ModelInfo } from './types'

/** The part of an ONNX Runtime package that is used. */
export interface Runtime {
  readonly InferenceSession: InferenceSessionFactory
  readonly Tensor: TensorConstructor
}

export type Tensors = Readonly<Record<string, Tensor>>

export interface OnnxDenoiserOptions {
  readonly model: ModelInfo
  /** `graph.onnx` and its external data, as shipped. */
  readonly graph: Uint8Array
  readonly weights: Uint8Array
  readonly runtime: Runtime
  readonly sessionOptions?: InferenceSession.SessionOptions
  /**
   * `dynamic`: one session for every batch size (CPU, WASM). `static`: the batch size is baked in, so that a GPU can replay a
   * captured graph: every run has exactly `maxRows` rows, filled up where fewer are asked for. At most `sessions` sessions
   * (plain, with masks, with the map of a layer) are kept; the least recently used goes.
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

export interface AttentionReading {
  /** Effective map, mean over heads, [tokens × tokens], rows sum to 1. */
  readonly map: Float32Array
  /** Attention each token receives, [tokens], mean 1. */
  readonly columnSums: Float32Array
}

/** What a session was built for. */
interface Variant {
  readonly rows: number | 'dynamic'
  readonly masks: boolean
  readonly map: number | null
}

const OUTPUT = 'prediction'
/** Sessions of a dynamic denoiser: without and with masks, and one or two for maps. */
const DYNAMIC_SESSIONS = 4

/** One after another; a failed task does not stop the next. */
function chain(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const next = last.then(task, task)
    last = next.catch(() => undefined)
    return next
  }
}

export class OnnxDenoiser implements Denoiser, AttentionProbe {
  readonly model: ModelInfo
  readonly #options: OnnxDenoiserOptions
  readonly #weights: Weights
  readonly #exclusive: <T>(task: () => Promise<T>) => Promise<T>
  /** Whole evaluations take turns, so that a session is never released under a run. */
  readonly #inTurn = chain()
  readonly #sessions = new Map<string, InferenceSession>()
  #controls: ControlInputs | null = null
  #disposed = false
  #rows = 0
  #runs = 0

  /** Parses and checks the graph; sessions are created when first needed. Throws GraphError. */
  constructor(options: OnnxDenoiserOptions) {
    this.#options = options
    this.model = options.model
    this.#weights = readWeights(parseModel(options.graph), options.weights)
    this.#exclusive = options.exclusive ?? chain()
  }

  /** Rows asked for and runs so far. */
  get counts(): { readonly rows: number; readonly runs: number } {
    return { rows: this.#rows, runs: this.#runs }
  }

  /** The rewritten graph of a variant, and its layers. */
  #build(variant: Variant): { readonly bytes: Uint8Array; readonly layers: readonly ControlledLayer[] } {
    const graph = parseModel(this.#options.graph)
    attachWeights(graph, this.#weights)
    const layers = insertControls(graph, { ...variant, grids: this.model.layers, form: this.#options.form ?? 'fused' })
    for (const { index, heads } of layers) {
      const told = this.model.layers[index]!
      if (heads !== told.heads)
        throw new GraphError(`layer ${index} (${told.name}) has ${heads} heads, not ${told.heads} as the manifest says`)
    }
    return { bytes: serializeModel(graph), layers }
  }

  async #session(variant: Variant): Promise<{ readonly session: InferenceSession; readonly controls: ControlInputs }> {
    const key = `${variant.rows} ${variant.masks} ${variant.map}`
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
        externalData: [{ path: WEIGHTS_PATH, data: this.#weights.data }],
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
    const { image, conditioning } = this.model
    const size = image.channels * image.height * image.width
    for (const { x, classWeights } of rows) {
      if (x.length !== size) throw new RangeError(`x has ${x.length} values; an image of ${this.model.id} has ${size}`)
      if (classWeights.length !== conditioning.classes.length) {
        throw new RangeError(`there are ${classWeights.length} class weights for ${conditioning.classes.length} classes`)
      }
    }
  }

  /**
   * Cuts rows into runs, and calls `each` with a run's outputs, the places of its rows and how they were
   * scaled. Rows with masks run apart from the others: the graph with masks rounds differently, and what a row gives must
   * not depend on its company.
   */
  async #run(
    rows: readonly DenoiserRow[],
    map: number | null,
    each: (outputs: Tensors, places: readonly number[], scaling: readonly Preconditioning[]) => void,
  ): Promise<void> {
    this.#check(rows)
    const masked = rows.map(({ attention }) => needsMasks([attention]))
    const { batch: shape, maxRows } = this.#options
    for (const masks of [false, true]) {
      const places = [...rows.keys()].filter((i) => masked[i] === masks)
      const length = shape.kind === 'static' ? maxRows : Math.ceil(places.length / Math.ceil(places.length / maxRows))
      for (let start = 0; start < places.length; start += length) {
        const part = places.slice(start, start + length)
        const fill = shape.kind === 'static' ? length - part.length : 0
        const batch = [...part, ...Array<number>(fill).fill(part.at(-1)!)].map((i) => rows[i]!)
        const scaling = batch.map(({ sigma }) => edmPreconditioning(sigma, this.model.preconditioning.sigmaData))
        const { session, controls } = await this.#session({ rows: shape.kind === 'static' ? length : 'dynamic', masks, map })
        const feeds = this.#feeds(batch, scaling, controls, masks)
        const run = this.#options.runSession ?? ((target: InferenceSession, inputs: Tensors) => target.run(inputs) as Promise<Tensors>)
        const outputs = await this.#exclusive(() => run(session, feeds))
        this.#rows += part.length
        this.#runs += 1
        each(outputs, part, scaling)
      }
    }
  }

  #feeds(batch: readonly DenoiserRow[], scaling: readonly Preconditioning[], controls: ControlInputs, masks: boolean): Tensors {
    const { channels, height, width } = this.model.image
    const size = channels * height * width
    const classes = this.model.conditioning.classes.length
    const x = new Float32Array(batch.length * size)
    const classWeights = new Float32Array(batch.length * classes)
    for (const [i, row] of batch.entries()) {
      const factor = scaling[i]!.in
      for (let j = 0; j < size; j++) x[i * size + j] = row.x[j]! * factor
      classWeights.set(row.classWeights, i * classes)
    }
    const data: Record<string, TensorData> = {
      x: { data: x, dims: [batch.length, channels, height, width] },
      noise_level: { data: Float32Array.from(scaling, ({ noise }) => noise), dims: [batch.length] },
      class_weights: { data: classWeights, dims: [batch.length, classes] },
      ...controls.feeds(
        batch.map(({ attention }) => attention),
        masks,
      ),
    }
    const { Tensor } = this.#options.runtime
    return Object.fromEntries(Object.entries(data).map(([name, { data: values, dims }]) => [name, new Tensor('float32', values, dims)]))
  }

  /** Rejects with RangeError for rows of the wrong size, GraphError for an unreadable graph, and with what the runtime rejects with. */
  evaluate(rows: readonly DenoiserRow[]): Promise<Float32Array[]> {
    return this.#inTurn(async () => {
      const denoised: Float32Array[] = Array.from({ length: rows.length })
      await this.#run(rows, null, (outputs, places, scaling) => {
        const prediction = floats(outputs, OUTPUT)
        for (const [i, place] of places.entries()) {
          const { x } = rows[place]!
          const { skip, out } = scaling[i]!
          denoised[place] = x.map((value, j) => skip * value + out * prediction[i * x.length + j]!)
        }
      })
      return denoised
    })
  }

  /** Map and column sums of one layer for each row; builds that layer's attention in the open form. */
  readAttention(rows: readonly DenoiserRow[], layer: number): Promise<AttentionReading[]> {
    return this.#inTurn(async () => {
      const told = this.model.layers[layer]
      if (!told) throw new RangeError(`there is no attention layer ${layer}`)
      const tokens = told.height * told.width
      const names = mapNames(layer)
      const readings: AttentionReading[] = Array.from({ length: rows.length })
      await this.#run(rows, layer, (outputs, places) => {
        const maps = floats(outputs, names.map)
        const sums = floats(outputs, names.columnSums)
        for (const [i, place] of places.entries()) {
          const map = maps.slice(i * tokens * tokens, (i + 1) * tokens * tokens)
          readings[place] = { map, columnSums: sums.slice(i * tokens, (i + 1) * tokens) }
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
    const { channels, height, width } = this.model.image
    const classes = this.model.conditioning.classes.length
    const rows = [0.05, 0.6, 4, 60].map((sigma, i): DenoiserRow => {
      const classWeights = new Float32Array(classes)
      classWeights[i % classes] = 1
      return {
        x: normals(1, i, channels * height * width).map((value) => value * Math.hypot(sigma, this.model.preconditioning.sigmaData)),
        sigma,
        classWeights,
        attention: i % 2 === 0 ? null : this.model.layers.map(({ index }) => (index % 2 === 0 ? { mix: 0.5 } : { querySigma: 1 })),
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

function floats(outputs: Tensors, name: string): Float32Array {
  const data = outputs[name]?.data
  if (!(data instanceof Float32Array)) throw new GraphError(`the graph has no float32 output ${name}`)
  return data
}
