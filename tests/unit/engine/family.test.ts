/** Rows to networks, files of networks, and weights made of several files. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from '@bufbuild/protobuf'
import { GraphProtoSchema, ModelProtoSchema, StringStringEntryProtoSchema, TensorProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { normals } from '../../../src/core/random'
import {
  FamilyDenoiser,
  type FamilyOptions,
  type NetworkDenoiser,
  type NetworkRequest,
} from '../../../src/engine/family'
import { weightsOf } from '../../../src/engine/family-weights'
import { parseManifest } from '../../../src/model/manifest'
import { loadNodeModel } from '../../../src/cli/node-model'
import { networkOf, requiredFiles } from '../../../src/engine/recipe'
import type { DenoiserRow, ModelFile, ModelInfo, NetworkInfo, NetworkRef } from '../../../src/model/types'
import { createNode, DataLocation, DataType, floatValue, parseModel, serializeModel } from '../../../src/network/onnx'
import type { Weights } from '../../../src/network/weights'
import { toyModel } from '../../support/model'
import { models } from './golden-files'

const entry = (file: string): ModelFile => ({ file, bytes: 8, sha256: file.padEnd(64, '0') })

/** A graph that holds nothing but two weights in half precision, kept outside. */
const graphBytes = serializeModel(
  create(ModelProtoSchema, {
    irVersion: 8n,
    graph: create(GraphProtoSchema, {
      name: 'toy',
      node: [createNode('Cast', ['w'], ['y'], { attributes: { to: { int: DataType.FLOAT } } })],
      output: [floatValue('y', [2])],
      initializer: [
        create(TensorProtoSchema, {
          name: 'w',
          dataType: DataType.FLOAT16,
          dims: [2n],
          dataLocation: DataLocation.EXTERNAL,
          externalData: [create(StringStringEntryProtoSchema, { key: 'location', value: 'any' })],
        }),
      ],
    }),
  }),
)

/** Halves of numbers that are powers of two, or zero. */
const halves = (...values: number[]) =>
  new Uint8Array(
    Uint16Array.from(values, (value) =>
      value === 0 ? 0 : (value < 0 ? 0x8000 : 0) | ((Math.log2(Math.abs(value)) + 15) << 10),
    ).buffer,
  )

const network = (id: string, changes: Partial<NetworkInfo> = {}): NetworkInfo => ({
  ...toyModel.networks[0]!,
  id,
  graph: entry('graph.onnx'),
  weights: entry(`${id}.bin`),
  samples: 4000,
  sigmaRel: 0.05,
  averages: [],
  ...changes,
})
const averages = [1000, 2000, 3000, 4000].flatMap((samples) =>
  [0.05, 0.1].map((sigmaRel) => ({ sigmaRel, samples, weights: entry(`ema-${sigmaRel}-${samples}.bin`) })),
)
const model: ModelInfo = {
  ...toyModel,
  graph: entry('graph.onnx'),
  weights: entry('main.bin'),
  networks: [
    network('main', { averages }),
    network('early', { samples: 2000, averages, sigmaRel: null }),
    network('small', { graph: entry('small.onnx'), heads: [1, 2, 1] }),
    network('sims'),
  ],
  crops: [{ height: 1, width: 1, graph: entry('crop.onnx') }],
}
const contents: Record<string, Uint8Array> = {
  'graph.onnx': graphBytes,
  'small.onnx': graphBytes,
  'crop.onnx': graphBytes,
  'main.bin': halves(1, 2),
  'early.bin': halves(4, 8),
  'small.bin': halves(16, 32),
  'sims.bin': halves(2, -4),
  'ema-0.05-3000.bin': halves(1, 0),
  'ema-0.1-3000.bin': halves(0, 1),
  'ema-0.05-4000.bin': halves(4, 0),
  'ema-0.1-4000.bin': halves(0, 4),
}

const floatsOf = ({ data, places }: Weights) => {
  const { offset, length } = places.get('w')!
  return [...new Float32Array(data.buffer, data.byteOffset + offset, length / 4)]
}

