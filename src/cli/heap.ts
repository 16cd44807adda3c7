/**
 * Bytes that a page and its workers hold in Chromium: objects, documents, and the memory behind arrays and WebAssembly. Asked of the
 * developer tools, since the page's own `measureUserAgentSpecificMemory` may wait without end where a worker was just replaced.
 */
import type { CDPSession, Page } from 'playwright-core'

/** A page or a worker that says nothing for so long is stuck. */
const SILENCE_MS = 30_000

/** Put before a worker's script. Memory that threads share is in no isolate's count, and its length is known only where it was made. */
export const COUNTS_MEMORY = `const memories = []
WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
  construct(target, given) {
    memories.push(Reflect.construct(target, given))
    return memories.at(-1)
  },
})
self.sharedBytes = () =>
  memories.reduce((sum, { buffer }) => sum + (buffer instanceof ArrayBuffer ? 0 : buffer.byteLength), 0);
`

type Ask = CDPSession['send']

/** Of one isolate, after what is garbage has gone. */
async function heldBy(ask: Ask): Promise<number> {
  await ask('HeapProfiler.collectGarbage')
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await ask('Runtime.getHeapUsage')
  const { result } = await ask('Runtime.evaluate', { expression: 'self.sharedBytes?.() ?? 0' })
  return usedSize + embedderHeapUsedSize + backingStorageSize + Number(result.value)
}

interface Answer {
  readonly id?: number
  readonly error?: { readonly message: string }
  readonly result?: never
}

/** What is asked of a worker travels in messages of the page's session. */
function askerOf(devtools: CDPSession, sessionId: string): Ask {
  let ids = 0
  return (method, params) =>
    new Promise((resolve, reject) => {
      const id = ++ids
      const listen = (received: { readonly sessionId: string; readonly message: string }) => {
        const { id: answered, error, result }: Answer = JSON.parse(received.message)
        if (received.sessionId !== sessionId || answered !== id) return
        devtools.off('Target.receivedMessageFromTarget', listen)
        if (error) reject(new Error(error.message))
        else resolve(result!)
      }
      devtools.on('Target.receivedMessageFromTarget', listen)
      const message = JSON.stringify({ id, method, params })
      devtools.send('Target.sendMessageToTarget', { sessionId, message }).catch(reject)
    })
}

export interface Heaps {
  readonly page: number
  /** Of all its workers, with the memory that they made for threads to share. */
  readonly workers: number
}

async function measured(devtools: CDPSession): Promise<Heaps> {
  const workers: string[] = []
  devtools.on('Target.attachedToTarget', ({ sessionId }) => workers.push(sessionId))
  const own = await heldBy(devtools.send.bind(devtools))
  // Without `flatten`, playwright leaves to us what the workers say.
  await devtools.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false })
  let others = 0
  for (const worker of workers) others += await heldBy(askerOf(devtools, worker))
  await devtools.detach()
  return { page: own, workers: others }
}

/** Rejects where the page or a worker does not answer. */
export async function heapsOf(page: Page): Promise<Heaps> {
  const devtools = await page.context().newCDPSession(page)
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the page or one of its workers does not answer')), SILENCE_MS)
  })
  try {
    return await Promise.race([measured(devtools), silence])
  } finally {
    clearTimeout(timer)
  }
}
