/** The page's handle on the worker that opens models: what is given up ends, what waits is asked again, what dies is said. */
import { expect, it } from 'vitest'
import type { WorkerPort } from '../../../src/worker/client/parts'
import { createOpener } from '../../../src/worker/opener/client'
import type { Order } from '../../../src/worker/opener/messages'

function scene() {
  const workers: { orders: Order[]; ended: boolean; say(data: unknown): void; die(message: string): void }[] = []
  const spawn = (): WorkerPort => {
    const listeners = new Map<string, ((event: Event) => void)[]>()
    const tell = (type: string, event: object) => {
      for (const listener of listeners.get(type) ?? [])
        listener(Object.assign(new Event(type), event, { preventDefault: () => undefined }))
    }
    const worker = {
      orders: [] as Order[],
      ended: false,
      say: (data: unknown) => tell('message', { data }),
      die: (message: string) => tell('error', { message }),
    }
    workers.push(worker)
    return {
      postMessage: (message) => void worker.orders.push(message as Order),
      terminate: () => void (worker.ended = true),
      addEventListener: (type, listener) => void listeners.set(type, [...(listeners.get(type) ?? []), listener]),
    }
  }
  const timers: { milliseconds: number; callback: () => void; cancelled: boolean }[] = []
  const after = (milliseconds: number, callback: () => void) => {
    const timer = { milliseconds, callback, cancelled: false }
    timers.push(timer)
    return () => void (timer.cancelled = true)
  }
  const opener = createOpener({ spawn, threads: 3, after })
  const look = (signal = new AbortController().signal, onProgress: (...of: unknown[]) => void = () => undefined) =>
    opener.look({ files: [], graph: 'a.onnx' }, { signal, onProgress })
  return { opener, workers, timers, look }
}

const looked = (id: number) => ({
  kind: 'looked',
  id,
  look: { parameters: 1, inputs: [], missing: [] },
  bytes: 1,
  told: null,
  texts: null,
  beside: { decoder: null, encoders: [] },
  kinds: {},
  worse: [],
  notes: [],
})
const tick = () => new Promise((resolve) => setTimeout(resolve))

it('keeps a worker for the next order, and tells how the one before goes', async () => {
  const { workers, look } = scene()
  const progress: unknown[][] = []
  const first = look(undefined, (...of) => progress.push(of))
  workers[0]!.say({ kind: 'progress', id: 1, done: 1, total: 4, what: 'a.onnx' })
  workers[0]!.say(looked(1))
  expect(await first).toMatchObject({ bytes: 1 })
  expect(progress).toEqual([[1, 4, 'a.onnx']])
  const second = look()
  expect(workers).toHaveLength(1)
  // What belongs to an order that is over is not heard.
  workers[0]!.say(looked(1))
  workers[0]!.say({ ...looked(2), bytes: 7 })
  expect(await second).toMatchObject({ bytes: 7 })
  expect(workers[0]!.orders.map(({ id }) => id)).toEqual([1, 2])
})

it('ends a worker whose order is given up, or is overtaken by a newer one', async () => {
  const { opener, workers, look } = scene()
  const abort = new AbortController()
  const first = look(abort.signal)
  abort.abort(new Error('stopped'))
  await expect(first).rejects.toThrow('stopped')
  expect(workers[0]!.ended).toBe(true)
  const second = look()
  const third = look()
  await expect(second).rejects.toThrow('newer')
  expect(workers.map(({ ended }) => ended)).toEqual([true, true, false])
  opener.dispose()
  await expect(third).rejects.toThrow('closed')
  expect(workers[2]!.ended).toBe(true)
})

it.each([
  [
    'dies',
    (worker: ReturnType<typeof scene>['workers'][number]) => worker.die('out of memory'),
    /stopped: out of memory/,
  ],
  ['says nonsense', (worker) => worker.say({ kind: 'looked', id: 1 }), /nobody understands/],
  ['fails', (worker) => worker.say({ kind: 'failed', id: 1, message: 'No graph.' }), /^No graph\.$/],
] satisfies [string, (worker: ReturnType<typeof scene>['workers'][number]) => void, RegExp][])(
  'a worker that %s is said, and another is taken',
  async (_, happens, why) => {
    const { workers, look } = scene()
    const first = look()
    happens(workers[0]!)
    await expect(first).rejects.toThrow(why)
    expect(workers[0]!.ended).toBe(true)
    void look().catch(() => undefined)
    await tick()
    expect(workers).toHaveLength(2)
  },
)

it('begins anew with one thread where threads stand still, and keeps to that', async () => {
  const { opener, workers, timers } = scene()
  const signal = new AbortController().signal
  const watch = { signal, onProgress: () => undefined }
  const map = { model: {} as never, files: {} }
  const mapped = (id: number) => ({ kind: 'mapped', id, map: { levels: [1], layers: [] } })
  const first = opener.map(map, watch)
  expect(workers[0]!.orders).toMatchObject([{ kind: 'map', threads: 3 }])
  // Until its files are here it may take any time.
  expect(timers).toHaveLength(0)
  workers[0]!.say({ kind: 'starting', id: 1, done: false })
  expect(timers).toMatchObject([{ milliseconds: 15_000, cancelled: false }])
  workers[0]!.say({ kind: 'starting', id: 1, done: true })
  expect(timers[0]!.cancelled).toBe(true)
  workers[0]!.say(mapped(1))
  expect(await first).toEqual({ levels: [1], layers: [] })

  const second = opener.map(map, watch)
  workers[0]!.say({ kind: 'starting', id: 2, done: false })
  timers.at(-1)!.callback()
  await tick()
  expect(workers.map(({ ended }) => ended)).toEqual([true, false])
  expect(workers[1]!.orders).toMatchObject([{ kind: 'map', threads: 1 }])
  // One thread has nothing to start.
  workers[1]!.say({ kind: 'starting', id: 3, done: false })
  expect(timers).toHaveLength(2)
  workers[1]!.say(mapped(3))
  expect(await second).toEqual({ levels: [1], layers: [] })
  const third = opener.map(map, watch)
  expect(workers[1]!.orders.at(-1)).toMatchObject({ threads: 1 })
  workers[1]!.die('over')
  await expect(third).rejects.toThrow('over')

  // Who gives it up meanwhile hears no more of it.
  const again = scene()
  const abort = new AbortController()
  const given = again.opener.map(map, { ...watch, signal: abort.signal })
  again.workers[0]!.say({ kind: 'starting', id: 1, done: false })
  abort.abort(new Error('stopped'))
  await expect(given).rejects.toThrow('stopped')
  expect(again.timers[0]!.cancelled).toBe(true)
  expect(again.workers).toHaveLength(1)
})
