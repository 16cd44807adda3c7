/** Reads and writes ONNX: protobuf to messages and back, and the small pieces that graphs are made of. Edits are in `editor.ts`. */
import { clone, create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  TensorShapeProtoSchema,
  TensorShapeProto_DimensionSchema,
  TypeProtoSchema,
  TypeProto_TensorSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf'
import { GraphError } from './graph-error'
import { validate } from './validate'
import { memoryToRead } from './wire'

export { DataLocation, DataType, GraphError }
export type { ModelProto, NodeProto, TensorProto, ValueInfoProto }

/** A known length, a name that stands for one, or null where nothing is known. */
export type Dimension = number | string | null

/** What a graph may take in memory beside its file, however small that is. */
const LEAST_MEMORY = 100e6

/** Throws GraphError where the bytes are not an ONNX model, or its graph does not hold together. */
export function parseModel(bytes: Uint8Array): ModelProto {
  const most = Math.max(LEAST_MEMORY, bytes.length)
  if ((memoryToRead(bytes, ModelProtoSchema, most) ?? 0) > most)
    throw new GraphError('too many parts: it would take more memory than its file twice over')
  let model: ModelProto
  try {
    model = fromBinary(ModelProtoSchema, bytes)
  } catch (error) {
    throw new GraphError(`not an ONNX model: ${error instanceof Error ? error.message : String(error)}`)
  }
  validate(model)
  return model
}

export function serializeModel(model: ModelProto): Uint8Array<ArrayBuffer> {
  return toBinary(ModelProtoSchema, model)
}

/** A copy that can be edited apart, with its own bytes of the weights that are inside. */
export function copyModel(model: ModelProto): ModelProto {
  return clone(ModelProtoSchema, model)
}

export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly string: string }
  | { readonly tensor: TensorProto }

function attributeProto(name: string, attribute: Attribute): AttributeProto {
  if ('int' in attribute)
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(attribute.int) })
  if ('ints' in attribute)
    return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: attribute.ints.map(BigInt) })
  if ('float' in attribute) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: attribute.float })
  if ('floats' in attribute)
    return create(AttributeProtoSchema, { name, type: AttributeType.FLOATS, floats: [...attribute.floats] })
  if ('tensor' in attribute)
    return create(AttributeProtoSchema, { name, type: AttributeType.TENSOR, t: attribute.tensor })
  return create(AttributeProtoSchema, {
    name,
    type: AttributeType.STRING,
    s: Uint8Array.from(new TextEncoder().encode(attribute.string)),
  })
}

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>
  /** Operator set; empty is ONNX's own. */
  readonly domain?: string
  readonly name?: string
}

export function createNode(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  options: NodeOptions = {},
): NodeProto {
  return create(NodeProtoSchema, {
    opType: op,
    input: [...inputs],
    output: [...outputs],
    domain: options.domain ?? '',
    name: options.name ?? '',
    attribute: Object.entries(options.attributes ?? {}).map(([name, attribute]) => attributeProto(name, attribute)),
  })
}

export function floatTensor(name: string, dims: readonly number[], data: ArrayLike<number>): TensorProto {
  const values = Float32Array.from(data)
  return create(TensorProtoSchema, {
    name,
    dataType: DataType.FLOAT,
    dims: dims.map(BigInt),
    rawData: new Uint8Array(values.buffer),
  })
}

export function intTensor(name: string, dims: readonly number[], data: readonly number[]): TensorProto {
  const values = BigInt64Array.from(data, BigInt)
  return create(TensorProtoSchema, {
    name,
    dataType: DataType.INT64,
    dims: dims.map(BigInt),
    rawData: new Uint8Array(values.buffer),
  })
}

/** Declaration of a float32 graph input or output. */
export const floatValue = (name: string, dims: readonly Dimension[]) => declared(name, dims, DataType.FLOAT)

export const boolValue = (name: string, dims: readonly Dimension[]) => declared(name, dims, DataType.BOOL)

function declared(name: string, dims: readonly Dimension[], elemType: number): ValueInfoProto {
  const dim = dims.map((value) =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        typeof value === 'number'
          ? { case: 'dimValue', value: BigInt(value) }
          : typeof value === 'string'
            ? { case: 'dimParam', value }
            : { case: undefined },
    }),
  )
  const tensor = create(TypeProto_TensorSchema, {
    elemType,
    shape: create(TensorShapeProtoSchema, { dim }),
  })
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  })
}

/** The declared shape of a value; null where none is declared. */
export function declaredShape(value: ValueInfoProto): Dimension[] | null {
  if (value.type?.value.case !== 'tensorType' || !value.type.value.value.shape) return null
  return value.type.value.value.shape.dim.map(({ value: dim }) =>
    dim.case === 'dimValue' ? Number(dim.value) : dim.case === 'dimParam' && dim.value !== '' ? dim.value : null,
  )
}

export function intAttribute(node: NodeProto, name: string): number | null {
  const found = node.attribute.find((attribute) => attribute.name === name)
  return found ? Number(found.i) : null
}

export function intsAttribute(node: NodeProto, name: string): number[] | null {
  const found = node.attribute.find((attribute) => attribute.name === name)
  return found ? found.ints.map(Number) : null
}

export function floatAttribute(node: NodeProto, name: string): number | null {
  const found = node.attribute.find((attribute) => attribute.name === name)
  return found ? found.f : null
}

export function tensorAttribute(node: NodeProto, name: string): TensorProto | null {
  return node.attribute.find((attribute) => attribute.name === name)?.t ?? null
}

/** Values of a small inline tensor as numbers; null where it is external, of another type, or longer than `limit`. */
export function tensorValues(tensor: TensorProto, limit = 64): number[] | null {
  if (tensor.dataLocation === DataLocation.EXTERNAL) return null
  if (tensor.dims.reduce((product, dim) => product * Number(dim), 1) > limit) return null
  const raw = tensor.rawData
  const bytes = raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength)
  switch (tensor.dataType) {
    case DataType.FLOAT:
      return tensor.floatData.length > 0 ? [...tensor.floatData] : [...new Float32Array(bytes)]
    case DataType.DOUBLE:
      return tensor.doubleData.length > 0 ? [...tensor.doubleData] : [...new Float64Array(bytes)]
    case DataType.INT64:
      return tensor.int64Data.length > 0 ? tensor.int64Data.map(Number) : Array.from(new BigInt64Array(bytes), Number)
    case DataType.INT32:
      return tensor.int32Data.length > 0 ? [...tensor.int32Data] : [...new Int32Array(bytes)]
    default:
      return null
  }
}

/** How many nodes of each operator, for reports. */
export function countOperators(model: ModelProto): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const node of model.graph?.node ?? []) counts[node.opType] = (counts[node.opType] ?? 0) + 1
  return counts
}
