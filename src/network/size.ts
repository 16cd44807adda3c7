/** How large a network is. Pure. */
import { valueCount } from './validate'
import { DataType, tensorAttribute, type ModelProto, type TensorProto } from './onnx'

/** Of these types are shapes, axes and indices. */
const NO_WEIGHTS: readonly DataType[] = [
  DataType.INT64,
  DataType.INT32,
  DataType.BOOL,
  DataType.STRING,
  DataType.UNDEFINED,
]

const isWeight = ({ dataType }: TensorProto) => !NO_WEIGHTS.includes(dataType)

/** Values of a graph that were trained, as far as a file tells: all that are no whole numbers of 32 bits or more. */
export function countParameters({ graph }: ModelProto): number {
  const constants = (graph?.node ?? []).flatMap((node) =>
    node.opType === 'Constant' ? (tensorAttribute(node, 'value') ?? []) : [],
  )
  return [...(graph?.initializer ?? []), ...constants]
    .filter(isWeight)
    .reduce((total, tensor) => total + valueCount(tensor), 0)
}
