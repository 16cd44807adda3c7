/** Files that were damaged or made to harm: graphs, weights, golden tensors, pictures. Each is read, or refused as what it is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { clone } from '@bufbuild/protobuf'
import { encode } from 'fast-png'
import fc from 'fast-check'
import { ModelProtoSchema } from 'onnx-buf'
import { describe, expect, it, vi } from 'vitest'
import { GoldenError, parseGolden } from '../../../src/engine/golden'
import type { Runtime } from '../../../src/engine/runtime'
import { OnnxVision, VisionError } from '../../../src/engine/vision'
import { parseManifest } from '../../../src/model/manifest'
import { insertControls } from '../../../src/network/controls/insert'
import { GraphError, parseModel, serializeModel, type ModelProto } from '../../../src/network/onnx'
import { attachWeights, readWeights } from '../../../src/network/weights'
import { decodePng } from '../../../src/storage/png'
import { withPngText } from '../../../src/storage/png-text'
import { readSettingsFile } from '../../../src/storage/settings-file'
import { damaged, failsOnlyWith, tries } from '../../support/fuzz'
import { attentionModel, FORMS, layerWeights } from '../network/graphs'

const FOLDER = join(import.meta.dirname, '../../../models/tiny')
const tiny = parseManifest(JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')))
const SIZES = { heads: 2, headWidth: 4, height: 2, width: 2 }
const models = FORMS.map((form) => attentionModel(form, SIZES, layerWeights(SIZES, 3)))

/** All that is done to a graph, from its bytes to the bytes that a runtime is given. */
function rewritten(bytes: Uint8Array): Uint8Array {
  const weights = readWeights(parseModel(bytes), {})
  const model = parseModel(bytes)
  attachWeights(model, weights)
  const grids = [{ height: 2, width: 2 }]
  insertControls(model, {
    grids,
    rows: 'dynamic',
    form: 'fused',
    features: ['mask', 'drop', 'skip', 'dropout'],
    map: null,
  })
  return serializeModel(model)
}

/** Rewritten, or refused; and what is handed on holds together as what was read. */
async function rewrittenWhole(bytes: Uint8Array): Promise<void> {
  const made: Uint8Array[] = []
  await failsOnlyWith(GraphError, () => made.push(rewritten(bytes)))
  for (const each of made) parseModel(each)
}

const CHANGES = ['double', 'drop', 'rewire', 'op', 'dims', 'reverse', 'rename', 'attribute', 'shape'] as const

/** Another graph, made of the same parts. */
function altered(model: ModelProto, how: (typeof CHANGES)[number], a: number, b: number): ModelProto {
  const copy = clone(ModelProtoSchema, model)
  const { node, initializer, input } = copy.graph!
  const one = node[a % node.length]!
  const other = node[b % node.length]!
  switch (how) {
    case 'double':
      node.push(one)
      break
    case 'drop':
      node.splice(a % node.length, 1)
      break
    case 'rewire':
      one.input[b % Math.max(1, one.input.length)] = other.output[0] ?? ''
      break
    case 'op':
      one.opType = other.opType
      break
    case 'dims': {
      const tensor = initializer[a % Math.max(1, initializer.length)]
      if (tensor) tensor.dims = [BigInt(b) - 3n, BigInt(a)]
      break
    }
    case 'reverse':
      node.reverse()
      break
    case 'rename':
      one.output = [...other.output]
      break
    case 'attribute':
      for (const attribute of one.attribute) {
        attribute.i = BigInt(b) - 5n
        attribute.ints = attribute.ints.map((value) => value - BigInt(b % 7))
      }
      break
    case 'shape': {
      const type = input[0]?.type?.value
      if (type?.case === 'tensorType')
        for (const dim of type.value.shape?.dim ?? []) dim.value = { case: 'dimValue', value: BigInt(a) - 2n }
      break
    }
    default:
      how satisfies never
  }
  return copy
}

