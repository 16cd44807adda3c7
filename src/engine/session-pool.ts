/** The few sessions of one network that are needed, each built for its features; the least recently used goes. */
import type { InferenceSession } from 'onnxruntime-web'
import type { ModelInfo } from '../model/types'
import { ControlInputs } from '../network/controls/inputs'
import { insertControls } from '../network/controls/insert'
import { insertMapControls } from '../network/maps/insert'
import type { ControlledLayer, Extent, Feature, TokenGrid } from '../network/controls/types'
import { GraphError, parseModel, serializeModel } from '../network/onnx'
import { realOutputs } from '../network/real-outputs'
import { rewrite, type Rewrite } from '../network/rewrite'
import { cutTold, onlyTold, type ToldTensor } from '../network/told'
import { WEIGHTS_PATH, attachWeights, type Weights } from '../network/weights'
import type { Runtime, Tensors } from './runtime'
import { ToldVectors } from './told'

/** What a session was built for. */
export interface Variant {
  readonly rows: number | 'dynamic'
  readonly features: readonly Feature[]
  /** Layer whose map is read; null for none. */
  readonly map: number | null
  /** What it has of mix and blur; null: all. */
  readonly extent: Extent | null
}

export interface ToldOptions {
  readonly runtime: Runtime
  readonly sessionOptions: InferenceSession.SessionOptions
  /** Inputs that say what a row is told. */
  readonly inputs: readonly string[]
}

/** A session, and what its inputs are fed by. */
export interface Pooled {
  readonly session: InferenceSession
  readonly controls: ControlInputs
  /** Null: rows are told by the graph's own inputs. */
  readonly told: ToldVectors | null
}

export interface SessionPoolOptions {
  readonly model: ModelInfo
  readonly graph: Uint8Array
  readonly weights: Weights
  readonly grids: readonly TokenGrid[]
  readonly heads: readonly number[] | undefined
  readonly form: 'fused' | 'open'
  /** Of graphs of a fixed number of rows. */
  readonly rewrites: readonly Rewrite[]
  readonly runtime: Runtime
  readonly sessionOptions: InferenceSession.SessionOptions | undefined
  /** Sessions of a fixed number of rows have what rows are told as vectors, which a session of this runtime computes; null: as the graph is. */
  readonly told: ToldOptions | null
  /** Sessions that are kept. */
  readonly limit: number
  /** Runs each creation and release of a session alone. */
  readonly exclusive: <T>(task: () => Promise<T>) => Promise<T>
}

export class SessionPool {
  readonly #sessions = new Map<string, Pick<Pooled, 'session' | 'told'>>()
  /** The same for every variant: all have the same layers. */
  #controls: ControlInputs | null = null
  /** By the tensors that they make: all variants are cut where all others are, unless a feature reaches before. */
  readonly #told = new Map<string, ToldVectors>()

  constructor(private readonly options: SessionPoolOptions) {}

  async get(variant: Variant): Promise<Pooled> {
    const key = JSON.stringify([variant.rows, variant.features, variant.map, variant.extent])
    const known = this.#sessions.get(key)
    if (known && this.#controls) {
      this.#sessions.delete(key)
      this.#sessions.set(key, known)
      return { ...known, controls: this.#controls }
    }
    const { bytes, layers, tensors } = this.#build(variant)
    this.#controls ??= new ControlInputs(layers)
    const { exclusive, runtime, sessionOptions, limit } = this.options
    const session = await this.#create(runtime, bytes, sessionOptions)
    const told = tensors && (await this.#toldBy(tensors))
    this.#sessions.set(key, { session, told })
    for (const [oldest, old] of this.#sessions) {
      if (this.#sessions.size <= limit) break
      this.#sessions.delete(oldest)
      await exclusive(() => old.session.release())
    }
    return { session, told, controls: this.#controls }
  }

  #create({ InferenceSession: sessions }: Runtime, bytes: Uint8Array, options?: InferenceSession.SessionOptions) {
    const { weights } = this.options
    return this.options.exclusive(() =>
      sessions.create(bytes, {
        ...options,
        // A graph may hold all its weights itself; the runtimes refuse an empty file.
        ...(weights.data.byteLength > 0 && { externalData: [{ path: WEIGHTS_PATH, data: weights.data }] }),
      }),
    )
  }

  async #toldBy(tensors: readonly ToldTensor[]): Promise<ToldVectors> {
    const key = tensors.map(({ name }) => name).join()
    const known = this.#told.get(key)
    if (known) return known
    const { runtime, sessionOptions } = this.options.told!
    const graph = parseModel(this.options.graph)
    attachWeights(graph, this.options.weights)
    onlyTold(graph, tensors)
    const session = await this.#create(runtime, serializeModel(graph), sessionOptions)
    const run = (own: InferenceSession, feeds: Tensors) =>
      this.options.exclusive(() => own.run(feeds) as Promise<Tensors>)
    const made = new ToldVectors(session, tensors, run, runtime)
    this.#told.set(key, made)
    return made
  }

  async release(): Promise<void> {
    const all = [...[...this.#sessions.values()].map(({ session }) => session), ...this.#told.values()]
    this.#sessions.clear()
    this.#told.clear()
    for (const session of all) await this.options.exclusive(() => session.release())
  }

  /** The rewritten graph of a variant, and its layers. */
  #build(variant: Variant): {
    readonly bytes: Uint8Array
    readonly layers: readonly ControlledLayer[]
    readonly tensors: readonly ToldTensor[] | null
  } {
    const { model, grids, form, weights } = this.options
    const graph = parseModel(this.options.graph)
    attachWeights(graph, weights)
    // A network in which nothing is guided need not have attention that can be read.
    const { maps = null, branches = null } = model.brought ?? {}
    const { extent, ...rest } = variant
    const controlOptions = { ...rest, grids, form, ...(branches && { branches }), ...(extent && { extent }) }
    const layers =
      grids.length === 0 ? [] : maps ? insertMapControls(graph, maps, variant) : insertControls(graph, controlOptions)
    for (const { index, heads } of layers) {
      const layer = model.layers[index]!
      const told = this.options.heads?.[index] ?? layer.heads
      if (heads !== told)
        throw new GraphError(`layer ${index} (${layer.name}) has ${heads} heads, not ${told} as the manifest says`)
    }
    let tensors: readonly ToldTensor[] | null = null
    if (typeof variant.rows === 'number') {
      const { told } = this.options
      tensors = told && cutTold(graph, told.inputs, variant.rows)
      rewrite(graph, this.options.rewrites)
      realOutputs(graph)
    }
    return { bytes: serializeModel(graph), layers, tensors }
  }
}
