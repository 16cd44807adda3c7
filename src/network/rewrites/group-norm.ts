/**
 * A group normalisation, which exporters write as an InstanceNormalization of [rows, groups, all of a group], is a LayerNormalization
 * over that last axis: one dispatch where the instance normalisation takes two.
 */
import { floatAttribute } from '../onnx'
import type { Rewrite } from '../rewrite'

/** What ONNX takes where none is named. */
const EPSILON = 1e-5

export const groupNorm: Rewrite = {
  name: 'group norm as layer norm',
  order: 10,
  apply(places) {
    let count = 0
    for (const node of places.of('InstanceNormalization')) {
      const [input = '', scale = '', shift = ''] = node.input
      const length = places.shape(input)
      const plain =
        places.values(scale)?.every((value) => value === 1) && places.values(shift)?.every((value) => value === 0)
      if (!plain || length?.length !== 3) continue
      const ones = places.filled(length[2]!, 1)
      const normal = places.add('LayerNormalization', [input, ones], `${node.output[0]}/layer`, {
        attributes: { axis: { int: -1 }, epsilon: { float: floatAttribute(node, 'epsilon') ?? EPSILON } },
      })
      places.replace(node, normal)
      count += 1
    }
    return count
  },
}
