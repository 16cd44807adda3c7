/** The denoiser around the network: batches, sessions, and that a row depends on nothing but itself. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as node from 'onnxruntime-node'
import * as web from 'onnxruntime-web'
import type { InferenceSession } from 'onnxruntime-web'
import { describe, expect, it } from 'vitest'
import { normals } from '../../../src/core/random'
import { goldenError, relativeError } from '../../../src/engine/golden'
import { loadNodeModel } from '../../../src/cli/node-model'
import { OnnxDenoiser, type OnnxDenoiserOptions } from '../../../src/engine/onnx-denoiser'
import type { Runtime } from '../../../src/engine/runtime'
import { ownDescription } from '../../../src/model/own'
import type { DenoiserRow, ModelInfo } from '../../../src/model/types'
import { floatTensor, floatValue, intTensor, parseModel, serializeModel } from '../../../src/network/onnx'
import type { AttentionControl } from '../../../src/network/types'
import { combineWeights, readWeights } from '../../../src/network/weights'
import { addLayer, emptyModel, layerWeights, naiveLayer, numbers } from '../network/graphs'
import { models } from './golden-files'

const tiny = await loadNodeModel(join(models, 'tiny'), { threads: 1 })
const { model } = tiny
const files = {
  graph: readFileSync(join(models, 'tiny', model.graph.file)),
  weights: readFileSync(join(models, 'tiny', model.weights.file)),
}

/** Counts what is asked of a runtime. */
function watched(runtime: Runtime) {
  const log: string[] = []
  let alive = 0
  const sizes: number[] = []
  const InferenceSession = {
    async create(bytes: Uint8Array, options: InferenceSession.SessionOptions) {
      log.push('create')
      alive += 1
      const session = await runtime.InferenceSession.create(bytes, options)
      const release = session.release.bind(session)
      session.release = async () => {
        log.push('release')
        alive -= 1
        await release()
      }
      const run = session.run.bind(session)
      session.run = async (feeds: InferenceSession.FeedsType) => {
        log.push('run')
        if (feeds.x) sizes.push((feeds.x as node.Tensor).dims[0]!)
        return run(feeds)
      }
      return session
    },
  }
  return { runtime: { InferenceSession, Tensor: runtime.Tensor } as Runtime, log, sizes, alive: () => alive }
}

function denoiserOf(options: Partial<OnnxDenoiserOptions> = {}): OnnxDenoiser {
  const sessionOptions = { executionProviders: ['cpu'], intraOpNumThreads: 1 }
  return new OnnxDenoiser({
    model,
    ...files,
    runtime: node,
    sessionOptions,
    batch: { kind: 'dynamic' },
    maxRows: 16,
    ...options,
  })
}

function rowOf(seed: number, attention: DenoiserRow['attention'] = null, sigma = 0.7): DenoiserRow {
  const classWeights = new Float32Array(10)
  classWeights[seed % 10] = 1
  return { x: normals(seed, 0, 768), sigma, classWeights, attention }
}

const everywhere = (control: NonNullable<NonNullable<DenoiserRow['attention']>[number]>) =>
  model.layers.map(() => control)

const FEATURED: readonly { readonly name: string; readonly control: AttentionControl }[] = [
  { name: 'drop', control: { drop: { rate: 0.5, seed: 1 } } },
  { name: 'noise', control: { noise: { deviation: 0.1, seed: 1 } } },
  { name: 'smooth', control: { smooth: 'gaussian' } },
  { name: 'shuffle', control: { shuffle: { share: 1, seed: 1 } } },
  { name: 'skip', control: { skip: 'block' } },
]

