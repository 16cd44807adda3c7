/** How large a network is, and what that means for a person who opens it. Pure. */
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

/** What two networks were measured to take on WASM, with one thread. */
const SMALL = { parameters: 36e6, seconds: 0.6 }
const LARGE = { parameters: 147e6, seconds: 1.8, bytes: 3.2e9 }

/** What a row takes in a browser without a graphics processor: between what was measured, and in proportion outside. A picture of another size takes another time. */
export function browserCost(parameters: number): { readonly seconds: number; readonly bytes: number } {
  const slope = (LARGE.seconds - SMALL.seconds) / (LARGE.parameters - SMALL.parameters)
  const seconds =
    parameters < SMALL.parameters
      ? (parameters / SMALL.parameters) * SMALL.seconds
      : SMALL.seconds + slope * (parameters - SMALL.parameters)
  return { seconds, bytes: (parameters / LARGE.parameters) * LARGE.bytes }
}
