/** A decoder of latents with two channels: three channels that are the two and their sum, each pixel twice as high and wide. */
import { create } from '@bufbuild/protobuf'
import { GraphProtoSchema, ModelProtoSchema, OperatorSetIdProtoSchema } from 'onnx-buf'
import { createNode, floatTensor, floatValue, serializeModel } from '../../src/network/onnx'

/** `channels`: of the latents; those after the second are left out. */
export function doublingDecoder(channels = 2): Uint8Array<ArrayBuffer> {
  const kernel = (weights: readonly number[]) => weights.flatMap((weight) => Array<number>(4).fill(weight))
  const rest = Array<number>((channels - 2) * 12).fill(0)
  const graph = create(GraphProtoSchema, {
    name: 'decoder',
    input: [floatValue('latent', ['rows', channels, 'h', 'w'])],
    output: [floatValue('sample', ['rows', 3, 'H', 'W'])],
    initializer: [floatTensor('kernel', [channels, 3, 2, 2], [...kernel([1, 0, 1]), ...kernel([0, 1, 1]), ...rest])],
    node: [
      createNode('ConvTranspose', ['latent', 'kernel'], ['sample'], { attributes: { strides: { ints: [2, 2] } } }),
    ],
  })
  const opsetImport = [create(OperatorSetIdProtoSchema, { domain: '', version: 17n })]
  return serializeModel(create(ModelProtoSchema, { irVersion: 8n, graph, opsetImport }))
}