describe('a row', () => {
  it('with neutral controls equals the row without, to the bit: Δ is 0', async () => {
    const neutral = everywhere({
      mix: [0, 0],
      querySigma: 0,
      temperature: 1,
      mask: { rate: 0, seed: 3, keepDiagonal: false },
      drop: { rate: 0, seed: 3 },
      noise: { deviation: 0, seed: 3 },
      shuffle: { share: 0, seed: 3 },
    })
    const off = everywhere({ querySigma: 0.1 })
    const [a, b, c] = await tiny.denoiser.evaluate([
      rowOf(1),
      rowOf(1, neutral),
      rowOf(1, off),
      rowOf(2, everywhere({ mix: 1 })),
    ])
    expect(b).toEqual(a)
    expect(c).toEqual(a)
  })

  it('depends on nothing around it, random masks included', async () => {
    expect(await tiny.denoiser.batchInvariant()).toBe(true)
    const masked = rowOf(3, everywhere({ mask: { rate: 0.8, seed: 1, keepDiagonal: true } }))
    const alone = [await tiny.denoiser.evaluate([rowOf(1)]), await tiny.denoiser.evaluate([masked])]
    const together = await tiny.denoiser.evaluate([masked, rowOf(1)])
    expect(together).toEqual([alone[1]![0], alone[0]![0]])
    expect(relativeError(together[0]!, (await tiny.denoiser.evaluate([rowOf(3)]))[0]!)).toBeGreaterThan(1e-3)
  })

  it.each(FEATURED)('gives the same bits in any company: $name', async ({ control }) => {
    const row = rowOf(
      3,
      model.layers.map(({ index }) => (index % 2 === 0 ? control : null)),
    )
    const others = [
      rowOf(1),
      rowOf(2, everywhere({ mix: 1 })),
      rowOf(3, everywhere({ smooth: 'average', skip: 'attention' })),
    ]
    const [alone] = await tiny.denoiser.evaluate([row])
    const together = await tiny.denoiser.evaluate([others[0]!, row, ...others.slice(1)])
    expect(together[1]).toEqual(alone)
    const plain = await tiny.denoiser.evaluate(others)
    expect([together[0], together[2], together[3]]).toEqual(plain)
    expect(relativeError(alone!, (await tiny.denoiser.evaluate([rowOf(3)]))[0]!)).toBeGreaterThan(1e-3)
  })

  it('whose mask keeps nothing is the identity map, not NaN', async () => {
    const nothing = everywhere({ mask: { rate: 1, seed: 1, keepDiagonal: false } })
    const [masked, identity] = await tiny.denoiser.evaluate([rowOf(4, nothing), rowOf(4, everywhere({ mix: 1 }))])
    expect(relativeError(masked!, identity!)).toBeLessThan(1e-5)
  })

  it('of the wrong size is refused', async () => {
    await expect(tiny.denoiser.evaluate([{ ...rowOf(1), x: new Float32Array(5) }])).rejects.toThrow(
      'x has 5 values; an image of tiny has 768',
    )
    await expect(tiny.denoiser.evaluate([{ ...rowOf(1), classWeights: new Float32Array(3) }])).rejects.toThrow(
      '3 class weights for 10 classes',
    )
    await expect(tiny.denoiser.evaluate([{ ...rowOf(1), attention: [null] }])).rejects.toThrow(
      'a row controls 1 layers',
    )
  })

  it('is not needed: no rows, no run', async () => {
    expect(await tiny.denoiser.evaluate([])).toEqual([])
  })
})

describe('class weights', () => {
  it('between two classes give something between', async () => {
    const half = { ...rowOf(1), classWeights: Float32Array.of(0, 0.5, 0.5, 0, 0, 0, 0, 0, 0, 0) }
    const [one, two, mixed] = await tiny.denoiser.evaluate([rowOf(1), { ...rowOf(2), x: rowOf(1).x }, half])
    expect(relativeError(mixed!, one!)).toBeGreaterThan(0)
    expect(relativeError(mixed!, one!)).toBeLessThan(relativeError(two!, one!))
  })
})