describe('the files of a network', () => {
  const names = (ref: NetworkRef) => requiredFiles(ref, model).map(({ file }) => file)

  it('are its graph and weights, or those that its weights are made of', () => {
    expect(names({ id: 'main' })).toEqual(['graph.onnx', 'main.bin'])
    expect(names({ id: 'small' })).toEqual(['small.onnx', 'small.bin'])
    expect(names({ id: 'main', sigmaRel: 0.05 })).toEqual(['graph.onnx', 'main.bin'])
    expect(names({ id: 'main', sigmaRel: 0.1 })).toEqual(['graph.onnx', 'ema-0.1-4000.bin'])
    expect(names({ id: 'main', sigmaRel: 0.07 })).toEqual([
      'graph.onnx',
      'ema-0.05-3000.bin',
      'ema-0.1-3000.bin',
      'ema-0.05-4000.bin',
      'ema-0.1-4000.bin',
    ])
    expect(names({ id: 'early', sigmaRel: 0.07 })).toEqual([
      'graph.onnx',
      'ema-0.05-1000.bin',
      'ema-0.1-1000.bin',
      'ema-0.05-2000.bin',
      'ema-0.1-2000.bin',
    ])
    expect(names({ id: 'main', neon: { against: 'sims', w: 1 } })).toEqual(['graph.onnx', 'main.bin', 'sims.bin'])
    expect(names({ id: 'main', neon: { against: 'sims', w: 0 } })).toEqual(['graph.onnx', 'main.bin'])
  })

  it.each([
    [{ id: 'large' }, 'has no network large; it has main, early, small, sims'],
    [{ id: 'main', sigmaRel: 0.4 }, 'above 0 and at most 0.289'],
    [{ id: 'small', sigmaRel: 0.1 }, 'no averages of these weights are stored'],
    [{ id: 'main', neon: { against: 'small', w: 1 } }, 'differ in shape'],
    [{ id: 'main', neon: { against: 'sims', w: Infinity } }, 'must be a finite number'],
  ])('of %j are refused in a sentence', (ref, message) => {
    expect(() => requiredFiles(ref, model)).toThrow(RangeError)
    expect(() => requiredFiles(ref, model)).toThrow(message)
  })
})

describe('weights', () => {
  const read = async ({ file }: ModelFile) => contents[file]!

  it('are as stored, or Neon’s (1 + w) θ − w θ_against', async () => {
    expect(floatsOf(await weightsOf({ id: 'early' }, model, read))).toEqual([4, 8])
    expect(floatsOf(await weightsOf({ id: 'main', neon: { against: 'sims', w: 0.5 } }, model, read))).toEqual([0.5, 5])
  })

  it('of a synthesised length are the shares of the stored averages, which sum to 1', async () => {
    const progress: (readonly [number, number])[] = []
    // One weight sees the averages of σ_rel 0.05 only, the other those of 0.1: (a + 4 c) and (b + 4 d), with a + b + c + d = 1.
    const [narrow, wide] = floatsOf(
      await weightsOf({ id: 'main', sigmaRel: 0.07 }, model, read, (done, total) => void progress.push([done, total])),
    )
    // From NVlabs/edm2's phema.py, for four snapshots; with the last two of them the shares are the same to about 0.01.
    expect(narrow).toBeCloseTo(0.01069 + 4 * 0.43457, 1)
    expect(wide).toBeCloseTo(-0.04392 + 4 * 0.59915, 1)
    expect(progress).toEqual([0, 1, 2, 3, 4, 5].map((done) => [done, 5]))
  })

  it('of the shipped network are sums of the halves in its files', async () => {
    const folder = join(models, 'tiny')
    const tiny = parseManifest(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')))
    const shipped = new Uint8Array(readFileSync(join(folder, tiny.weights.file)))
    // Another network: the last bits of every mantissa turned round.
    const other = Uint8Array.from(shipped, (byte, i) => (i % 2 === 0 ? byte ^ 0x3f : byte))
    const family: ModelInfo = {
      ...tiny,
      networks: [tiny.networks[0]!, { ...tiny.networks[0]!, id: 'other', weights: entry('other.bin') }],
    }
    const files: Record<string, Uint8Array> = {
      [tiny.graph.file]: new Uint8Array(readFileSync(join(folder, tiny.graph.file))),
      [tiny.weights.file]: shipped,
      'other.bin': other,
    }
    const w = 0.75
    const made = await weightsOf(
      { id: 'main', neon: { against: 'other', w } },
      family,
      async ({ file }) => files[file]!,
    )
    const half = (bytes: Uint8Array, at: number) => {
      const bits = bytes[at]! | (bytes[at + 1]! << 8)
      const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023]
      const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15)
      return bits & 0x8000 ? -size : size
    }
    let compared = 0
    for (const tensor of parseModel(files[tiny.graph.file]!).graph!.initializer) {
      if (tensor.dataLocation !== DataLocation.EXTERNAL || tensor.dataType !== DataType.FLOAT16) continue
      const offset = Number(tensor.externalData.find(({ key }) => key === 'offset')?.value ?? 0)
      const place = made.places.get(tensor.name)!
      const values = new Float32Array(made.data.buffer, place.offset, place.length / 4)
      for (const [i, value] of values.entries()) {
        const [a, b] = [half(shipped, offset + 2 * i), half(other, offset + 2 * i)]
        if (Math.abs(value - ((1 + w) * a - w * b)) > 1e-6 * Math.max(Math.abs(a), 1e-3))
          throw new Error(`${tensor.name} ${i}: ${value}`)
        compared += 1
      }
    }
    // All but a few that the exporter folds.
    expect(compared).toBeGreaterThan(0.99 * tiny.parameters)
  })
})

