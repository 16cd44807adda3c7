/** Our network runner in the form of an ONNX Runtime: sessions of what it computes, and the real runtime's for the rest. */
import { Tensor } from 'onnxruntime-common'
import type { InferenceSession } from 'onnxruntime-web'
import { widenHalf } from '../../core/half'
import type { Runtime } from '../../engine/runtime'
import { declaredShape, parseModel, type ModelProto } from '../../network/onnx'
import type { Machine } from '../../runner/link'
import { Session, type Feed } from '../../runner/session'
import { Unsupported } from '../../runner/unsupported'
import type { Lanes } from '../lanes/lanes'

export interface RunnerParts {
  readonly machine: Machine
  readonly lanes: Lanes
  /** Starts the runtime that takes what is not computed here. */
  readonly other: () => Promise<{
    readonly runtime: Runtime
    readonly sessionOptions: InferenceSession.SessionOptions
  }>
}

/** Entries of a tensor as single floats. Throws Unsupported for texts. */
function feedOf({ data, dims, type }: Tensor): Feed {
  if (data instanceof Float32Array) return { dims, data }
  if (type === 'float16' && ArrayBuffer.isView(data))
    return { dims, data: widenHalf(new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)) }
  if (data instanceof BigInt64Array) return { dims, data: Float32Array.from(data, Number) }
  if (data instanceof Int32Array || data instanceof Uint8Array || data instanceof Float64Array)
    return { dims, data: Float32Array.from(data) }
  throw new Unsupported(`an input of type ${type}`)
}

/** A session for what the runner computes, until it meets what it does not: then the real runtime's. */
class RunnerSession implements InferenceSession {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  readonly inputMetadata: InferenceSession['inputMetadata'] = []
  readonly outputMetadata: InferenceSession['outputMetadata'] = []
  #own: Session | null
  #other: Promise<InferenceSession> | null = null

  constructor(
    private readonly lanes: Lanes,
    own: Session,
    private readonly createOther: () => Promise<InferenceSession>,
  ) {
    this.#own = own
    this.inputNames = own.inputNames
    this.outputNames = own.outputNames
  }

  /** `extra.lane`, of the options: the place among all lanes of the one to run on, where that is free. */
  readonly run = async (
    feeds: InferenceSession.FeedsType,
    options: InferenceSession.RunOptions | InferenceSession.FetchesType = {},
  ): Promise<InferenceSession.ReturnType> => {
    const place = 'extra' in options ? (options as InferenceSession.RunOptions).extra?.['lane'] : undefined
    const wanted = typeof place === 'number' ? this.lanes.all[place] : undefined
    const own = this.#own
    if (own) {
      try {
        const given = Object.entries(feeds).map(([name, tensor]) => [name, feedOf(tensor)] as const)
        const results = await this.lanes.with(wanted, (lane) =>
          own.run(Object.fromEntries(given), lane, this.lanes.all),
        )
        return Object.fromEntries(
          Object.entries(results).map(([name, { data, dims }]) => [name, new Tensor('float32', data, dims)] as const),
        )
      } catch (error) {
        if (!(error instanceof Unsupported)) throw error
        this.#drop()
      }
    }
    this.#other ??= this.createOther()
    return (await this.#other).run(feeds)
  }

  async release(): Promise<void> {
    this.#drop()
    await (await this.#other)?.release()
  }

  /** The runner keeps no profile. */
  startProfiling(): void {}
  endProfiling(): void {}

  #drop(): void {
    this.#own?.release(this.lanes.all)
    this.#own = null
  }
}

/** Inputs of a graph, every length that a run is free to choose being 1. */
function leastDims(model: ModelProto): Record<string, number[]> {
  const initializers = new Set(model.graph!.initializer.map(({ name }) => name))
  const inputs = model.graph!.input.filter(({ name }) => !initializers.has(name))
  return Object.fromEntries(
    inputs.map((value) => [
      value.name,
      (declaredShape(value) ?? []).map((length) => (typeof length === 'number' ? length : 1)),
    ]),
  )
}

/** The one file of external data; none where all is inside. Throws Unsupported for several. */
function externalData(options: InferenceSession.SessionOptions | undefined): Uint8Array {
  const [file, more] = options?.externalData ?? []
  if (more) throw new Unsupported('weights in several files')
  if (!file) return new Uint8Array()
  if (typeof file === 'string' || !(file.data instanceof Uint8Array)) throw new Unsupported('weights by their address')
  return file.data
}

/** A runtime that computes what the runner can itself, and hands everything else on. */
export function runnerRuntime({ machine, lanes, other }: RunnerParts): Runtime {
  const create = async (bytes: Uint8Array, options?: InferenceSession.SessionOptions): Promise<InferenceSession> => {
    const createOther = async () => {
      const { runtime, sessionOptions } = await other()
      return runtime.InferenceSession.create(bytes, { ...options, ...sessionOptions })
    }
    try {
      const model = parseModel(bytes)
      const own = new Session({ model, data: externalData(options), machine })
      // What it can't compute is known now, and weights are packed before the first run.
      own.prepare(leastDims(model), lanes.all)
      return new RunnerSession(lanes, own, createOther)
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error
      return createOther()
    }
  }
  return { InferenceSession: { create }, Tensor }
}
