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
import { WEIGHTS_PATH, attachWeights, type Weights } from '../network/weights'
import type { Runtime } from './runtime'

/** What a session was built for. */
export interface Variant {
  readonly rows: number | 'dynamic'
  readonly features: readonly Feature[]
  /** Layer whose map is read; null for none. */
  readonly map: number | null
  /** What it has of mix and blur; null: all. */
  readonly extent: Extent | null
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
  /** Sessions that are kept. */
  readonly limit: number
  /** Runs each creation and release of a session alone. */
  readonly exclusive: <T>(task: () => Promise<T>) => Promise<T>
}

export class SessionPool {
  readonly #sessions = new Map<string, InferenceSession>()
  /** The same for every variant: all have the same layers. */
  #controls: ControlInputs | null = null

  constructor(private readonly options: SessionPoolOptions) {}

  async get(variant: Variant): Promise<{ readonly session: InferenceSession; readonly controls: ControlInputs }> {
    const key = JSON.stringify([variant.rows, variant.features, variant.map, variant.extent])
    const known = this.#sessions.get(key)
    if (known && this.#controls) {
      this.#sessions.delete(key)
      this.#sessions.set(key, known)
      return { session: known, controls: this.#controls }
    }
    const { bytes, layers } = this.#build(variant)
    this.#controls ??= new ControlInputs(layers)
    const { exclusive, runtime, sessionOptions, weights, limit } = this.options
    const session = await exclusive(() =>
      runtime.InferenceSession.create(bytes, {
        ...sessionOptions,
        // A graph may hold all its weights itself; the runtimes refuse an empty file.
        ...(weights.data.byteLength > 0 && { externalData: [{ path: WEIGHTS_PATH, data: weights.data }] }),
      }),
    )
    this.#sessions.set(key, session)
    for (const [oldest, old] of this.#sessions) {
      if (this.#sessions.size <= limit) break
      this.#sessions.delete(oldest)
      await exclusive(() => old.release())
    }
    return { session, controls: this.#controls }
  }

  async release(): Promise<void> {
    const sessions = [...this.#sessions.values()]
    this.#sessions.clear()
    for (const session of sessions) await this.options.exclusive(() => session.release())
  }

  /** The rewritten graph of a variant, and its layers. */
  #build(variant: Variant): { readonly bytes: Uint8Array; readonly layers: readonly ControlledLayer[] } {
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
    if (typeof variant.rows === 'number') {
      rewrite(graph, this.options.rewrites)
      realOutputs(graph)
    }
    return { bytes: serializeModel(graph), layers }
  }
}