// ---- routing ----

interface Built extends NetworkRequest {
  readonly batches: number[][]
  disposed: boolean
}

/** A family whose networks answer with their first weight plus the row's σ, and say what was built. */
function scene(budget = Infinity, more: Pick<FamilyOptions, 'held'> = {}) {
  const built: Built[] = []
  const reads: string[] = []
  const combined: string[] = []
  const options: FamilyOptions = {
    model,
    budget,
    ...more,
    async read({ file }) {
      reads.push(file)
      const bytes = contents[file]
      if (!bytes) throw new Error(`${file} is lost`)
      return bytes
    },
    create(request): NetworkDenoiser {
      const net: Built = { ...request, batches: [], disposed: false }
      built.push(net)
      const [weight] = floatsOf(request.weights)
      let rows = 0
      const answer = (batch: readonly DenoiserRow[]) => {
        if (net.disposed) throw new Error('disposed')
        rows += batch.length
        net.batches.push(batch.map(({ sigma }) => sigma))
        return batch.map(({ sigma }) => Float32Array.of(weight! + sigma))
      }
      return {
        model,
        evaluate: async (batch) => answer(batch),
        readAttention: async (batch, layer) =>
          answer(batch).map((denoised) => ({
            denoised,
            map: Float32Array.of(layer),
            received: Float32Array.of(weight!),
          })),
        get counts() {
          return { rows, runs: net.batches.length }
        },
        batchInvariant: async () => weight === 1,
        held: () => Promise.reject(new Error('nothing goes ahead')),
        dispose: async () => {
          net.disposed = true
        },
      }
    },
    onCombine: (ref, done, total) => void (done === total && combined.push(ref.id)),
  }
  return { family: new FamilyDenoiser(options), built, reads, combined }
}

const row = (sigma: number, extra: Partial<DenoiserRow> = {}): DenoiserRow => ({
  x: new Float32Array(4),
  sigma,
  classWeights: new Float32Array(3),
  attention: null,
  ...extra,
})
const values = async (results: Promise<Float32Array[]>) => (await results).map(([value]) => value)

