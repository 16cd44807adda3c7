/** Tensors full of one number. */
import { filling } from '../known'
import type { Operator } from '../operator'
import { expanded } from '../tensor'

export const filled: Operator = {
  names: ['ConstantOfShape'],
  emit(c, node) {
    const one = c.emitter.values([], [filling(node).value])
    c.set(node.output[0]!, expanded(one, c.numbers(node.input[0])))
  },
}
