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

/** How many values each trained tensor has, as far as a file tells: all tensors that are no whole numbers of 32 bits or more. */
function weightSizes({ graph }: ModelProto): readonly number[] {
  const constants = (graph?.node ?? []).flatMap((node) =>
    node.opType === 'Constant' ? (tensorAttribute(node, 'value') ?? []) : [],
  )
  return [...(graph?.initializer ?? []), ...constants].filter(isWeight).map(valueCount)
}

/** Values of a graph that were trained. */
export const countParameters = (model: ModelProto): number =>
  weightSizes(model).reduce((total, size) => total + size, 0)

/** Values of the largest tensor of them. */
export const largestWeight = (model: ModelProto): number =>
  weightSizes(model).reduce((most, size) => Math.max(most, size), 0)
