/** An engine that draws no pictures: the session's commands serve the plane as they are, and its points come from elsewhere. */
import type { Engine } from '../../../worker/protocol'

const none = () => Promise.reject(new Error('the plane has no pictures'))

export function silentEngine(): Engine {
  let runs = 0
  return {
    start: () => undefined,
    run: () => ++runs,
    cancel: () => undefined,
    attentionMap: none,
    useVision: none,
    draw: none,
    foresee: none,
    judge: none,
    decode: none,
    dispose: () => undefined,
  }
}
