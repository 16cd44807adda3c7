/** Tensors of a file as numbers, and a text that tells equal ones. */
import { widenHalf } from '../core/half'
import { DataType, type TensorProto } from '../network/onnx'
import { Unsupported } from './unsupported'

export function kindOf({ dataType }: TensorProto): 'float' | 'integer' | 'boolean' {
  if (dataType === DataType.BOOL) return 'boolean'
  return dataType === DataType.FLOAT || dataType === DataType.DOUBLE || dataType === DataType.FLOAT16
    ? 'float'
    : 'integer'
}

/** Floats in single precision; integers as they are. `raw` is empty where the file holds a list. Throws Unsupported for other types. */
export function numbersOf(tensor: TensorProto, raw: Uint8Array, count: number): Float32Array | Float64Array {
  const inside = raw.byteLength === 0 && count > 0
  const bytes = () => raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength)
  switch (tensor.dataType) {
    case DataType.FLOAT:
      if (inside) return Float32Array.from(tensor.floatData)
      return raw.byteOffset % 4 === 0 ? new Float32Array(raw.buffer, raw.byteOffset, count) : new Float32Array(bytes())
    case DataType.DOUBLE:
      return Float32Array.from(inside ? tensor.doubleData : new Float64Array(bytes()))
    case DataType.FLOAT16: {
      const halves = inside ? Uint16Array.from(tensor.int32Data) : new Uint16Array(bytes())
      return widenHalf(halves)
    }
    case DataType.INT64:
      return Float64Array.from(inside ? tensor.int64Data.map(Number) : Array.from(new BigInt64Array(bytes()), Number))
    case DataType.INT32:
      return Float64Array.from(inside ? tensor.int32Data : new Int32Array(bytes()))
    case DataType.BOOL:
      return Float64Array.from(inside ? tensor.int32Data : new Uint8Array(bytes()))
    default:
      throw new Unsupported(`values of type ${tensor.dataType}`)
  }
}

/** Equal for equal names and bytes. */
export function contentKey(tensor: TensorProto): string {
  let [a, b] = [2166136261, 5381]
  const mix = (value: number) => {
    a = Math.imul(a ^ value, 16777619)
    b = Math.imul(b, 33) ^ value
  }
  for (const byte of tensor.rawData) mix(byte)
  for (const value of [...tensor.floatData, ...tensor.int32Data, ...tensor.doubleData]) mix(Math.fround(value) * 65536)
  return `${tensor.name} ${tensor.rawData.length} ${tensor.dims.join('x')} ${a} ${b}`
}
