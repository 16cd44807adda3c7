/** The part of an ONNX Runtime package that is used; onnxruntime-node and onnxruntime-web share the API of onnxruntime-common. */
import type { InferenceSession, Tensor, TensorConstructor } from 'onnxruntime-web'
import { widenHalf } from '../core/half'
import { GraphError } from '../network/onnx'

export interface Runtime {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options?: InferenceSession.SessionOptions): Promise<InferenceSession>
  }
  readonly Tensor: TensorConstructor
}

export type Tensors = Readonly<Record<string, Tensor>>

/** An output's values, in single precision. Throws GraphError where the graph has no such output. */
export function floats(outputs: Tensors, name: string): Float32Array {
  const { data, type } = outputs[name] ?? {}
  if (data instanceof Float32Array) return data
  // Where engines have a Float16Array, the runtime may hand out one: its bits are read all the same.
  if (type === 'float16' && ArrayBuffer.isView(data))
    return widenHalf(new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2))
  throw new GraphError(`the graph has no float output ${name}`)
}
