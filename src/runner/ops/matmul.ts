/** Products of matrices, with the bias, the activation and the sum behind them. */
import { matmul as emit, following } from '../products'
import type { Operator } from '../operator'

export const matmul: Operator = {
  names: ['MatMul'],
  emit(c, node) {
    const [a, b] = [c.tensor(node.input[0]), c.tensor(node.input[1])]
    const columns = b.dims.length > 1 ? b.dims.at(-1)! : 1
    const after = following(c, node.output[0]!, columns, b.dims.length === 2)
    c.set(after.name, emit(c.emitter, a, b, after))
  },
}
