/** GELU by its approximation with tanh: x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))). */
import type { NodeProto } from '../../network/onnx'
import { text } from '../attributes'
import { binary, unary } from '../broadcast'
import type { Compilation } from '../compilation'
import type { Operator } from '../operator'
import type { Tensor } from '../tensor'
import { activate } from './unary'

function byTanh(c: Compilation, x: Tensor): Tensor {
  const { emitter } = c
  const scalar = (value: number) => emitter.values([], [value])
  const times = (a: Tensor, b: Tensor) => binary(emitter, 'mul', a, b)
  const plus = (a: Tensor, b: Tensor) => binary(emitter, 'add', a, b)
  const cubic = plus(times(unary(emitter, 'square', x), scalar(0.044715)), scalar(1))
  const inner = times(times(x, scalar(Math.sqrt(2 / Math.PI))), cubic)
  return times(times(x, scalar(0.5)), plus(unary(emitter, 'tanh', inner), scalar(1)))
}

const isTanh = (node: NodeProto) => node.opType === 'FastGelu' || text(node, 'approximate') === 'tanh'

export const gelu: Operator = {
  names: ['Gelu', 'com.microsoft.Gelu', 'com.microsoft.FastGelu'],
  emit(c, node) {
    if (!isTanh(node)) return activate(c, 'gelu', node.input[0]!, node.output[0]!)
    const x = c.tensor(node.input[0])
    const bias = c.optional(node.input[1])
    c.set(node.output[0]!, byTanh(c, bias ? binary(c.emitter, 'add', x, bias) : x))
  },
}
