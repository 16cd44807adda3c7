/** Entry of the worker that measures sets of judged images: mathematics only, some seconds of it, which neither the page nor the engine waits for. */
import { parseStatistics } from '../evaluation/judge'
import { distanceTo } from '../evaluation/manifold'
import { measured, realRadii, type RealStatistics } from '../evaluation/metrics'
import { messageOf } from '../core/failure'
import { parseOrder, type Answer } from './metrics-messages'

let real: RealStatistics | null = null
const post = (answer: Answer) => self.postMessage(answer)

/** Answers by what the held-out renders say, or with why it can't. */
function answer(id: number, of: (real: RealStatistics) => Answer) {
  try {
    if (!real) throw new Error('the held-out renders have not come')
    post(of(real))
  } catch (error) {
    post({ kind: 'failed', id, message: messageOf(error) })
  }
}

/** How far each image is from the renders, see `distanceTo`. */
function distances(features: readonly Float32Array[], statistics: RealStatistics): readonly number[] {
  const set = { data: statistics.features, width: statistics.width }
  return features.map((own) => distanceTo(set, realRadii(statistics), own))
}

self.addEventListener('message', ({ data }) => {
  // An unknown message makes this throw, and the page hears of it by the worker's error event.
  const order = parseOrder(data)
  switch (order.kind) {
    case 'real':
      real = parseStatistics(order.bytes, order.info, order.attributes)
      return
    case 'measure':
      return answer(order.id, (statistics) => ({
        kind: 'measured',
        id: order.id,
        sets: order.sets.map((set) => measured(set, statistics)),
      }))
    case 'distances':
      return answer(order.id, (statistics) => ({
        kind: 'distances',
        id: order.id,
        distances: distances(order.features, statistics),
      }))
    default:
      order satisfies never
  }
})