describe('maps', () => {
  it('have column sums that average to 1, and equal rows under infinite blur', async () => {
    const readings = await tiny.denoiser.readAttention(
      [rowOf(1), rowOf(1, everywhere({ querySigma: Infinity })), rowOf(1, everywhere({ mix: 1 }))],
      0,
    )
    for (const { map, received } of readings) {
      // Two heads.
      expect(received).toHaveLength(2 * 64)
      for (const head of [0, 64])
        expect(received.subarray(head, head + 64).reduce((a, b) => a + b) / 64).toBeCloseTo(1, 5)
      expect(map).toHaveLength(64 * 64)
      for (let key = 0; key < 64; key++) {
        const columns = map.reduce((sum, value, i) => (i % 64 === key ? sum + value : sum), 0)
        expect((received[key]! + received[64 + key]!) / 2).toBeCloseTo(columns, 4)
      }
    }
    const blurred = readings[1]!.map
    for (let i = 0; i < blurred.length; i++) expect(Math.abs(blurred[i]! - blurred[i % 64]!)).toBeLessThan(1e-6)
    expect([...readings[2]!.map]).toEqual(Array.from({ length: 4096 }, (_, i) => (i % 65 === 0 ? 1 : 0)))
    expect(relativeError(readings[0]!.map, blurred)).toBeGreaterThan(1e-2)
  })

  it('of a layer that is not there are refused', async () => {
    await expect(tiny.denoiser.attentionMaps([rowOf(1)], 7)).rejects.toThrow('no attention layer 7')
  })
})

