/** Values held between two bounds. */
import { binary } from '../broadcast'
import type { Operator } from '../operator'

export const clip: Operator = {
  names: ['Clip'],
  emit(c, node) {
    let x = c.tensor(node.input[0])
    const [low, high] = [c.optional(node.input[1]), c.optional(node.input[2])]
    if (low) x = binary(c.emitter, 'max', x, low)
    if (high) x = binary(c.emitter, 'min', x, high)
    c.set(node.output[0]!, x)
  },
}