describe('rows', () => {
  it('go to the network that they name, in one batch each, and come back in order', async () => {
    const { family, built } = scene()
    const rows = [
      row(0.1),
      row(0.2, { network: { id: 'early' } }),
      row(0.3, { network: { id: 'main' } }),
      row(0.4, { network: { id: 'small' } }),
      row(0.5, { network: { id: 'early' } }),
    ]
    expect(await values(family.evaluate(rows))).toEqual([1.1, 4.2, 1.3, 16.4, 4.5].map(Math.fround))
    expect(built.map(({ batches, heads }) => [batches, heads])).toEqual([
      [[[0.1, 0.3]], [1, 1, 1]],
      [[[0.2, 0.5]], [1, 1, 1]],
      [[[0.4]], [1, 2, 1]],
    ])
    expect(family.counts).toEqual({ rows: 5, runs: 3 })
  })

  it('that read attention are routed alike', async () => {
    const { family } = scene()
    const readings = await family.readAttention([row(0, { network: { id: 'early' } }), row(0)], 2)
    expect(readings.map(({ received, map }) => [received[0], map[0]])).toEqual([
      [4, 2],
      [1, 2],
    ])
    expect(await values(family.attentionMaps([row(0)], 1))).toEqual([1])
  })

  it('of the model’s own size need not say so; crops run on the weights of their network, read once', async () => {
    const { family, built, reads } = scene()
    const crop = { height: 1, width: 1 }
    const early = { id: 'early' }
    await family.evaluate([
      row(0, { size: { height: 2, width: 2 } }),
      row(1, { size: crop }),
      row(2),
      row(3, { size: crop, network: early }),
      row(4, { network: early }),
    ])
    expect(built.map(({ size, batches }) => [size ?? null, batches])).toEqual([
      [null, [[0, 2]]],
      [crop, [[1]]],
      [crop, [[3]]],
      [null, [[4]]],
    ])
    expect(built[1]!.weights).toBe(built[0]!.weights)
    expect(reads.filter((file) => file === 'main.bin')).toHaveLength(1)
  })

  it('ask for weights by what they are made of', async () => {
    const { family, built, combined } = scene()
    const refs: NetworkRef[] = [
      { id: 'main', sigmaRel: 0.07 },
      { id: 'main' },
      { id: 'main', neon: { against: 'sims', w: 1 } },
      { id: 'main', sigmaRel: 0.07 },
    ]
    const results = await values(family.evaluate(refs.map((network) => row(0, { network }))))
    expect(results[3]).toBe(results[0])
    expect(results.slice(1, 3)).toEqual([1, 0])
    expect(built).toHaveLength(3)
    expect(combined).toEqual(['main', 'main'])
  })

  it.each([
    [{ size: { height: 3, width: 1 } }, RangeError, 'no graph for images of 3 × 1; smaller sizes that it has: 1 × 1'],
    [{ size: { height: 1, width: 1 }, network: { id: 'small' } }, RangeError, 'small has no graph for crops'],
    [{ network: { id: 'large' } }, RangeError, 'no network large'],
    [{ network: { id: 'early', sigmaRel: 0.07 } }, Error, 'ema-0.05-1000.bin is lost'],
  ])('%j that can’t be served reject, and the next call goes on', async (extra, kind, message) => {
    const { family } = scene()
    const failed = family.evaluate([row(0), row(0, extra)])
    await expect(failed).rejects.toThrow(kind)
    await expect(failed).rejects.toThrow(message)
    expect(await values(family.evaluate([row(0)]))).toEqual([1])
  })
})

describe('memory', () => {
  const size = 64

  it('holds the most recently used networks, and the default one always', async () => {
    // The runtime holds as much again.
    const { family, built } = scene(3 * 2 * size)
    const ask = async (id: string) => (await values(family.evaluate([row(0, { network: { id } })])))[0]
    for (const id of ['main', 'early', 'small', 'early']) await ask(id)
    expect(built.map(({ disposed }) => disposed)).toEqual([false, false, false])
    expect(await ask('sims')).toBe(2)
    expect(built.map(({ disposed }) => disposed)).toEqual([false, false, true, false])
    expect(await ask('small')).toBe(16)
    expect(built.map(({ disposed }) => disposed)).toEqual([false, true, true, false, false])
    expect(family.counts).toEqual({ rows: 6, runs: 6 })
  })

  it('is what the runtime says that it holds, as soon as it ran; of several sizes once', async () => {
    const held = new Map<object, number>()
    const { family, built } = scene(3 * size, { held: ({ data }) => held.get(data) ?? 0 })
    const ask = (id: string, extra: Partial<DenoiserRow> = {}) =>
      family.evaluate([row(0, { network: { id }, ...extra })])
    await ask('main')
    await ask('early')
    await ask('early', { size: { height: 1, width: 1 }, x: new Float32Array(1) })
    await ask('sims')
    // Three networks and none of a runtime's own.
    expect(built.map(({ disposed }) => disposed)).toEqual([false, false, false, false])
    held.set(built[3]!.weights.data, size)
    await ask('sims')
    expect(built.map(({ disposed }) => disposed)).toEqual([false, true, true, false])
  })

  it('too small for one call still serves it, keeps what that asks together, and lets it go after', async () => {
    const { family, built } = scene(size)
    const ids = ['early', 'small', 'sims', 'early']
    expect(await values(family.evaluate(ids.map((id) => row(0, { network: { id } }))))).toEqual([4, 16, 2, 4])
    await family.evaluate(ids.map((id) => row(0, { network: { id } })))
    // Else each step of a run with several negatives would build all of them.
    expect(built).toHaveLength(3)
    await family.evaluate([row(0, { network: { id: 'main' } })])
    expect(built.filter(({ disposed }) => !disposed)).toHaveLength(1)
  })

  it('is given back whole, and nothing is answered after', async () => {
    const { family, built } = scene()
    await family.evaluate([row(0), row(0, { network: { id: 'small' } })])
    const last = family.evaluate([row(0)])
    await family.dispose()
    expect(await values(last)).toEqual([1])
    expect(built.every(({ disposed }) => disposed)).toBe(true)
    await expect(family.evaluate([row(0)])).rejects.toThrow('was disposed')
  })
})