describe('sessions', () => {
  it('of a dynamic batch: one for all batch sizes and controls, one more for masks', async () => {
    const { runtime, log, alive } = watched(node)
    const denoiser = denoiserOf({ runtime })
    await denoiser.evaluate([rowOf(1)])
    await denoiser.evaluate([rowOf(1), rowOf(2, everywhere({ mix: 0.3 })), rowOf(3, everywhere({ querySigma: 2 }))])
    expect(log).toEqual(['create', 'run', 'run'])
    await denoiser.evaluate([rowOf(1), rowOf(1, everywhere({ mask: { rate: 0.5, seed: 1, keepDiagonal: true } }))])
    expect(log.slice(3)).toEqual(['run', 'create', 'run'])
    expect(denoiser.counts).toEqual({ rows: 6, runs: 4 })
    await denoiser.dispose()
    expect(alive()).toBe(0)
    await expect(denoiser.evaluate([rowOf(1)])).rejects.toThrow('disposed')
  })

  it('of a dynamic batch: one for each set of features, and the least recently used goes', async () => {
    const { runtime, log, alive } = watched(node)
    const denoiser = denoiserOf({ runtime })
    const rows = [rowOf(1), ...FEATURED.map(({ control }) => rowOf(1, everywhere(control)))]
    await denoiser.evaluate(rows)
    await denoiser.evaluate([...rows].reverse())
    expect(alive()).toBe(6)
    expect(log.filter((entry) => entry !== 'run')).toEqual(Array(6).fill('create'))
    const both = { ...FEATURED[0]!.control, ...FEATURED[1]!.control }
    await denoiser.evaluate([rowOf(1, everywhere(both))])
    expect(log.slice(-3)).toEqual(['create', 'release', 'run'])
    // The last feature was used first in the second evaluation.
    await denoiser.evaluate(rows.slice(0, -1))
    expect(log.slice(-5)).toEqual(Array(5).fill('run'))
    await denoiser.dispose()
    expect(alive()).toBe(0)
  })

  it('of a static batch may be told once what each row is told', async () => {
    const [plain, vectors] = [watched(node), watched(node)]
    const sessionOptions = { executionProviders: ['cpu'], intraOpNumThreads: 1 }
    const denoiser = denoiserOf({
      runtime: plain.runtime,
      batch: { kind: 'static', sessions: 4 },
      maxRows: 3,
      lean: true,
      told: { runtime: vectors.runtime, sessionOptions },
    })
    const told = () => vectors.log.filter((entry) => entry === 'run').length
    const offset = new Float32Array(16)
    offset[3] = 0.5
    const rows = [
      rowOf(1),
      rowOf(2, everywhere({ mix: 1 })),
      rowOf(3, null, 0.3),
      { ...rowOf(1), embeddingOffset: offset },
    ]
    const whole = denoiserOf()
    const wanted = await whole.evaluate(rows)
    for (const [i, denoised] of (await denoiser.evaluate(rows)).entries())
      expect(relativeError(denoised, wanted[i]!), `row ${i}`).toBeLessThan(1e-5)
    expect(relativeError(wanted[3]!, wanted[0]!)).toBeGreaterThan(1e-3)
    expect(told()).toBe(4)
    // Another image and another control are told the same.
    await denoiser.evaluate([{ ...rowOf(1, everywhere({ mix: 0.5 })), x: rowOf(5).x }, rowOf(3, null, 0.3)])
    expect(told()).toBe(4)
    await denoiser.evaluate([rowOf(1, null, 0.69)])
    expect(told()).toBe(5)
    await denoiser.dispose()
    await whole.dispose()
    expect(plain.alive() + vectors.alive()).toBe(0)
  })

  it('of a static batch: one size, filled up, and the least recently used kind released', async () => {
    const { runtime, log, sizes, alive } = watched(node)
    const denoiser = denoiserOf({ runtime, batch: { kind: 'static', sessions: 2 }, maxRows: 3 })
    const rows = [1, 2, 3, 4, 5].map((seed) => rowOf(seed))
    const wanted = await tiny.denoiser.evaluate(rows)
    for (const count of [1, 2, 5]) {
      const got = await denoiser.evaluate(rows.slice(0, count))
      expect(got).toHaveLength(count)
      for (const [i, row] of got.entries()) expect(relativeError(row, wanted[i]!)).toBeLessThan(1e-5)
    }
    expect(log).toEqual(['create', 'run', 'run', 'run', 'run'])
    expect(sizes).toEqual([3, 3, 3, 3])
    expect(denoiser.counts).toEqual({ rows: 8, runs: 4 })
    await denoiser.attentionMaps(rows.slice(0, 1), 0)
    await denoiser.evaluate(rows.slice(0, 1))
    expect(log.slice(5)).toEqual(['create', 'run', 'run'])
    // A third kind: the session for maps of layer 0 was used longest ago.
    await denoiser.attentionMaps(rows.slice(0, 1), 1)
    await denoiser.evaluate(rows.slice(0, 1))
    expect(log.slice(8)).toEqual(['create', 'release', 'run', 'run'])
    await denoiser.dispose()
    expect(alive()).toBe(0)
  })

  it('are run, made and released one at a time, through what the caller brings', async () => {
    let inside = 0
    let most = 0
    const runs: string[] = []
    const denoiser = denoiserOf({
      exclusive: async (task) => {
        inside += 1
        most = Math.max(most, inside)
        try {
          return await task()
        } finally {
          inside -= 1
        }
      },
      runSession: async (session, feeds) => {
        runs.push(
          Object.keys(feeds)
            .filter((name) => !/_\d+$/.test(name))
            .join(),
        )
        return session.run(feeds) as Promise<Record<string, web.Tensor>>
      },
    })
    const [alone, together] = await Promise.all([
      denoiser.evaluate([rowOf(1)]),
      denoiser.evaluate([rowOf(2), rowOf(1)]),
      denoiser.attentionMaps([rowOf(1)], 2),
    ])
    await denoiser.dispose()
    expect(together![1]).toEqual(alone![0])
    expect(most).toBe(1)
    expect(runs).toEqual(Array(3).fill('x,noise_level,class_weights,embedding_offset'))
  })

  it('that fail do not stop the next evaluation', async () => {
    let fail = true
    const denoiser = denoiserOf({
      runSession: async (session, feeds) => {
        if (fail) throw new Error('device lost')
        return session.run(feeds) as Promise<Record<string, web.Tensor>>
      },
    })
    await expect(denoiser.evaluate([rowOf(1)])).rejects.toThrow('device lost')
    fail = false
    expect(await denoiser.evaluate([rowOf(1)])).toEqual(await tiny.denoiser.evaluate([rowOf(1)]))
    await denoiser.dispose()
  })
})

