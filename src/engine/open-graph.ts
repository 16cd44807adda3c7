/** Opens graphs under edit with an ONNX Runtime package, for what has to run them to know them. */
import type { InferenceSession, Tensor } from 'onnxruntime-web'
import { GraphError, serializeModel } from '../network/onnx'
import type { Feeds, GraphSession, GraphTensor, OpenGraph } from '../network/maps/types'
import { WEIGHTS_PATH, type Weights } from '../network/weights'
import type { Runtime } from './runtime'

/** A runtime's tensor. Throws GraphError for a type that no graph here has to do with. */
export function graphTensor({ type, dims, data }: Tensor): GraphTensor {
  if (data instanceof Float32Array) return { type: 'float32', dims, data }
  if (data instanceof BigInt64Array) return { type: 'int64', dims, data }
  if (data instanceof Int32Array) return { type: 'int32', dims, data }
  if (type === 'bool' && data instanceof Uint8Array) return { type, dims, data }
  // Where engines have a Float16Array, the runtime may hand out one: its bits are read all the same.
  if (type === 'float16' && ArrayBuffer.isView(data))
    return { type, dims, data: new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) }
  throw new GraphError(`a tensor of ${type} can’t be read`)
}

function made({ type, data, dims }: GraphTensor, { Tensor }: Runtime): Tensor {
  switch (type) {
    case 'float32':
      return new Tensor(type, data, dims)
    case 'float16':
      return new Tensor(type, data, dims)
    case 'int64':
      return new Tensor(type, data, dims)
    case 'int32':
      return new Tensor(type, data, dims)
    case 'bool':
      return new Tensor(type, data, dims)
    default:
      return type satisfies never
  }
}

/** A loaded graph as one that is asked by name. */
export function graphSession(session: InferenceSession, runtime: Runtime): GraphSession {
  return {
    run: async (feeds: Feeds) => {
      const taken = session.inputNames.map((name) => {
        const given = feeds[name]
        if (!given) throw new GraphError(`the graph’s input ${name} was not given`)
        return [name, made(given, runtime)] as const
      })
      const outputs = await session.run(Object.fromEntries(taken))
      return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, graphTensor(tensor)]))
    },
    release: () => session.release(),
  }
}

/** `weights` are those that the model was attached to, where its bytes are outside. */
export function openGraph(
  runtime: Runtime,
  weights: Weights | null,
  sessionOptions: InferenceSession.SessionOptions,
): OpenGraph {
  return async (model) => {
    const session = await runtime.InferenceSession.create(serializeModel(model), {
      ...sessionOptions,
      ...(weights && weights.data.byteLength > 0 && { externalData: [{ path: WEIGHTS_PATH, data: weights.data }] }),
    })
    return graphSession(session, runtime)
  }
}
