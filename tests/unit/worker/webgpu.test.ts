/** Sessions on a GPU, with a device and a runtime of straw: when a captured graph is trusted, and when not. */
import { Tensor, type InferenceSession } from 'onnxruntime-web'
import { beforeAll, expect, test } from 'vitest'
import { GpuSessions } from '../../../src/worker/runtimes/gpu-sessions'

beforeAll(() => {
  Object.assign(globalThis, {
    GPUBufferUsage: { STORAGE: 128, COPY_DST: 8, COPY_SRC: 4, MAP_READ: 1 },
    GPUMapMode: { READ: 1 },
  })
})

class StrawBuffer {
  readonly bytes: ArrayBuffer
  destroyed = false
  constructor({ size }: { size: number }) {
    this.bytes = new ArrayBuffer(size)
  }
  mapAsync = () => Promise.resolve()
  getMappedRange = () => this.bytes
  unmap = () => {}
  destroy = () => {
    this.destroyed = true
  }
}

/**
 * A runtime whose sessions double x; a captured one replays as `replay` says: from some run on it writes nothing, or into another buffer
 * than the one that is read, or something else from the first run on.
 */
function straw(replay: 'right' | 'stale' | 'nan' | 'elsewhere' | 'wrong') {
  const log: string[] = []
  const buffers: StrawBuffer[] = []
  const device = {
    createBuffer: (descriptor: { size: number }) => {
      const buffer = new StrawBuffer(descriptor)
      buffers.push(buffer)
      return buffer
    },
    createCommandEncoder: () => ({
      copyBufferToBuffer: (from: StrawBuffer, _: number, to: StrawBuffer) =>
        new Uint8Array(to.bytes).set(new Uint8Array(from.bytes, 0, to.bytes.byteLength)),
      clearBuffer: (buffer: StrawBuffer) => new Uint8Array(buffer.bytes).fill(0),
      finish: () => 'copies',
    }),
    queue: {
      writeBuffer: (buffer: StrawBuffer, offset: number, data: Float32Array) => {
        log.push('write')
        new Float32Array(buffer.bytes, offset).set(data)
      },
      submit: (buffers: readonly string[]) => void log.push(`submit ${buffers.join('+')}`),
      onSubmittedWorkDone: () => Promise.resolve(),
    },
  }
  const create = async (_: Uint8Array, options: InferenceSession.SessionOptions) => {
    const captured = options.enableGraphCapture === true
    log.push(captured ? 'create captured' : 'create plain')
    const output = new StrawBuffer({ size: 16 })
    let runs = 0
    return {
      async run(feeds: Record<string, { gpuBuffer: StrawBuffer }>) {
        const x = new Float32Array(feeds['x']!.gpuBuffer.bytes)
        const y = new Float32Array(output.bytes)
        runs += 1
        for (const part of ['early', 'late']) device.queue.submit([part])
        if (captured && replay === 'wrong') x.forEach((value, i) => (y[i] = 3 * value))
        else if (!captured || replay === 'right' || runs === 1 || (replay === 'stale' && runs === 2))
          x.forEach((value, i) => (y[i] = 2 * value))
        else if (replay === 'nan') y.fill(NaN)
        return { y: { gpuBuffer: output, size: 4, dims: [4], dispose: () => {} } }
      },
      async release() {
        log.push(captured ? 'release captured' : 'release plain')
      },
    }
  }
  const Straw = Object.assign(
    class {
      constructor(
        readonly type: string,
        readonly data: Float32Array,
        readonly dims: readonly number[],
      ) {}
    },
    { fromGpuBuffer: (gpuBuffer: StrawBuffer) => ({ gpuBuffer }) },
  )
  const ort = { InferenceSession: { create }, Tensor: Straw } as unknown as ConstructorParameters<typeof GpuSessions>[0]
  const gpu = { device, label: 'straw', lost: new Promise(() => {}) } as unknown as ConstructorParameters<
    typeof GpuSessions
  >[1]
  return { sessions: new GpuSessions(ort, gpu), log, buffers }
}

const made = (log: readonly string[]) => log.filter((entry) => !/^(write|submit)/.test(entry))

const feed = (...values: number[]) => ({ x: new Tensor('float32', Float32Array.from(values), [values.length]) })
const values = async (sessions: GpuSessions, session: InferenceSession, feeds: ReturnType<typeof feed>) => [
  ...((await sessions.run(session, feeds))['y']!.data as Float32Array),
]

test('a replay that follows its inputs is kept', async () => {
  const { sessions, log, buffers } = straw('right')
  const session = await sessions.create(new Uint8Array())
  expect(await values(sessions, session, feed(1, 2, 3, 4))).toEqual([2, 4, 6, 8])
  expect(await values(sessions, session, feed(5, 6, 7, 8))).toEqual([10, 12, 14, 16])
  expect(log.filter((entry) => entry.startsWith('create'))).toEqual(['create captured'])
  await session.release()
  expect(log.at(-1)).toBe('release captured')
  expect(buffers.every(({ destroyed }) => destroyed)).toBe(true)
})

test.each(['stale', 'nan', 'elsewhere'] as const)('a replay that is %s gives way to plain runs', async (replay) => {
  const { sessions, log } = straw(replay)
  const session = await sessions.create(new Uint8Array())
  expect(await values(sessions, session, feed(1, 2, 3, 4))).toEqual([2, 4, 6, 8])
  expect(await values(sessions, session, feed(5, 6, 7, 8))).toEqual([10, 12, 14, 16])
  await session.release()
  expect(made(log)).toEqual(['create captured', 'create plain', 'release captured', 'release plain'])
})

test('an input that is the very same array is not uploaded again', async () => {
  const { sessions, log } = straw('right')
  const session = await sessions.create(new Uint8Array())
  const same = feed(1, 2, 3, 4)
  await sessions.run(session, same)
  const before = log.filter((entry) => entry === 'write').length
  await sessions.run(session, same)
  expect(log.filter((entry) => entry === 'write')).toHaveLength(before)
  await sessions.run(session, feed(1, 2, 3, 4))
  expect(log.filter((entry) => entry === 'write')).toHaveLength(before + 1)
})

test('a graph that was captured wrong is found by plain runs, where nothing else proves it', async () => {
  const { sessions, log } = straw('wrong')
  const session = await sessions.create(new Uint8Array(), {}, true)
  expect(await values(sessions, session, feed(1, 2, 3, 4))).toEqual([2, 4, 6, 8])
  expect(await values(sessions, session, feed(5, 6, 7, 8))).toEqual([10, 12, 14, 16])
  expect(made(log)).toEqual(['create captured', 'create plain', 'release captured'])
})

test('one that was captured right is kept after the comparison', async () => {
  const { sessions, log } = straw('right')
  const session = await sessions.create(new Uint8Array(), {}, true)
  expect(await values(sessions, session, feed(1, 2, 3, 4))).toEqual([2, 4, 6, 8])
  expect(await values(sessions, session, feed(5, 6, 7, 8))).toEqual([10, 12, 14, 16])
  expect(made(log)).toEqual(['create captured', 'create plain', 'release plain'])
})

test('what a replay submits goes to the queue once, with the copies of what it gives', async () => {
  const { sessions, log } = straw('right')
  const session = await sessions.create(new Uint8Array())
  await sessions.run(session, feed(1, 2, 3, 4))
  log.length = 0
  await sessions.run(session, feed(5, 6, 7, 8))
  expect(log).toEqual(['write', 'submit early+late+copies'])
})