describe('the WASM runtime of the browser', () => {
  it('gives the same answers', async () => {
    web.env.wasm.numThreads = 1
    const denoiser = denoiserOf({ runtime: web, sessionOptions: { executionProviders: ['wasm'] } })
    expect(await goldenError(denoiser, tiny.golden)).toBeLessThan(1e-5)
    expect(await denoiser.batchInvariant()).toBe(true)
    const masked = rowOf(1, everywhere({ mask: { rate: 0.5, seed: 2, keepDiagonal: true } }))
    expect(
      relativeError((await denoiser.evaluate([masked]))[0]!, (await tiny.denoiser.evaluate([masked]))[0]!),
    ).toBeLessThan(1e-5)
    await denoiser.dispose()
  })
})

describe('a manifest and a graph that disagree', () => {
  it.each([
    ['grids', model.layers.map((layer) => ({ ...layer, height: layer.height * 2 })), /tokens/],
    ['heads', model.layers.map((layer) => ({ ...layer, heads: layer.heads + 1 })), /heads/],
    ['layers', model.layers.slice(1), /6 token grids were given for 7/],
  ])('are refused: %s', async (_, layers, message) => {
    await expect(denoiserOf({ model: { ...model, layers } }).evaluate([{ ...rowOf(1) }])).rejects.toThrow(message)
  })
})

describe('prepared weights', () => {
  it('are the same as the file they were read from', async () => {
    const weights = readWeights(parseModel(files.graph), files.weights)
    const denoiser = denoiserOf({ weights })
    const half = denoiserOf({ weights: combineWeights([{ weights, factor: 0.5 }]) })
    const [row] = await tiny.denoiser.evaluate([rowOf(1)])
    expect((await denoiser.evaluate([rowOf(1)]))[0]).toEqual(row)
    expect(relativeError((await half.evaluate([rowOf(1)]))[0]!, row!)).toBeGreaterThan(1e-2)
    await denoiser.dispose()
    await half.dispose()
  })
})

/**
 * A network small enough to be written again in this file: images of 8 channels are tokens, to which an embedding
 * [rows, 8] = ln(σ)/4 · u + class weights · T [+ offset] is added, then one attention layer of two heads.
 */
