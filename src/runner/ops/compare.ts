/** Which of two values is larger, as 0 and 1. */
import { binary, unary } from '../broadcast'
import type { Operator } from '../operator'

export const compare: Operator = {
  names: ['Greater', 'Less'],
  emit(c, node) {
    const [first, second] = node.opType === 'Greater' ? node.input : [node.input[1], node.input[0]]
    const difference = binary(c.emitter, 'sub', c.tensor(first), c.tensor(second))
    c.set(node.output[0]!, unary(c.emitter, 'sign', unary(c.emitter, 'relu', difference)))
  },
}
