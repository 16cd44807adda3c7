/** Softmax along one axis. */
import { int } from '../attributes'
import type { Operator } from '../operator'
import { product } from '../tensor'

export const softmax: Operator = {
  names: ['Softmax'],
  emit(c, node) {
    const x = c.tensor(node.input[0])
    const rank = x.dims.length
    const told = int(node, 'axis', -1)
    const axis = told < 0 ? told + rank : told
    const order = [...x.dims.map((_, i) => i).filter((i) => i !== axis), axis]
    const packed = c.emitter.ordered(x, order)
    const out = c.emitter.result(x.dims, [x], order)
    const n = x.dims[axis]!
    c.emitter.call('softmax', [packed.at, out.at, product(x.dims) / n, n], out.at.buffer)
    c.set(node.output[0]!, out)
  },
}
