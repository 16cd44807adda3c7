/** Opens graphs under edit with an ONNX Runtime package, for what has to run them to know them. */
import type { InferenceSession, Tensor } from 'onnxruntime-web'
import { GraphError, serializeModel } from '../network/onnx'
import type { Feeds, GraphTensor, OpenGraph } from '../network/maps/types'
import { WEIGHTS_PATH, type Weights } from '../network/weights'
import type { Runtime } from './runtime'

const TYPES = ['float32', 'float16', 'int64', 'int32', 'uint8', 'int8', 'bool', 'float64'] as const

function read({ type, dims, data }: Tensor): GraphTensor {
  const known = TYPES.find((one) => one === type)
  if (!known || typeof data === 'string' || Array.isArray(data))
    throw new GraphError(`a tensor of ${type} can’t be read`)
  const bits = ArrayBuffer.isView(data) && data.constructor.name === 'Float16Array'
  const values = bits ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data
  return { type: known, dims, data: values as GraphTensor['data'] }
}

/** `weights` are those that the model was attached to, where its bytes are outside. */
export function openGraph(
  { InferenceSession, Tensor }: Runtime,
  weights: Weights | null,
  sessionOptions: InferenceSession.SessionOptions,
): OpenGraph {
  return async (model) => {
    const session = await InferenceSession.create(serializeModel(model), {
      ...sessionOptions,
      ...(weights && weights.data.byteLength > 0 && { externalData: [{ path: WEIGHTS_PATH, data: weights.data }] }),
    })
    return {
      run: async (feeds: Feeds) => {
        const taken = session.inputNames.map((name) => {
          const { type, data, dims } = feeds[name] ?? { type: 'missing' as const, data: null, dims: [] }
          if (type === 'missing') throw new GraphError(`the graph’s input ${name} was not given`)
          return [name, new Tensor(type as 'float32', data as Float32Array, dims)] as const
        })
        const outputs = await session.run(Object.fromEntries(taken))
        return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, read(tensor)]))
      },
      release: () => session.release(),
    }
  }
}
