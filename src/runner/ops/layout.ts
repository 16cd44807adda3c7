/** Operators that only say in which axes values are counted. Most of them move nothing. */
import { int, ints } from '../attributes'
import type { NodeProto } from '../../network/onnx'
import type { Compilation } from '../compilation'
import { broadcastDims, reshapeDims, squeezedDims, unsqueezedDims } from '../dims'
import type { Operator } from '../operator'
import { expanded, product, reshaped, transposed } from '../tensor'
import { Unsupported } from '../unsupported'

function targetOf(c: Compilation, node: NodeProto, from: readonly number[]): readonly number[] {
  switch (node.opType) {
    case 'Reshape':
      return reshapeDims(from, c.numbers(node.input[1]), int(node, 'allowzero', 0) === 1)
    case 'Flatten': {
      const axis = int(node, 'axis', 1)
      const at = axis < 0 ? axis + from.length : axis
      return [product(from.slice(0, at)), product(from.slice(at))]
    }
    case 'Unsqueeze':
      return unsqueezedDims(from, c.axes(node, 1) ?? [])
    case 'Squeeze':
      return squeezedDims(from, c.axes(node, 1))
    default:
      throw new Unsupported(node.opType)
  }
}

/** Other axes. What would need a copy waits until somebody needs the values so. */
function reshape(c: Compilation, node: NodeProto): void {
  const [input, output] = [node.input[0]!, node.output[0]!]
  const dims = targetOf(c, node, c.dims(input))
  const value = c.value(input)!
  if (value.kind === 'normalised') {
    if (c.readers(input).length === 1) return c.set(output, { ...value, dims })
  } else if (value.kind === 'regrouped') {
    const { source } = value
    const back = reshaped(source, dims)
    return c.set(output, back ?? { kind: 'regrouped', source, dims })
  }
  const tensor = c.tensor(input)
  // A norm over groups of channels has to know the channels.
  const norm = c.soleReader(output)?.opType === 'InstanceNormalization'
  c.set(output, (norm ? null : reshaped(tensor, dims)) ?? { kind: 'regrouped', source: tensor, dims })
}

function order(node: NodeProto, rank: number): readonly number[] {
  return ints(node, 'perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis)
}

export const layout: Operator = {
  names: ['Reshape', 'Flatten', 'Unsqueeze', 'Squeeze', 'Transpose', 'Expand', 'Identity', 'Dropout'],
  emit(c, node) {
    const [input, output] = [node.input[0]!, node.output[0]!]
    switch (node.opType) {
      case 'Transpose': {
        const x = c.tensor(input)
        return c.set(output, transposed(x, order(node, x.dims.length)))
      }
      case 'Expand': {
        const x = c.tensor(input)
        return c.set(output, expanded(x, broadcastDims([x.dims, c.numbers(node.input[1])])))
      }
      case 'Identity':
      case 'Dropout':
        return c.set(output, c.value(input) ?? c.tensor(input))
      default:
        return reshape(c, node)
    }
  },
}
