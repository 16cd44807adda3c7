/** From a compiled graph to a program: constants are computed once and kept, everything else gets its place in an arena. */
import type { Call, Emitter } from './emitter'
import type { Heap } from './heap'
import type { Kernels } from './kernels'
import { layOut, type Layout } from './plan'
import { bind, type Program } from './program'
import type { Buffer, Ref, Tensor } from './tensor'

/** What was computed of one set of weights, by how it was made; many programs use it. */
export interface Store {
  readonly recipes: Map<string, string>
  readonly kept: Map<string, Kept>
}

interface Kept {
  readonly place: number
  readonly floats: number
  users: number
}

export const createStore = (): Store => ({ recipes: new Map(), kept: new Map() })

/** A graph written down for inputs of certain lengths. */
export interface Compiled {
  readonly emitter: Emitter
  readonly inputs: ReadonlyMap<string, Tensor>
  readonly outputs: ReadonlyMap<string, Tensor>
}

export interface Port {
  readonly dims: readonly number[]
  /** Bytes from the arena's start, or from the memory's where it is constant. */
  readonly place: number
  readonly constant: boolean
}

export interface Linked {
  readonly program: Program
  readonly inputs: ReadonlyMap<string, Port>
  readonly outputs: ReadonlyMap<string, Port>
  /** The program is no longer used. */
  release(): void
}

export interface Machine {
  readonly heap: Heap
  readonly kernels: Kernels
}

let programs = 0

/** Throws OutOfMemory; then nothing is kept. */
export function link({ emitter, inputs, outputs }: Compiled, store: Store, machine: Machine): Linked {
  const ports = [...inputs.values()].map(({ at }) => at.buffer)
  const ends = [...outputs.values()].map(({ at }) => at.buffer)
  const kept = new Set([...emitter.calls.flatMap(({ reads }) => reads), ...ends].filter(({ constant }) => constant))
  const release = keep(emitter, kept, store, machine)
  const layout = layOut(emitter.calls, ({ constant }) => !constant, { before: ports, after: ends })
  const absolute = (buffer: Buffer) => store.kept.get(emitter.made(buffer)!)!.place
  const port = ({ dims, at }: Tensor): Port => ({
    dims,
    constant: at.buffer.constant,
    place: (at.buffer.constant ? absolute(at.buffer) : (layout.places.get(at.buffer) ?? 0)) + at.offset * 4,
  })
  return {
    program: programOf(emitter.calls, layout, absolute),
    inputs: new Map([...inputs].map(([name, tensor]) => [name, port(tensor)])),
    outputs: new Map([...outputs].map(([name, tensor]) => [name, port(tensor)])),
    release,
  }
}

function programOf(calls: readonly Call[], layout: Layout, absolute: (buffer: Buffer) => number): Program {
  const args: number[] = []
  const relative: number[] = []
  const ends: number[] = []
  const place = ({ buffer, offset }: Ref) =>
    (buffer.constant ? absolute(buffer) : layout.places.get(buffer)!) + offset * 4
  for (const call of calls) {
    for (const arg of call.args) {
      args.push(typeof arg === 'number' ? arg : place(arg))
      relative.push(typeof arg === 'number' || arg.buffer.constant ? 0 : 1)
    }
    ends.push(args.length)
  }
  return {
    id: programs++,
    kernels: calls.map(({ kernel }) => kernel),
    args: Float64Array.from(args),
    ends: Uint32Array.from(ends),
    relative: Uint8Array.from(relative),
    bytes: layout.bytes,
  }
}

/** Computes those constants that the store lacks. Returns what gives them up again. */
function keep(emitter: Emitter, wanted: ReadonlySet<Buffer>, store: Store, machine: Machine): () => void {
  const { heap } = machine
  const used: string[] = []
  const release = () => {
    for (const recipe of used.splice(0)) {
      const kept = store.kept.get(recipe)!
      kept.users -= 1
      if (kept.users > 0) continue
      heap.give(kept.place, kept.floats)
      store.kept.delete(recipe)
    }
  }
  const missing = new Set<Buffer>()
  try {
    for (const buffer of wanted) {
      const recipe = emitter.made(buffer)!
      let kept = store.kept.get(recipe)
      if (!kept) {
        kept = { place: heap.take(buffer.floats), floats: buffer.floats, users: 0 }
        store.kept.set(recipe, kept)
        missing.add(buffer)
      }
      kept.users += 1
      used.push(recipe)
    }
    if (missing.size > 0) compute(emitter, missing, (buffer) => store.kept.get(emitter.made(buffer)!)?.place, machine)
  } catch (error) {
    release()
    throw error
  }
  return release
}

/** Runs the constants' calls that `missing` depends on. */
function compute(
  emitter: Emitter,
  missing: ReadonlySet<Buffer>,
  placed: (buffer: Buffer) => number | undefined,
  { heap, kernels }: Machine,
): void {
  const needed = new Set(missing)
  const calls: Call[] = []
  for (const call of [...emitter.constantCalls].reverse()) {
    if (!needed.has(call.writes[0]!)) continue
    calls.push(call)
    for (const buffer of call.reads) needed.add(buffer)
  }
  calls.reverse()
  // What is kept has its place; an equal constant of another program may stand for a buffer that is needed here.
  const own = new Map<Buffer, number>()
  for (const buffer of needed) if (missing.has(buffer)) own.set(buffer, placed(buffer)!)
  const { places, bytes } = layOut(calls, (buffer) => !own.has(buffer), { before: [], after: [] })
  const base = heap.take(bytes / 4)
  try {
    const loaded = new Set<Buffer>()
    const load = (buffer: Buffer) => {
      const load = emitter.loads.get(buffer)
      if (!load || loaded.has(buffer)) return
      loaded.add(buffer)
      const values = load.values()
      const place = own.get(buffer) ?? base + places.get(buffer)!
      if (values instanceof Int32Array) heap.integers(place, values.length).set(values)
      else heap.floats(place, values.length).set(values)
    }
    const relative = { bytes, places }
    for (const call of calls) {
      for (const buffer of call.reads) load(buffer)
      bind(programOfConstants(call, relative, own), kernels, base)()
    }
    for (const buffer of missing) load(buffer)
  } finally {
    heap.give(base, bytes / 4)
  }
}

function programOfConstants(call: Call, { places, bytes }: Layout, own: ReadonlyMap<Buffer, number>): Program {
  const args = call.args.map((arg) =>
    typeof arg === 'number' ? arg : (own.get(arg.buffer) ?? places.get(arg.buffer)!) + arg.offset * 4,
  )
  const relative = call.args.map((arg) => (typeof arg === 'number' || own.has(arg.buffer) ? 0 : 1))
  return {
    id: -1,
    kernels: [call.kernel],
    args: Float64Array.from(args),
    ends: Uint32Array.of(args.length),
    relative: Uint8Array.from(relative),
    bytes,
  }
}