describe('a network written again by the test', () => {
  const c = 8
  const u = numbers(c, 11)
  const table = numbers(2 * c, 12)
  const attention = layerWeights({ height: 1, width: 1, heads: 2, headWidth: 4 }, 5)
  const info: ModelInfo = {
    ...model,
    image: { channels: c, height: 4, width: 6 },
    ...ownDescription({ channels: c, height: 4, width: 6 }, 2, 0.5),
    conditioning: { kind: 'class', labelDropout: false, classes: [{ name: 'a' }, { name: 'b' }] },
    layers: [{ index: 0, name: 'only 4×6', stage: 'middle', height: 4, width: 6, heads: 2 }],
  }
  const whole = { offset: true, residual: true }

  function graphOf(height: number, width: number, { offset, residual } = whole): Uint8Array {
    const e = emptyModel()
    const ints = (values: readonly number[]) => e.addInitializer(intTensor('shape', [values.length], values))
    const turned = (tensor: string) =>
      e.add('Transpose', [tensor], 'turned', { attributes: { perm: { ints: [0, 2, 1] } } })
    const x = e.addInput(floatValue('x', ['rows', c, height, width]))
    const level = e.add('Reshape', [e.addInput(floatValue('noise_level', ['rows'])), ints([-1, 1])], 'level')
    const classes = e.addInput(floatValue('class_weights', ['rows', 2]))
    const noise = e.add('Mul', [level, e.addInitializer(floatTensor('u', [c], u))], 'noise')
    const label = e.add('MatMul', [classes, e.addInitializer(floatTensor('table', [2, c], table))], 'label')
    let embedding = e.add('Add', [noise, label], 'embedding')
    if (offset)
      embedding = e.add('Add', [embedding, e.addInput(floatValue('embedding_offset', ['rows', c]))], 'embedding')
    const tokens = turned(e.add('Reshape', [x, ints([-1, c, height * width])], 'flat'))
    const input = e.add('Add', [tokens, e.add('Reshape', [embedding, ints([-1, 1, c])], 'embedding')], 'tokens')
    const layer = addLayer(e, 'C: dynamo', { height, width, heads: 2, headWidth: 4 }, attention, input)
    const end = e.producer(layer)!
    if (!residual) e.setInput(end, 1, end.input[0]!)
    e.addOutput(
      e.add('Reshape', [turned(layer), ints([-1, c, height, width])], 'image'),
      floatValue('prediction', ['rows', c, height, width]),
    )
    return serializeModel(e.model)
  }

  function naive(
    { x, sigma, classWeights, toldSigma = sigma, embeddingOffset }: DenoiserRow,
    height: number,
    width: number,
    control = {},
  ) {
    const n = height * width
    const total = sigma ** 2 + 0.25
    const tokens = Array.from({ length: n * c }, (_, i) => {
      const channel = i % c
      const embedding =
        (Math.log(toldSigma) / 4) * u[channel]! +
        classWeights[0]! * table[channel]! +
        classWeights[1]! * table[c + channel]!
      return x[channel * n + Math.floor(i / c)]! / Math.sqrt(total) + embedding + (embeddingOffset?.[channel] ?? 0)
    })
    const layer = naiveLayer(tokens, { height, width, heads: 2, headWidth: 4 }, attention, control)
    const denoised = Float32Array.from(x, (value, i) => {
      const prediction = layer.y[(i % n) * c + Math.floor(i / n)]!
      return (0.25 / total) * value + ((sigma * 0.5) / Math.sqrt(total)) * prediction
    })
    return { ...layer, denoised }
  }

  const denoiserAt = (height: number, width: number, options: Partial<OnnxDenoiserOptions> = {}, parts = whole) =>
    denoiserOf({
      model: info,
      graph: graphOf(height, width, parts),
      weights: new Uint8Array(),
      size: { height, width },
      ...options,
    })
  const rowAt = (seed: number, tokens: number, more: Partial<DenoiserRow> = {}): DenoiserRow => ({
    x: normals(seed, 0, tokens * c),
    sigma: 0.3 + seed,
    classWeights: Float32Array.of(1, 0.5),
    attention: null,
    ...more,
  })

  it('is told another noise level, and given an offset of its embedding, row by row', async () => {
    const denoiser = denoiserAt(4, 6)
    const offset = numbers(c, 13)
    const rows = [
      rowAt(1, 24),
      rowAt(1, 24, { toldSigma: 4 }),
      rowAt(1, 24, { embeddingOffset: offset }),
      rowAt(2, 24, { toldSigma: 0.01, embeddingOffset: offset }),
    ]
    const denoised = await denoiser.evaluate(rows)
    for (const [i, row] of rows.entries())
      expect(relativeError(denoised[i]!, naive(row, 4, 6).denoised)).toBeLessThan(1e-5)
    expect(relativeError(denoised[1]!, denoised[0]!)).toBeGreaterThan(1e-2)
    expect(relativeError(denoised[2]!, denoised[0]!)).toBeGreaterThan(1e-2)
    // What is said of a row and its own σ or no offset is the same row.
    const same = await denoiser.evaluate([rowAt(1, 24, { toldSigma: 1.3, embeddingOffset: new Float32Array(c) })])
    expect(same[0]).toEqual(denoised[0])
    await denoiser.dispose()
  })

  it('has the offset only where the graph has the input', async () => {
    const without = denoiserAt(4, 6, {}, { ...whole, offset: false })
    const row = rowAt(1, 24)
    expect(relativeError((await without.evaluate([row]))[0]!, naive(row, 4, 6).denoised)).toBeLessThan(1e-5)
    await expect(without.evaluate([{ ...row, embeddingOffset: new Float32Array(c) }])).rejects.toThrow(
      'no input embedding_offset',
    )
    await without.dispose()
    const denoiser = denoiserAt(4, 6)
    await expect(denoiser.evaluate([{ ...row, embeddingOffset: new Float32Array(3) }])).rejects.toThrow(
      'an embedding offset has 3 values; the embedding has 8',
    )
    await expect(denoiser.evaluate([{ ...row, toldSigma: 0 }])).rejects.toThrow(RangeError)
    await denoiser.dispose()
  })

  it('takes images of another size, on grids that scale with it', async () => {
    const denoiser = denoiserAt(2, 3)
    const control: AttentionControl = { querySigma: 1, mix: [0.25, 1] }
    const rows = [rowAt(1, 6), rowAt(2, 6, { attention: [control] })]
    const readings = await denoiser.readAttention(rows, 0)
    for (const [i, row] of rows.entries()) {
      const wanted = naive(row, 2, 3, i === 0 ? {} : control)
      expect(relativeError(readings[i]!.denoised, wanted.denoised)).toBeLessThan(1e-5)
      expect(relativeError(readings[i]!.map, Float32Array.from(wanted.map))).toBeLessThan(1e-5)
      expect(relativeError(readings[i]!.received, Float32Array.from(wanted.received))).toBeLessThan(1e-5)
    }
    expect(relativeError((await denoiser.evaluate(rows))[1]!, readings[1]!.denoised)).toBeLessThan(1e-5)
    expect(await denoiser.batchInvariant()).toBe(true)
    await expect(denoiser.evaluate([rowAt(1, 24)])).rejects.toThrow(
      'x has 192 values; an image of tiny has 48 (8 × 2 × 3)',
    )
    await denoiser.dispose()
    expect(() => denoiserAt(2, 3, { model: { ...info, layers: [{ ...info.layers[0]!, height: 1 }] } })).toThrow(
      'no whole number of tokens',
    )
  })

  it('may have other heads than the default network, as it is told', async () => {
    const told = { ...info, layers: [{ ...info.layers[0]!, heads: 4 }] }
    const row = rowAt(1, 24, { attention: [{ mix: [1, 0] }] })
    await expect(denoiserAt(4, 6, { model: told }).evaluate([row])).rejects.toThrow('has 2 heads, not 4')
    const other = denoiserAt(4, 6, { model: told, heads: [2] })
    const [reading] = await other.readAttention([row], 0)
    expect(reading!.received).toHaveLength(2 * 24)
    expect(relativeError(reading!.denoised, naive(row, 4, 6, { mix: [1, 0] }).denoised)).toBeLessThan(1e-5)
    await expect(other.evaluate([{ ...row, attention: [{ mix: [1, 0, 0, 0] }] }])).rejects.toThrow(
      'mix has 4 values for the 2 heads',
    )
    await other.dispose()
  })

  it('without a residual connection runs, and says so only when it is to be skipped', async () => {
    const denoiser = denoiserAt(4, 6, {}, { ...whole, residual: false })
    await denoiser.evaluate([rowAt(1, 24), rowAt(1, 24, { attention: [{ smooth: 'average' }] })])
    await expect(denoiser.evaluate([rowAt(1, 24, { attention: [{ skip: 'attention' }] })])).rejects.toThrow(
      "can't be skipped",
    )
    await denoiser.dispose()
    const able = denoiserAt(4, 6)
    const row = rowAt(1, 24, { attention: [{ skip: 'attention' }] })
    expect(
      relativeError((await able.evaluate([row]))[0]!, naive(row, 4, 6, { skip: 'attention' }).denoised),
    ).toBeLessThan(1e-5)
    await able.dispose()
  })
})

describe('files on disk', () => {
  it('that are not the ones of the manifest are refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'model-'))
    try {
      cpSync(join(models, 'tiny'), folder, { recursive: true })
      const path = join(folder, model.weights.file)
      const bytes = readFileSync(path)
      bytes[100]! ^= 1
      writeFileSync(path, bytes)
      await expect(loadNodeModel(folder)).rejects.toThrow(/SHA-256 differs/)
      writeFileSync(path, bytes.subarray(1))
      await expect(loadNodeModel(folder)).rejects.toThrow(/bytes, not/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
