/** Vision transformers of all makes, here the smallest: saliency is the mean over channels. */
import { create } from '@bufbuild/protobuf'
import * as ort from 'onnxruntime-node'
import {
  GraphProtoSchema,
  ModelProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProtoSchema,
  type ValueInfoProto,
} from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import type { Runtime } from '../../../src/engine/runtime'
import { OnnxVision, resize, VisionError } from '../../../src/engine/vision'
import {
  createNode,
  DataLocation,
  DataType,
  floatValue,
  serializeModel,
  type Dimension,
  type NodeProto,
  type TensorProto,
} from '../../../src/network/onnx'

interface Parts {
  readonly image?: readonly Dimension[]
  readonly input?: ValueInfoProto
  readonly output?: ValueInfoProto
  readonly nodes?: readonly NodeProto[]
  readonly initializer?: TensorProto[]
}

function file({
  image = ['rows', 3, 4, 4],
  input = floatValue('image', image),
  output = floatValue('saliency', ['rows', 'h', 'w']),
  nodes,
  initializer = [],
}: Parts = {}) {
  return serializeModel(
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [create(OperatorSetIdProtoSchema, { version: 17n })],
      graph: create(GraphProtoSchema, {
        name: 'vision',
        node: [
          ...(nodes ?? [
            createNode('ReduceMean', [input.name], [output.name], {
              attributes: { axes: { ints: [1] }, keepdims: { int: 0 } },
            }),
          ]),
        ],
        input: [input],
        output: [output],
        initializer,
      }),
    }),
  )
}

const image = { channels: 3, height: 4, width: 4 }
const runtime = ort as unknown as Runtime
const open = (graph: Uint8Array, weights: Uint8Array | null = null) =>
  OnnxVision.create({ graph, weights, image, runtime })
/** Every channel is the pixel's index, the third one twice that. */
const ramp = (from: number) => Float32Array.from({ length: 48 }, (_, i) => (from + (i % 16)) * (i < 32 ? 1 : 2))

