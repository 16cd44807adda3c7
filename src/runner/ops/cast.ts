/** Between types: everything that depends on a run is single precision here. */
import { int } from '../attributes'
import { DataType } from '../../network/onnx'
import type { Operator } from '../operator'
import { Unsupported } from '../unsupported'

const FLOATS: ReadonlySet<number> = new Set([DataType.FLOAT, DataType.DOUBLE])

export const cast: Operator = {
  names: ['Cast', 'CastLike'],
  emit(c, node) {
    // Integers that depend on a run are read as floats, in which those that networks are asked with are exact.
    if (node.opType === 'Cast' && !FLOATS.has(int(node, 'to', DataType.FLOAT)))
      throw new Unsupported('a cast to integers, or to half precision, of what depends on the inputs')
    c.set(node.output[0]!, c.value(node.input[0]) ?? c.tensor(node.input[0]))
  },
}
