/** Entry of the worker that measures sets of judged images: mathematics only, some seconds of it, which neither the page nor the engine waits for. */
import { parseStatistics } from '../evaluation/judge'
import { metricsOf, type RealStatistics } from '../evaluation/metrics'
import { messageOf } from '../core/failure'
import { parseOrder, type Answer } from './metrics-messages'

let real: RealStatistics | null = null
const post = (answer: Answer) => self.postMessage(answer)

self.addEventListener('message', ({ data }) => {
  // An unknown message makes this throw, and the page hears of it by the worker's error event.
  const order = parseOrder(data)
  switch (order.kind) {
    case 'real':
      real = parseStatistics(order.bytes, order.info)
      return
    case 'measure':
      try {
        if (!real) throw new Error('the held-out renders have not come')
        const statistics = real
        post({ kind: 'measured', id: order.id, metrics: order.sets.map((set) => metricsOf(set, statistics)) })
      } catch (error) {
        post({ kind: 'failed', id: order.id, message: messageOf(error) })
      }
      return
    default:
      order satisfies never
  }
})
