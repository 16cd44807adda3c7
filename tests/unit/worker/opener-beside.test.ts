/** A network of latents with its decoder in folders beside each other, both with weights in files of one name, as optimum writes them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { create } from '@bufbuild/protobuf'
import { GraphProtoSchema, ModelProtoSchema, OperatorSetIdProtoSchema, StringStringEntryProtoSchema } from 'onnx-buf'
import * as ort from 'onnxruntime-node'
import { expect, it } from 'vitest'
import { LatentDecoder } from '../../../src/engine/latent-decoder'
import { parseEmbeddings } from '../../../src/model/embeddings'
import { parseKept, keptOf } from '../../../src/model/kept'
import {
  createNode,
  DataLocation,
  floatTensor,
  floatValue,
  intTensor,
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

const fileOf = (path: string, bytes: Uint8Array | Buffer) => ({ path, file: new File([Uint8Array.from(bytes)], path) })
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
    inside: true,
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

/** x times a weight, moved by what it is told of a text. */
function told(tokens: readonly number[], whole: readonly number[]): Uint8Array {
  const ints = (name: string, ...values: readonly number[]) => intTensor(name, [values.length], values)
  const graph = create(GraphProtoSchema, {
    name: 'network',
    input: [
      floatValue('sample', ['rows', 2, 2, 2]),
      floatValue('timestep', ['rows']),
      floatValue('encoder_hidden_states', ['rows', ...tokens]),
      floatValue('text_embeds', ['rows', ...whole]),
    ],
    output: [floatValue('prediction', ['rows', 2, 2, 2])],
    initializer: [floatTensor('half', [1, 1, 1], [0.5]), ints('one', 1), ints('both', 1, 2), ints('flat', -1, 1, 1, 1)],
    node: [
      createNode('ReduceSum', ['encoder_hidden_states', 'both'], ['a'], { attributes: { keepdims: { int: 0 } } }),
      createNode('ReduceSum', ['text_embeds', 'one'], ['b'], { attributes: { keepdims: { int: 0 } } }),
      createNode('Add', ['a', 'b'], ['c']),
      createNode('Reshape', ['c', 'flat'], ['d']),
      createNode('Mul', ['sample', 'half'], ['e']),
      createNode('Add', ['e', 'd'], ['prediction']),
    ],
  })
  const opsetImport = [create(OperatorSetIdProtoSchema, { domain: '', version: 17n })]
  return serializeModel(create(ModelProtoSchema, { irVersion: 8n, graph, opsetImport }))
}

it('two encoders in folders as optimum writes them embed its texts, each by its own tokenizer', async () => {
  const golden = join(import.meta.dirname, '../../golden/texts')
  const given = (path: string, from: string) => fileOf(path, readFileSync(join(golden, from)))
  const tokenizer = (folder: string, from: string) =>
    ['tokenizer.json', 'tokenizer_config.json'].map((name) => given(`${folder}/${name}`, `${from}/${name}`))
  const all = [
    fileOf('p/unet/model.onnx', told([16, 36], [14])),
    // Another encoder's comes first.
    ...tokenizer('p/other', 't5'),
    given('p/text_encoder_2/model.onnx', 'pipelines/xl/text_encoder_2/model.onnx'),
    given('p/text_encoder/model.onnx', 'pipelines/xl/text_encoder/model.onnx'),
    ...tokenizer('p/tokenizer', 'clip'),
    ...tokenizer('p/tokenizer_2', 'clip'),
  ]
  const looked = await look(all)
  expect(looked.beside.encoders).toEqual(['p/text_encoder/model.onnx', 'p/text_encoder_2/model.onnx'])
  const { prompts, xl } = JSON.parse(readFileSync(join(golden, 'pipelines/golden.json'), 'utf8'))
  const { files: kept } = await asked('opened', {
    kind: 'open',
    inside: true,
    id: 2,
    files: all,
    graph: 'p/unet/model.onnx',
    beside: looked.beside,
    description: looked.look.guess!.description,
    named: { name: 'texts', prompts: prompts.slice(1) },
    threads: 1,
  })
  const found = parseEmbeddings(kept['embeddings.safetensors']!)
  for (const [at, key] of ['encoder_hidden_states', 'text_embeds'].entries())
    for (const [i, prompt] of prompts.entries())
      for (const [j, value] of found.of(key, prompt).entries()) expect(value).toBeCloseTo(xl[at].values[i][j], 4)
})
