/** A network of latents with its decoder in folders beside each other, both with weights in files of one name, as optimum writes them. */
import { create } from '@bufbuild/protobuf'
import { GraphProtoSchema, ModelProtoSchema, OperatorSetIdProtoSchema, StringStringEntryProtoSchema } from 'onnx-buf'
import * as ort from 'onnxruntime-node'
import { expect, it } from 'vitest'
import { LatentDecoder } from '../../../src/engine/latent-decoder'
import { parseKept, keptOf } from '../../../src/model/kept'
import {
  createNode,
  DataLocation,
  floatTensor,
  floatValue,
  parseModel,
  serializeModel,
} from '../../../src/network/onnx'
import type { Answer } from '../../../src/worker/opener/messages'
import { ModelOpener } from '../../../src/worker/opener/opener'
import { doublingDecoder } from '../../support/decoder'

const image = { channels: 2, height: 2, width: 2 }

/** x times one weight. */
function network(): Uint8Array {
  const graph = create(GraphProtoSchema, {
    name: 'network',
    input: [floatValue('sample', ['rows', 2, 2, 2]), floatValue('timestep', ['rows'])],
    output: [floatValue('prediction', ['rows', 2, 2, 2])],
    initializer: [floatTensor('one', [2, 2, 2], new Float32Array(8).fill(0.5))],
    node: [createNode('Mul', ['sample', 'one'], ['prediction'])],
  })
  const opsetImport = [create(OperatorSetIdProtoSchema, { domain: '', version: 17n })]
  return serializeModel(create(ModelProtoSchema, { irVersion: 8n, graph, opsetImport }))
}

/** A graph, and its only weight in a file beside it. */
function apart(bytes: Uint8Array, location: string) {
  const model = parseModel(bytes)
  const [tensor] = model.graph!.initializer
  const data = tensor!.rawData
  tensor!.rawData = new Uint8Array()
  tensor!.dataLocation = DataLocation.EXTERNAL
  tensor!.externalData = [create(StringStringEntryProtoSchema, { key: 'location', value: location })]
  return { graph: serializeModel(model), data }
}

const fileOf = (path: string, bytes: Uint8Array) => ({ path, file: new File([Uint8Array.from(bytes)], path) })
const [net, decoder] = [apart(network(), 'model.onnx_data'), apart(doublingDecoder(), 'model.onnx_data')]
const files = [
  fileOf('p/unet/model.onnx', net.graph),
  fileOf('p/unet/model.onnx_data', net.data),
  fileOf('p/vae_decoder/model.onnx', decoder.graph),
  fileOf('p/vae_decoder/model.onnx_data', decoder.data),
]

async function asked<K extends Answer['kind']>(kind: K, order: Parameters<ModelOpener['handle']>[0]) {
  const said: Answer[] = []
  const start = () => Promise.resolve({ runtime: ort, sessionOptions: {} })
  await new ModelOpener({ post: (answer) => said.push(answer), start, now: () => 0 }).handle(order)
  const last = said.at(-1)!
  if (last.kind !== kind) throw new Error(JSON.stringify(last))
  return last as Extract<Answer, { kind: K }>
}
const look = (some: typeof files) => asked('looked', { kind: 'look', id: 1, files: some, graph: 'p/unet/model.onnx' })

it('is opened with its decoder, each with its own weights', async () => {
  const looked = await look(files)
  expect(looked.beside.decoder).toBe('p/vae_decoder/model.onnx')
  const { model, files: kept } = await asked('opened', {
    kind: 'open',
    id: 2,
    files,
    graph: 'p/unet/model.onnx',
    beside: looked.beside,
    description: { ...looked.look.guess!.description, latent: { factor: 2, shift: 0, decoder: null } },
    named: { name: 'latents' },
    threads: 1,
  })
  const { latent } = parseKept(JSON.parse(JSON.stringify(keptOf(model))))
  const { graph, weights } = latent!.decoder!
  const made = await LatentDecoder.create({
    graph: kept[graph.file]!,
    weights: Object.fromEntries(weights.map(({ file }) => [file, kept[file]!])),
    latent: latent!,
    image,
    runtime: ort,
  })
  const { image: picture } = await made.decode(Float32Array.of(2, 4, 6, 8, 0, 0, 0, 0))
  await made.release()
  expect(Array.from(picture.slice(0, 8))).toEqual([1, 1, 2, 2, 1, 1, 2, 2])
})

it('without the decoder’s weights that is said, and the network’s of the same name are not taken for them', async () => {
  const { look: own, beside, notes } = await look(files.slice(0, 3))
  expect(own.missing).toEqual([])
  expect(beside.decoder).toBeNull()
  expect(notes).toEqual([
    'p/vae_decoder/model.onnx makes pictures of latents, with weights in model.onnx_data: drop that file, too.',
  ])
})
