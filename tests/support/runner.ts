/** Our runner and onnxruntime on the same graph and feeds. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { widenHalf } from '../../src/core/half'
import type { Feeds, GraphTensor } from '../../src/network/maps/types'
import { serializeModel, type ModelProto } from '../../src/network/onnx'
import { WEIGHTS_PATH, type Weights } from '../../src/network/weights'
import { Heap } from '../../src/runner/heap'
import { hasRelaxed, instantiate } from '../../src/runner/kernels'
import { OwnLane } from '../../src/runner/lane'
import { Session, type Feed, type Result } from '../../src/runner/session'

export interface Bench {
  readonly heap: Heap
  run(session: Session, feeds: Feeds): Promise<Record<string, Result>>
  session(model: ModelProto, data?: Uint8Array): Session
  release(session: Session): void
  /** Bytes of the memory so far. */
  readonly bytes: number
}

const feedOf = ({ type, dims, data }: GraphTensor): Feed => ({
  dims,
  data: type === 'float16' ? widenHalf(data) : Float32Array.from(data as ArrayLike<number | bigint>, Number),
})

const feedsOf = (feeds: Feeds) =>
  Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, feedOf(tensor)] as const))

/** A machine of one lane. */
export function createBench(relaxed = hasRelaxed()): Bench {
  const heap = new Heap(false)
  const machine = { heap, kernels: instantiate(heap.memory, { relaxed }) }
  const lane = new OwnLane(machine)
  return {
    heap,
    run: (session, feeds) => session.run(feedsOf(feeds), lane, [lane]),
    session: (model, data = new Uint8Array()) => new Session({ model, data, machine }),
    release: (session) => session.release([lane]),
    get bytes() {
      return heap.memory.buffer.byteLength
    },
  }
}

/** What onnxruntime gives. */
export async function reference(
  model: ModelProto,
  feeds: Feeds,
  weights: Weights | null = null,
): Promise<Record<string, Float32Array>> {
  const session = await InferenceSession.create(serializeModel(model), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
    ...(weights && { externalData: [{ path: WEIGHTS_PATH, data: weights.data }] }),
  })
  const tensors = Object.entries(feeds).map(([name, { type, data, dims }]) => {
    const tensor = type === 'int64' ? new Tensor(type, data, dims) : new Tensor('float32', data as Float32Array, dims)
    return [name, tensor] as const
  })
  const outputs = await session.run(Object.fromEntries(tensors))
  await session.release()
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, Float32Array.from(data as ArrayLike<number>)]),
  )
}

/** max |a − b| / max |b|; values below `least` count as that much. */
export function farthest(a: Float32Array, b: Float32Array, least = 0): number {
  if (a.length !== b.length) return Infinity
  const size = b.reduce((most, value) => Math.max(most, Math.abs(value)), least)
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0) / (size || 1)
}