describe('a graph', () => {
  it('that was altered is rewritten, or refused in a sentence', async () => {
    for (const model of models) expect(() => rewritten(serializeModel(model))).not.toThrow()
    const number = fc.oneof(fc.nat(40), fc.constantFrom(2 ** 31, 2 ** 40))
    const steps = fc.array(fc.tuple(fc.constantFrom(...CHANGES), number, number), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...models), steps, (model, changes) => {
        const bytes = serializeModel(changes.reduce((before, [how, a, b]) => altered(before, how, a, b), model))
        return rewrittenWhole(bytes)
      }),
      tries(1000),
    )
  })

  it('in which a node lacks an input is, too', async () => {
    const [model] = models
    for (const [i, { input }] of model!.graph!.node.entries())
      for (const at of input.keys()) {
        const copy = clone(ModelProtoSchema, model!)
        copy.graph!.node[i]!.input.splice(at, 1)
        await expect(rewrittenWhole(serializeModel(copy))).resolves.toBeUndefined()
      }
  })

  it('whose bytes were damaged is, too', () => {
    const any = fc.constantFrom(...models.map(serializeModel)).chain(damaged)
    return expect(fc.assert(fc.asyncProperty(any, rewrittenWhole), tries(300))).resolves.toBeUndefined()
  })

  it('of a reader’s own vision transformer is refused as such before a runtime sees it', async () => {
    let created = 0
    const runtime = {
      InferenceSession: { create: () => Promise.reject(new Error(`session ${++created}`)) },
    } as unknown as Runtime
    const open = (graph: Uint8Array) => OnnxVision.create({ graph, weights: null, image: tiny.image, runtime })
    const check = (graph: Uint8Array) => failsOnlyWith(VisionError, () => open(graph))
    await fc.assert(fc.asyncProperty(fc.constantFrom(...models.map(serializeModel)).chain(damaged), check), tries(200))
    expect(created).toBe(0)
  })
})

it('golden tensors that were damaged are read or refused', () => {
  const golden = Uint8Array.from(readFileSync(join(FOLDER, tiny.golden!.file))).subarray(0, 4000)
  const check = (bytes: Uint8Array) => failsOnlyWith(GoldenError, () => parseGolden(bytes, tiny))
  return expect(fc.assert(fc.asyncProperty(damaged(golden), check), tries(150))).resolves.toBeUndefined()
})

describe('a picture', () => {
  const plain = Uint8Array.from(
    encode({ width: 4, height: 3, channels: 3, data: new Uint8Array(36).map((_, i) => i * 5) }),
  )
  const saved = withPngText(plain, 'settings', '{"method":"seg","seed":3}')

  it('whose bytes were damaged gives settings or a sentence, and never another size', async () => {
    await fc.assert(
      fc.asyncProperty(damaged(saved), async (bytes) => {
        const read = readSettingsFile(bytes)
        expect(read.kind === 'fault' ? read.why.length : 1).toBeGreaterThan(0)
        const image = await decodePng(bytes).catch((error: unknown) => error)
        if (image instanceof RangeError) throw image
        if (!(image instanceof Error)) expect(image).toMatchObject({ data: { length: 36 } })
      }),
      tries(250),
    )
  })

  it('that holds more than its header says is not unpacked', async () => {
    const many = deflateSync(new Uint8Array(8_000_000))
    const bomb = Uint8Array.from(plain)
    const at = Buffer.from(bomb).indexOf('IDAT')
    const length = Buffer.alloc(4)
    length.writeUInt32BE(many.length)
    const bytes = Uint8Array.from(
      Buffer.concat([bomb.subarray(0, at - 4), length, Buffer.from('IDAT'), many, Buffer.alloc(4)]),
    )
    const reads = vi.spyOn(ReadableStreamDefaultReader.prototype, 'read')
    await expect(decodePng(bytes)).rejects.toThrow('too few or too many pixels')
    // All of it would be more than a hundred pieces.
    expect(reads.mock.calls.length).toBeLessThan(5)
    reads.mockRestore()
  })
})
