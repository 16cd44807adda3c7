/** A model of one node, with which a runtime starts. */
import { create } from '@bufbuild/protobuf'
import { GraphProtoSchema, ModelProtoSchema, OperatorSetIdProtoSchema } from 'onnx-buf'
import { createNode, floatValue, serializeModel } from '../../network/onnx'

/** The smallest model there is: a session of it starts the runtime while the real model still downloads. */
export function identityModel(): Uint8Array<ArrayBuffer> {
  return serializeModel(
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [create(OperatorSetIdProtoSchema, { version: 17n })],
      graph: create(GraphProtoSchema, {
        name: 'identity',
        node: [createNode('Identity', ['x'], ['y'])],
        input: [floatValue('x', [1])],
        output: [floatValue('y', [1])],
      }),
    }),
  )
}
