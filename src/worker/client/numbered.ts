/** Orders to a worker that answers each by its number: of one kind of worker that has no state a successor would need. */
import { messageOf } from '../../core/failure'
import type { WorkerPort } from './parts'

interface Said {
  readonly id: number
}
/** What an answer is that is none: `message` is a sentence. */
type Failed = Said & { readonly kind: 'failed'; readonly message: string }
/** What is left of a worker's answers. */
export type Good<Answer> = Exclude<Answer, { readonly kind: 'failed' }>

interface Asked<Answer> {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

export interface Numbered<Order, Answer> {
  /** Rejects with a sentence. */
  ask(order: (id: number) => Order): Promise<Answer>
  /** Ends the worker; what waits for an answer is rejected with this. */
  end(why: string): void
}

interface Told<Answer> {
  readonly worker: WorkerPort
  /** Throws for what is no answer. */
  readonly parse: (data: unknown) => Answer | Failed
  /** Why it stopped, of what the browser says, as a sentence. */
  readonly stopped: (message: string | undefined) => string
}

const isFailed = (answer: Said): answer is Failed => 'kind' in answer && answer.kind === 'failed'

export function numbered<Order, Answer extends Said>({
  worker,
  parse,
  stopped,
}: Told<Answer>): Numbered<Order, Answer> {
  const waiting = new Map<number, Asked<Answer>>()
  let ids = 0
  const fail = (why: string) => {
    for (const { reject } of waiting.values()) reject(new Error(why))
    waiting.clear()
  }
  worker.addEventListener('message', (event) => {
    try {
      const answer = parse((event as MessageEvent).data)
      const asked = waiting.get(answer.id)
      waiting.delete(answer.id)
      if (isFailed(answer)) asked?.reject(new Error(answer.message))
      else asked?.resolve(answer)
    } catch (error) {
      fail(messageOf(error))
    }
  })
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    fail(stopped((event as Partial<ErrorEvent>).message))
  })
  return {
    ask: (order) =>
      new Promise((resolve, reject) => {
        const id = ++ids
        waiting.set(id, { resolve, reject })
        worker.postMessage(order(id))
      }),
    end: (why) => {
      worker.terminate()
      fail(why)
    },
  }
}
