/** One network over the machine's memory: compiled for each length of inputs that it is run with, and run on a lane. */
import type { ModelProto } from '../network/onnx'
import { Compiler } from './compiler'
import type { Heap } from './heap'
import { createStore, link, type Linked, type Machine, type Store } from './link'

export interface Feed {
  readonly dims: readonly number[]
  readonly data: Float32Array
}

/** What a run gave, copied out of the memory. */
export interface Result extends Feed {}

/** Runs programs one after the other in an arena of its own. */
export interface Lane {
  /** A place of at least this many bytes that the lane's next run may use. */
  arena(bytes: number): number
  run(linked: Linked, base: number): Promise<void> | void
  /** What the last run took; null before the first. */
  readonly milliseconds: number | null
  /** Tells the lane that a program will not come again. */
  forget(linked: Linked): void
}

/** Of one memory and one set of weights, shared by all sessions on the same bytes. */
const stores = new WeakMap<Heap, WeakMap<object, Store>>()

function storeOf(heap: Heap, data: object): Store {
  const own = stores.get(heap) ?? new WeakMap<object, Store>()
  stores.set(heap, own)
  const store = own.get(data) ?? createStore()
  own.set(data, store)
  return store
}

/** Bytes of the memory that were made of these weights, for all sessions on them. */
export function heldOf(heap: Heap, data: object): number {
  const kept = stores.get(heap)?.get(data)?.kept.values() ?? []
  return [...kept].reduce((sum, { floats }) => sum + 4 * floats, 0)
}

export interface SessionOptions {
  readonly model: ModelProto
  /** External data; sessions that are given the same array share what is computed of it. */
  readonly data: Uint8Array
  readonly machine: Machine
}

/** Programs of one session that are kept, for batches of different sizes. */
const MOST_PROGRAMS = 12

export class Session {
  readonly #programs = new Map<string, Linked>()
  readonly #store: Store

  constructor(private readonly options: SessionOptions) {
    this.#store = storeOf(options.machine.heap, options.data)
  }

  get outputNames(): readonly string[] {
    return this.options.model.graph!.output.map(({ name }) => name)
  }

  get inputNames(): readonly string[] {
    return this.options.model.graph!.input.map(({ name }) => name)
  }

  /** Compiles for inputs of these lengths. Throws Unsupported for what isn't computed here, OutOfMemory. */
  prepare(dims: Readonly<Record<string, readonly number[]>>, lanes: readonly Lane[]): Linked {
    const key = Object.entries(dims)
      .map(([name, lengths]) => `${name} ${lengths.join('x')}`)
      .join(', ')
    const known = this.#programs.get(key)
    if (known) {
      this.#programs.delete(key)
      this.#programs.set(key, known)
      return known
    }
    const { model, data, machine } = this.options
    const compiled = new Compiler({ model, data, inputs: dims, recipes: this.#store.recipes }).compile()
    const linked = link(compiled, this.#store, machine)
    this.#programs.set(key, linked)
    for (const [oldest, old] of this.#programs) {
      if (this.#programs.size <= MOST_PROGRAMS) break
      this.#programs.delete(oldest)
      this.#drop(old, lanes)
    }
    return linked
  }

  /** Rejects as `prepare` throws. */
  async run(
    feeds: Readonly<Record<string, Feed>>,
    lane: Lane,
    lanes: readonly Lane[],
  ): Promise<Record<string, Result>> {
    const { heap } = this.options.machine
    const linked = this.prepare(
      Object.fromEntries(Object.entries(feeds).map(([name, { dims }]) => [name, dims])),
      lanes,
    )
    const base = lane.arena(linked.program.bytes)
    for (const [name, port] of linked.inputs) {
      const { data } = feeds[name]!
      heap.floats(base + port.place, data.length).set(data)
    }
    const done = lane.run(linked, base)
    if (done) await done
    return Object.fromEntries(
      [...linked.outputs].map(([name, { dims, place, constant }]) => {
        const length = dims.reduce((a, b) => a * b, 1)
        return [name, { dims, data: heap.floats(constant ? place : base + place, length).slice() }]
      }),
    )
  }

  release(lanes: readonly Lane[]): void {
    for (const linked of this.#programs.values()) this.#drop(linked, lanes)
    this.#programs.clear()
  }

  #drop(linked: Linked, lanes: readonly Lane[]): void {
    for (const lane of lanes) lane.forget(linked)
    linked.release()
  }
}