describe('a vision transformer', () => {
  it.each([
    ['any number of images', ['rows', 3, 4, 4]],
    ['one image at a time', [1, 3, 4, 4]],
    ['images of any size', ['rows', 3, 'h', 'w']],
  ])('that takes %s gives a map for each, in order', async (_, shape) => {
    const vision = await open(file({ image: shape }))
    const { height, width, maps } = await vision.saliency([ramp(0), ramp(100)])
    expect([height, width]).toEqual([4, 4])
    expect(maps.map((map) => [...map].map(Math.round))).toEqual(
      [0, 100].map((from) => Array.from({ length: 16 }, (_, i) => Math.round(((from + i) * 4) / 3))),
    )
    await vision.release()
  })

  it('of another size sees the image resampled to it', async () => {
    const vision = await open(file({ image: ['rows', 3, 2, 2] }))
    const { height, width, maps } = await vision.saliency([ramp(0)])
    expect([height, width]).toEqual([2, 2])
    // Between four pixels each: the means of the corners' 2 × 2 blocks, 2.5, 4.5, 10.5 and 12.5.
    expect([...maps[0]!]).toEqual([2.5, 4.5, 10.5, 12.5].map((value) => expect.closeTo((value * 4) / 3, 5)))
    await vision.release()
  })

  it('may keep its weights outside, in half precision', async () => {
    const halves = new Uint8Array(Uint16Array.of(0x4000).buffer)
    const factor = create(TensorProtoSchema, {
      name: 'factor',
      dataType: DataType.FLOAT16,
      dims: [1n],
      dataLocation: DataLocation.EXTERNAL,
      externalData: [create(StringStringEntryProtoSchema, { key: 'location', value: 'vision.bin' })],
    })
    const nodes = [
      createNode('Cast', ['factor'], ['wide'], { attributes: { to: { int: DataType.FLOAT } } }),
      createNode('ReduceMean', ['image'], ['mean'], { attributes: { axes: { ints: [1] }, keepdims: { int: 0 } } }),
      createNode('Mul', ['mean', 'wide'], ['saliency']),
    ]
    const graph = file({ nodes, initializer: [factor] })
    const vision = await open(graph, halves)
    expect((await vision.saliency([ramp(3)])).maps[0]![0]).toBeCloseTo(8, 5)
    await vision.release()
    await expect(open(graph)).rejects.toThrow('its weights are in another file')
  })

  const half = (name: string) => {
    const value = floatValue(name, ['rows', 3, 4, 4])
    if (value.type?.value.case === 'tensorType') value.type.value.value.elemType = DataType.FLOAT16
    return value
  }
  it.each([
    ['no ONNX at all', new Uint8Array([1, 2, 3]), 'it is no ONNX file'],
    ['a tensor that nothing makes', file({ nodes: [createNode('Relu', ['ghost'], ['saliency'])] }), 'reads ghost'],
    ['another input', file({ input: floatValue('pixels', [1, 3, 4, 4]) }), 'its inputs are pixels'],
    ['another output', file({ output: floatValue('logits', [1, 10]) }), 'its outputs are logits'],
    ['images in half precision', file({ input: half('image') }), 'image is not float32'],
    ['grey images', file({ image: [1, 1, 4, 4] }), 'image is [1, 1, 4, 4]'],
    ['eight images at a time', file({ image: [8, 3, 4, 4] }), 'image is [8, 3, 4, 4]'],
    ['channels last', file({ image: ['rows', 4, 4, 3] }), 'image is [rows, 4, 4, 3]'],
    [
      'a map with heads',
      file({ output: floatValue('saliency', ['rows', 'heads', 'h', 'w']) }),
      'saliency is [rows, heads, h, w]',
    ],
  ])('file with %s is refused, and what is wanted is said', async (_, graph, why) => {
    const refused = open(graph)
    await expect(refused).rejects.toThrow(VisionError)
    await expect(refused).rejects.toThrow(why)
    await expect(refused).rejects.toThrow(
      'takes `image`, float32 [rows, 3, height, width] with values in [−1, 1], and gives `saliency`',
    )
  })

  it('whose answer is not what it promised, or no number, is found out when it is asked', async () => {
    const shape = create(TensorProtoSchema, {
      name: 'shape',
      dataType: DataType.INT64,
      dims: [2n],
      rawData: new Uint8Array(BigInt64Array.of(1n, -1n).buffer),
    })
    const flat = createNode('Reshape', ['image', 'shape'], ['saliency'])
    const undeclared = floatValue('saliency', [])
    if (undeclared.type?.value.case === 'tensorType') delete undeclared.type.value.value.shape
    const flattening = await open(file({ nodes: [flat], output: undeclared, initializer: [shape] }))
    await expect(flattening.saliency([ramp(0)])).rejects.toThrow(/came as \[1, 48\]/)
    const mean = createNode('ReduceMean', ['image'], ['mean'], {
      attributes: { axes: { ints: [1] }, keepdims: { int: 0 } },
    })
    const log = await open(file({ nodes: [mean, createNode('Log', ['mean'], ['saliency'])] }))
    await expect(log.saliency([ramp(-5)])).rejects.toThrow('not finite')
  })
})

describe('resampling', () => {
  it('keeps a plane, edges apart, and the image where the size is the same', () => {
    const plane = Float32Array.from({ length: 64 }, (_, i) => 3 * (i % 8) + 5 * Math.floor(i / 8))
    const from = { channels: 1, height: 8, width: 8 }
    expect(resize(plane, from, from)).toBe(plane)
    const up = resize(plane, from, { height: 16, width: 12 })
    for (let y = 1; y < 15; y++) {
      for (let x = 1; x < 11; x++)
        expect(up[y * 12 + x]).toBeCloseTo(3 * (((x + 0.5) * 8) / 12 - 0.5) + 5 * ((y + 0.5) / 2 - 0.5), 4)
    }
    expect(up[0]).toBe(0)
  })
})
