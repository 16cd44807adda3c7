/** The part of an ONNX Runtime package that is used; onnxruntime-node and onnxruntime-web share the API of onnxruntime-common. */
import type { InferenceSessionFactory, Tensor, TensorConstructor } from 'onnxruntime-web'
import { GraphError } from '../network/onnx'

export interface Runtime {
  readonly InferenceSession: InferenceSessionFactory
  readonly Tensor: TensorConstructor
}

export type Tensors = Readonly<Record<string, Tensor>>

/** An output's values. Throws GraphError where the graph has no such output. */
export function floats(outputs: Tensors, name: string): Float32Array {
  const data = outputs[name]?.data
  if (!(data instanceof Float32Array)) throw new GraphError(`the graph has no float32 output ${name}`)
  return data
}
