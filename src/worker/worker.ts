/** Entry of the engine's worker. */
import { openBackend } from './open-backend'
import { WorkerEngine } from './engine/worker-engine'
import { parseCommand, type Reply } from './messages'

/** The page sends the next pass or the next point of a drag sooner than this. */
const REST_MS = 500

// A message to oneself comes after the messages that have arrived; a timer would add milliseconds.
const { port1, port2 } = new MessageChannel()
const waiting: (() => void)[] = []
port1.onmessage = () => waiting.shift()?.()

const engine = new WorkerEngine({
  post: (reply) => self.postMessage(reply),
  open: openBackend,
  yieldToMessages: () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      port2.postMessage(null)
    }),
  rest: () => new Promise((resolve) => setTimeout(resolve, REST_MS)),
  now: () => performance.now(),
})

/** Holds a lock until this worker ends, which is how the page hears of that. Where the page is not secure there are none. */
const locks = (navigator as Partial<Navigator>).locks
if (locks) {
  const lock = `engine ${crypto.randomUUID()}`
  const held = locks.request(lock, () => {
    self.postMessage({ kind: 'living', lock } satisfies Reply)
    return new Promise<never>(() => undefined)
  })
  // A frame without an origin may hold none.
  held.catch(() => undefined)
}

self.addEventListener('message', ({ data }) => {
  // An unknown message makes this throw, and the page hears of it by the worker's error event.
  void engine.handle(parseCommand(data))
})