it('a network of the family is found by its id', () => {
  expect(networkOf('sims', model).weights.file).toBe('sims.bin')
})

it('batch independence is asked of the default network', async () => {
  const { family } = scene()
  await family.evaluate([row(0, { network: { id: 'small' } })])
  expect(await family.batchInvariant()).toBe(true)
})

describe('the shipped tiny family', () => {
  it('answers for every network, every made length and every crop', async () => {
    const { model: tiny, denoiser, dispose } = await loadNodeModel(join(models, 'tiny'), { threads: 1 })
    const classWeights = new Float32Array(tiny.conditioning.classes.length)
    classWeights[0] = 1
    const ask = (network: NetworkRef, size?: { height: number; width: number }): DenoiserRow => {
      const { height, width } = size ?? tiny.image
      return {
        x: normals(1, 0, 3 * height * width),
        sigma: 1,
        classWeights,
        attention: null,
        network,
        ...(size && { size }),
      }
    }
    const refs: NetworkRef[] = tiny.networks.flatMap(({ id, averages }) => [
      { id },
      ...(averages.length > 0 ? [{ id, sigmaRel: 0.08 }] : []),
    ])
    refs.push({ id: 'main', neon: { against: 'sims-1', w: 0.5 } })
    const rows = [...refs.map((ref) => ask(ref)), ...tiny.crops.map((crop) => ask({ id: 'main-1-16' }, crop))]
    const together = await denoiser.evaluate(rows)
    const texts = together.map((denoised) => denoised.join())
    // Each is another network's answer, and the same as when it is asked for alone.
    expect(new Set(texts).size).toBe(rows.length)
    for (const [i, row] of rows.entries()) expect((await denoiser.evaluate([row]))[0]!.join(), `${i}`).toBe(texts[i])
    for (const [i, { x }] of rows.entries()) expect(together[i]).toHaveLength(x.length)
    const main = await denoiser.readAttention([ask({ id: 'main' }), ask({ id: 'small' })], 0)
    for (const { map } of main) expect(map).toHaveLength((tiny.layers[0]!.height * tiny.layers[0]!.width) ** 2)
    await dispose()
  })

  it('is read as it is needed, and a damaged file is found out then', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'family-'))
    try {
      cpSync(join(models, 'tiny'), folder, { recursive: true })
      const tiny = parseManifest(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')))
      const file = join(folder, networkOf('small', tiny).weights.file)
      const bytes = readFileSync(file)
      bytes[100]! ^= 1
      writeFileSync(file, bytes)
      const loaded = await loadNodeModel(folder, { threads: 1 })
      const x = normals(1, 0, 3 * tiny.image.height * tiny.image.width)
      const classWeights = new Float32Array(tiny.conditioning.classes.length)
      const row: DenoiserRow = { x, sigma: 1, classWeights, attention: null }
      await expect(loaded.denoiser.evaluate([{ ...row, network: { id: 'small' } }])).rejects.toThrow(/SHA-256 differs/)
      expect(await loaded.denoiser.evaluate([row])).toHaveLength(1)
      await loaded.dispose()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
