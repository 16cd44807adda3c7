/** The rewritten graph, run by onnxruntime, against attention written naively in double precision. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from '@bufbuild/protobuf'
import { StringStringEntryProtoSchema, TensorProtoSchema } from 'onnx-buf'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { findAttention } from '../../../src/network/attention/find'
import { ControlInputs } from '../../../src/network/controls/inputs'
import { extentOf, featuresOf, type RowControls } from '../../../src/network/controls/complete'
import { maskBias } from '../../../src/network/controls/matrices'
import { FEATURES, type ControlOptions, type Extent, type Feature } from '../../../src/network/controls/types'
import { insertControls } from '../../../src/network/controls/insert'
import { sparseMap } from '../../../src/network/controls/sparse'
import {
  DataLocation,
  DataType,
  countOperators,
  declaredShape,
  floatTensor,
  floatValue,
  intTensor,
  parseModel,
  serializeModel,
  type ModelProto,
} from '../../../src/network/onnx'
import { GraphEditor } from '../../../src/network/editor'
import type { AttentionControl } from '../../../src/network/types'
import { attachWeights, readWeights } from '../../../src/network/weights'
import {
  FORMS,
  addLayer,
  attentionModel,
  emptyModel,
  entmax15,
  layerWeights,
  naiveLayer,
  numbers,
  sparsemax,
  type Sizes,
} from './graphs'
import { AFTER_SOFTMAX, CONTROLS, drawsOf } from './control-cases'

const sizes: Sizes = { height: 4, width: 5, heads: 2, headWidth: 4 }
const [n, c] = [20, 8]
const weights = layerWeights(sizes, 3)
const defaults: ControlOptions = { grids: [sizes], rows: 'dynamic', features: [], map: null, form: 'fused' }

async function open(model: ModelProto): Promise<InferenceSession> {
  return InferenceSession.create(serializeModel(model), { intraOpNumThreads: 1, logSeverityLevel: 3 })
}

/** Runs a rewritten one-layer model on rows of `x`. */
async function run(
  model: ModelProto,
  options: ControlOptions,
  x: readonly Float32Array[],
  controls: readonly RowControls[],
) {
  const layers = insertControls(model, options)
  const session = await open(model)
  const feeds = new ControlInputs(layers).feeds(controls, options.features, options.extent ?? null)
  const joined = Float32Array.from(x.flatMap((row) => [...row]))
  const outputs = await session.run({
    x: new Tensor('float32', joined, [x.length, n, c]),
    ...Object.fromEntries(
      Object.entries(feeds).map(([name, { data, dims }]) => [
        name,
        data instanceof Uint8Array ? new Tensor('bool', data, dims) : new Tensor('float32', data, dims),
      ]),
    ),
  })
  const read = (name: string, size: number) => {
    const data = outputs[name]?.data as Float32Array | undefined
    return x.map((_, i) => data?.slice(i * size, (i + 1) * size) ?? new Float32Array())
  }
  await session.release()
  return { y: read('y', n * c), map: read('map_0', n * n), received: read('received_0', sizes.heads * n) }
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)))
}

/** What a map becomes when it is sparse, and a result pushed away from the values. */
const BEYOND: Record<string, AttentionControl> = {
  'half way to entmax': { entmax: 0.5 },
  'beyond entmax': { entmax: 2 },
  sparsemax: { sparsemax: 1 },
  'beyond sparsemax, sharp': { sparsemax: 1.5, temperature: 4 },
  'both sparse maps, flat': { entmax: -0.5, sparsemax: 0.75, temperature: 0.2 },
  'pushed away, unlimited': { extrapolate: { scale: 2, limit: 100, blend: 1 } },
  'pushed away, limited': { extrapolate: { scale: 4, limit: 1.2, blend: 0.4 } },
  'pushed away, with a mix': { extrapolate: { scale: -0.5, limit: 2, blend: 0.75 }, mix: [0.25, 0.5] },
  'sparse, dropped and pushed away': {
    entmax: 1.5,
    drop: { rate: 0.3, seed: 8 },
    extrapolate: { scale: 1, limit: 1.5, blend: 0.5 },
    mask: { rate: 0.5, seed: 7, keepDiagonal: true },
  },
}

const rows = Object.keys(CONTROLS).map((_, i) => numbers(n * c, 50 + i))
const controls = Object.values(CONTROLS).map((control) => [control])
const wanted = Object.values(CONTROLS).map((control, i) => naiveLayer(rows[i]!, sizes, weights, control ?? {}))

/** Names of the controls whose error is above a bound. */
function above(bound: number, error: (row: number) => number): string[] {
  return Object.keys(CONTROLS).filter((_, i) => !(error(i) <= bound))
}

describe.each(FORMS)('%s', (form) => {
  it.each(['fused', 'open'] as const)('computes every control in one batch, %s', async (attention) => {
    const { y } = await run(attentionModel(form, sizes, weights), { ...defaults, form: attention }, rows, controls)
    expect(above(2e-5, (i) => distance(y[i]!, wanted[i]!.y))).toEqual([])
  })

  it('gives the effective map, and what each token receives under each head', async () => {
    const { y, map, received } = await run(
      attentionModel(form, sizes, weights),
      { ...defaults, map: 0 },
      rows,
      controls,
    )
    expect(above(2e-6, (i) => distance(map[i]!, wanted[i]!.map))).toEqual([])
    expect(above(1e-5, (i) => distance(received[i]!, wanted[i]!.received))).toEqual([])
    expect(above(2e-5, (i) => distance(y[i]!, wanted[i]!.y))).toEqual([])
  })

  it('leaves the original computation as it was when nothing is asked', async () => {
    const original = await open(attentionModel(form, sizes, weights))
    const { y } = await original.run({ x: new Tensor('float32', rows[0]!, [1, n, c]) })
    await original.release()
    const rewritten = await run(attentionModel(form, sizes, weights), defaults, [rows[0]!], [null])
    expect(distance(rewritten.y[0]!, y!.data as Float32Array)).toBeLessThan(1e-5)
  })
})

describe('a graph with no more of mix and blur than its rows need', () => {
  const each: readonly AttentionControl[] = [
    {},
    { mix: 1 },
    { mix: [0, 1] },
    { mix: 0.3 },
    { mix: [1, 0.5] },
    { querySigma: 1 },
    { temperature: 0.5, mix: 1 },
    { querySigma: Infinity, mix: 0.6 },
  ]
  const x = rows.slice(0, each.length)
  /** Of one row alone: the extent that it needs. */
  const extents = each.map((control) => extentOf([[control]]))
  const computed = (extent: Extent | undefined, asked: readonly number[]) =>
    run(
      attentionModel('A: diffusers', sizes, weights),
      { ...defaults, ...(extent && { extent }) },
      asked.map((i) => x[i]!),
      asked.map((i) => [each[i]!]),
    )

  it('is asked for by the rows of a batch', () => {
    expect(extents).toEqual([
      { blur: false, mix: 'none' },
      { blur: false, mix: 'whole' },
      { blur: false, mix: 'whole' },
      { blur: false, mix: 'part' },
      { blur: false, mix: 'part' },
      { blur: true, mix: 'none' },
      { blur: true, mix: 'whole' },
      { blur: true, mix: 'part' },
    ])
    expect(extentOf([])).toEqual({ blur: false, mix: 'none' })
    expect(extentOf([null, [{ mix: 1 }, null], [{ querySigma: 1 }, { mix: 0 }]])).toEqual({ blur: true, mix: 'whole' })
  })

  it('computes what the whole graph does', async () => {
    const all = await computed(
      undefined,
      each.map((_, i) => i),
    )
    for (const [i, extent] of extents.entries())
      expect(distance((await computed(extent, [i])).y[0]!, all.y[i]!), `row ${i}`).toBeLessThan(2e-6)
  })

  it('gives each row to the bit what a graph with more gives, whoever is beside it', async () => {
    for (const [i, least] of extents.entries()) {
      const [alone] = (await computed(least, [i])).y
      for (const [j] of each.entries()) {
        const both = extentOf([[each[i]!], [each[j]!]])
        expect(distance((await computed(both, [j, i])).y[1]!, alone!), `row ${i} beside row ${j}`).toBe(0)
      }
    }
  })
})

describe('random masks', () => {
  it.each(['fused', 'open'] as const)('drop the entries that the bias names, %s', async (form) => {
    const masks = [
      { rate: 0.6, seed: 7, keepDiagonal: true },
      { rate: 0.9, seed: 8, keepDiagonal: false },
      { rate: 1, seed: 9, keepDiagonal: false },
    ]
    const asked: RowControls[] = [...masks.map((mask) => [{ mask }]), [{ mix: 0.5 }]]
    const { y } = await run(
      attentionModel('C: dynamo', sizes, weights),
      { ...defaults, features: ['mask'], form },
      rows.slice(0, 4),
      asked,
    )
    for (const [i, mask] of masks.entries()) {
      const dropped = Array.from(maskBias(n, mask), (value) => value !== 0)
      expect(distance(y[i]!, naiveLayer(rows[i]!, sizes, weights, {}, { masked: dropped }).y)).toBeLessThan(2e-5)
    }
    // Everything dropped keeps the diagonal: the identity map.
    expect(distance(y[2]!, naiveLayer(rows[2]!, sizes, weights, { mix: 1 }).y)).toBeLessThan(2e-5)
    expect(distance(y[3]!, naiveLayer(rows[3]!, sizes, weights, { mix: 0.5 }).y)).toBeLessThan(2e-5)
  })
})

describe('changes after the softmax', () => {
  const expected = Object.values(AFTER_SOFTMAX).map((control, i) =>
    naiveLayer(rows[i]!, sizes, weights, control, drawsOf(control, n)),
  )
  const names = Object.keys(AFTER_SOFTMAX)
  const far = (bound: number, error: (row: number) => number) => names.filter((_, i) => !(error(i) <= bound))

  it('are far from doing nothing, in the reference', () => {
    const changed = names.map((_, i) => distance(expected[i]!.y, naiveLayer(rows[i]!, sizes, weights).y))
    expect(Math.min(...changed)).toBeGreaterThan(1e-2)
  })

  it.each(['fused', 'open'] as const)('are computed with the inputs that each needs, %s', async (form) => {
    const y: Float32Array[] = []
    for (const [i, control] of Object.values(AFTER_SOFTMAX).entries()) {
      const options = { ...defaults, form, features: featuresOf([control]) }
      const model = attentionModel('A: diffusers', sizes, weights)
      y.push((await run(model, options, [rows[i]!], [[control]])).y[0]!)
      expect(countOperators(model).Softmax ?? 0).toBe(form === 'open' || control.drop ? 1 : 0)
    }
    expect(far(2e-5, (i) => distance(y[i]!, expected[i]!.y))).toEqual([])
  })

  it.each(FORMS)('are computed in one batch with all inputs: %s', async (form) => {
    const asked = Object.values(AFTER_SOFTMAX).map((control) => [control])
    const withoutDrop: readonly Feature[] = FEATURES.filter((feature) => feature !== 'drop')
    for (const features of [FEATURES, withoutDrop]) {
      const some = asked
        .map((row, i) => ({ row, i }))
        .filter(({ row }) => featuresOf(row).every((feature) => features.includes(feature)))
      const { y } = await run(
        attentionModel(form, sizes, weights),
        { ...defaults, features },
        some.map(({ i }) => rows[i]!),
        some.map(({ row }) => row),
      )
      expect(some.filter(({ i }, at) => !(distance(y[at]!, expected[i]!.y) <= 2e-5)).map(({ i }) => names[i])).toEqual(
        [],
      )
    }
  })

  it('are all in the map that is shown', async () => {
    const asked = Object.values(AFTER_SOFTMAX).map((control) => [control])
    const options = { ...defaults, map: 0, features: FEATURES }
    const { y, map, received } = await run(
      attentionModel('C: dynamo', sizes, weights),
      options,
      rows.slice(0, asked.length),
      asked,
    )
    expect(far(2e-6, (i) => distance(map[i]!, expected[i]!.map))).toEqual([])
    expect(far(1e-5, (i) => distance(received[i]!, expected[i]!.received))).toEqual([])
    expect(far(2e-5, (i) => distance(y[i]!, expected[i]!.y))).toEqual([])
    for (const [i, name] of names.entries()) {
      if (!name.startsWith('all')) continue
      const { map: shown } = await run(
        attentionModel('C: dynamo', sizes, weights),
        { ...defaults, map: 0, features: featuresOf(asked[i]!) },
        [rows[i]!],
        [asked[i]!],
      )
      expect(distance(shown[0]!, expected[i]!.map)).toBeLessThan(2e-6)
    }
  })
})

describe('sparse maps, and results pushed away', () => {
  const names = Object.keys(BEYOND)
  const asked = Object.values(BEYOND)
  const expected = asked.map((control, i) => naiveLayer(rows[i]!, sizes, weights, control, drawsOf(control, n)))

  it('are far from doing nothing, and from each other’s maps, in the reference', () => {
    const changed = names.map((_, i) => distance(expected[i]!.y, naiveLayer(rows[i]!, sizes, weights).y))
    expect(Math.min(...changed)).toBeGreaterThan(1e-2)
    const [entmax, sparse] = [{ entmax: 1 }, { sparsemax: 1 }].map(
      (control) => naiveLayer(rows[0]!, sizes, weights, control).map,
    )
    expect(distance(entmax!, sparse!)).toBeGreaterThan(1e-2)
  })

  it.each(FORMS)('are computed in one batch with all inputs: %s', async (form) => {
    const { y } = await run(
      attentionModel(form, sizes, weights),
      { ...defaults, features: FEATURES },
      rows.slice(0, asked.length),
      asked.map((control) => [control]),
    )
    expect(names.filter((_, i) => !(distance(y[i]!, expected[i]!.y) <= 3e-5))).toEqual([])
  })

  it.each(['fused', 'open'] as const)('are computed with the inputs that each needs, %s', async (form) => {
    for (const [i, control] of asked.entries()) {
      const options = { ...defaults, form, features: featuresOf([control]) }
      const model = attentionModel('A: diffusers', sizes, weights)
      const { y } = await run(model, options, [rows[i]!], [[control]])
      expect(distance(y[0]!, expected[i]!.y), names[i]!).toBeLessThan(3e-5)
    }
  })

  it('are shown as the map that acts, which still sums to 1 where nothing is dropped', async () => {
    const sparse = asked.flatMap((control, i) => (control.extrapolate ? [] : [i]))
    const { map, received } = await run(
      attentionModel('C: dynamo', sizes, weights),
      { ...defaults, map: 0, features: ['entmax', 'sparsemax'] },
      sparse.map((i) => rows[i]!),
      sparse.map((i) => [asked[i]!]),
    )
    for (const [at, i] of sparse.entries()) {
      expect(distance(map[at]!, expected[i]!.map)).toBeLessThan(4e-6)
      expect(distance(received[at]!, expected[i]!.received)).toBeLessThan(2e-5)
      for (let row = 0; row < n; row++)
        expect(map[at]!.subarray(row * n, (row + 1) * n).reduce((a, b) => a + b)).toBeCloseTo(1, 5)
    }
  })

  it.each(['entmax', 'sparsemax'] as const)(
    '%s holds for logits of every size, with a newer opset too',
    async (kind) => {
      for (const opset of [17, 18]) {
        const e = emptyModel(opset)
        const tokens = 256
        const x = e.addInput(floatValue('x', ['rows', 1, 1, tokens]))
        e.addOutput(sparseMap(e, kind, x, tokens, 'sparse'), floatValue('y', ['rows', 1, 1, tokens]))
        const session = await open(e.model)
        const spread = (power: number) => numbers(tokens, 9).map((value) => Math.abs(value) ** power)
        const cases = [
          ...[0, 1e-3, 0.1, 0.5, 1, 3, 30, 1000].map((scale) => numbers(tokens, 7).map((value) => scale * value)),
          ...[0.3, 3, 10].map(spread),
          ...[0.3, 3, 10].map((power) => spread(power).map((value) => -value)),
          Float32Array.from({ length: tokens }, (_, i) => -(2 ** -i)),
        ]
        for (const logits of cases) {
          const { y } = await session.run({ x: new Tensor('float32', logits, [1, 1, 1, tokens]) })
          const wanted = kind === 'entmax' ? entmax15([...logits]) : sparsemax([...logits])
          expect(distance(y!.data as Float32Array, wanted)).toBeLessThan(2e-6)
        }
        await session.release()
      }
    },
  )
})

describe('a mask of the graph itself', () => {
  it('still acts under controls', async () => {
    const model = attentionModel('C: dynamo', sizes, weights)
    const e = new GraphEditor(model)
    const softmax = model.graph!.node.find(({ opType }) => opType === 'Softmax')!
    const dropped = Array.from({ length: n * n }, (_, i) => i % n > Math.floor(i / n))
    softmax.input[0] = e.add(
      'Add',
      [
        softmax.input[0]!,
        e.addInitializer(
          floatTensor(
            'causal',
            [n, n],
            dropped.map((drop) => (drop ? -1e4 : 0)),
          ),
        ),
      ],
      'masked',
    )
    const { y } = await run(model, defaults, [rows[0]!], [[{ mix: 0.5 }]])
    expect(distance(y[0]!, naiveLayer(rows[0]!, sizes, weights, { mix: 0.5 }, { masked: dropped }).y)).toBeLessThan(
      2e-5,
    )
  })
})

describe('neutral controls', () => {
  const neutral: AttentionControl = {
    mix: 0,
    querySigma: 0,
    temperature: 1,
    mask: { rate: 0, seed: 1, keepDiagonal: false },
  }

  it.each(['fused', 'open'] as const)('change no bit of a row, in any batch, %s', async (form) => {
    const [x, other] = [rows[0]!, rows[1]!]
    const model = () => attentionModel('A: diffusers', sizes, weights)
    const { y } = await run(model(), { ...defaults, form }, [x, x, other, x], [null, [neutral], [{ mix: 1 }], [{}]])
    expect(y[1]).toEqual(y[0])
    expect(y[3]).toEqual(y[0])
    // In a graph that has everything a neutral row is the same whatever its neighbours ask.
    const features = FEATURES.filter((feature) => feature !== 'skip')
    const asked = [[neutral], [{ ...BEYOND['sparse, dropped and pushed away'] }], null]
    const all = await run(model(), { ...defaults, form, features }, [x, other, x], asked)
    expect(all.y[2]).toEqual(all.y[0])
    expect(distance(all.y[0]!, naiveLayer(x, sizes, weights).y)).toBeLessThan(2e-5)
    const alone = await run(model(), { ...defaults, form }, [x], [null])
    expect(alone.y[0]).toEqual(y[0])
  })

  it('a blur whose kernel has one tap is off, and infinite blur gives all queries the same row', async () => {
    const x = rows[0]!
    const { y, map } = await run(
      attentionModel('A: diffusers', sizes, weights),
      { ...defaults, map: 0 },
      [x, x, x],
      [null, [{ querySigma: 0.1 }], [{ querySigma: Infinity }]],
    )
    expect(y[1]).toEqual(y[0])
    for (let query = 1; query < n; query++) {
      expect(distance(map[2]!.subarray(query * n, (query + 1) * n), map[2]!.subarray(0, n))).toBeLessThan(1e-6)
    }
    expect(distance(map[0]!.subarray(n, 2 * n), map[0]!.subarray(0, n))).toBeGreaterThan(1e-3)
  })
})

describe('batch size', () => {
  it('baked into every input and output, and only that one runs', async () => {
    const model = attentionModel('A: shapes and scale computed at run time', sizes, weights)
    const layers = insertControls(model, { ...defaults, rows: 3 })
    for (const value of [...model.graph!.input, ...model.graph!.output]) expect(declaredShape(value)![0]).toBe(3)
    const session = await open(model)
    const feeds = new ControlInputs(layers).feeds([null, [{ mix: 1 }], null], [])
    const tensors = Object.fromEntries(
      Object.entries(feeds).map(([name, { data, dims }]) => [name, new Tensor('float32', data, dims)]),
    )
    const x = new Tensor('float32', Float32Array.from(rows.slice(0, 3).flatMap((row) => [...row])), [3, n, c])
    const { y } = await session.run({ x, ...tensors })
    expect(
      distance((y!.data as Float32Array).slice(n * c, 2 * n * c), naiveLayer(rows[1]!, sizes, weights, { mix: 1 }).y),
    ).toBeLessThan(2e-5)
    await session.release()
  })

  it('can not change where the exporter fixed it', () => {
    const model = attentionModel('C: dynamo', sizes, weights)
    model.graph!.input[0] = floatValue('x', [1, n, c])
    expect(() => insertControls(model, { ...defaults, rows: 4 })).toThrow('fixed batch of 1')
  })
})

describe('the rest of the graph', () => {
  it('is untouched: only attention changes, and what it no longer needs goes', () => {
    const model = attentionModel('A: diffusers', sizes, weights)
    const before = countOperators(model)
    const projections = model
      .graph!.initializer.filter(({ name }) => name.startsWith('weight'))
      .map(({ rawData }) => rawData)
    insertControls(model, defaults)
    const after = countOperators(model)
    expect(before).toMatchObject({ Softmax: 1, MatMul: 6, Mul: 2 })
    // Four projections and two blurs; one product with the mix.
    expect(after).toMatchObject({ MultiHeadAttention: 1, MatMul: 6, Mul: 1, Sub: 1 })
    expect(after.Softmax).toBeUndefined()
    expect(after.Transpose).toBeUndefined()
    expect(
      model.graph!.initializer.filter(({ name }) => name.startsWith('weight')).map(({ rawData }) => rawData),
    ).toEqual(projections)
  })

  it('layers in a row are controlled one by one', async () => {
    const second = layerWeights(sizes, 4)
    const e = emptyModel()
    const x = e.addInput(floatValue('x', ['rows', n, c]))
    e.addOutput(
      addLayer(e, 'B: baddbmm with computed shapes', sizes, second, addLayer(e, 'A: diffusers', sizes, weights, x)),
      floatValue('y', ['rows', n, c]),
    )
    const asked: RowControls[] = [
      [{ mix: 1 }, null],
      [null, { mix: 1 }],
    ]
    const { y } = await run(e.model, { ...defaults, grids: [sizes, sizes] }, [rows[0]!, rows[0]!], asked)
    for (const [i, [first, then]] of asked.map((row) => row!).entries()) {
      const between = naiveLayer(rows[0]!, sizes, weights, first ?? {}).y
      expect(distance(y[i]!, naiveLayer(between, sizes, second, then ?? {}).y)).toBeLessThan(5e-5)
    }
  })
})

describe('weights that the graph makes of trained ones', () => {
  /** Bits of the half that equals a sixteenth below 64. */
  const half = (value: number) => {
    if (value === 0) return 0
    const exponent = Math.floor(Math.log2(Math.abs(value)))
    return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | ((Math.abs(value) / 2 ** exponent - 1) * 1024)
  }
  const sixteenths = (count: number, seed: number) => numbers(count, seed).map((value) => Math.round(value * 16) / 16)

  /**
   * As exported: a half-precision file, each tensor behind a Cast; the affine part of the norm folded into the projections.
   * wq' = g ⊙ wq, bq' = b · wq + bq; the keys' weight lies transposed, in two halves; the values' is a product of two.
   */
  function foldedModel() {
    const e = emptyModel()
    const file: number[] = []
    const trained = (name: string, dims: readonly number[], values: ArrayLike<number>) => {
      const entries = { location: 'w.bin', offset: file.length * 2, length: values.length * 2 }
      file.push(...Array.from(values, half))
      const tensor = create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType: DataType.FLOAT16 })
      tensor.dataLocation = DataLocation.EXTERNAL
      tensor.externalData = Object.entries(entries).map(([key, value]) =>
        create(StringStringEntryProtoSchema, { key, value: String(value) }),
      )
      return e.add('Cast', [e.addInitializer(tensor)], `${name}_wide`, { attributes: { to: { int: DataType.FLOAT } } })
    }
    const raw = {
      q: sixteenths(c * c, 1),
      k: sixteenths(c * c, 2),
      v: sixteenths(c * c, 3),
      o: sixteenths(c * c, 4),
      m: sixteenths(c * c, 5),
    }
    const [gain, shift, bias] = [sixteenths(c, 6), sixteenths(c, 7), sixteenths(c, 8)]
    const x = e.addInput(floatValue('x', ['rows', n, c]))
    const ints = (values: readonly number[]) => e.addInitializer(intTensor('shape', [values.length], values))
    const wq = trained('wq', [c, c], raw.q)
    const product = e.add('MatMul', [x, e.add('Mul', [trained('g', [c, 1], gain), wq], 'wq_folded')], 'q')
    const added = e.add(
      'Add',
      [e.add('MatMul', [trained('b', [c], shift), wq], 'shifted'), trained('bq', [c], bias)],
      'bq_folded',
    )
    const q = e.add('Add', [product, added], 'q')
    const turned = Float32Array.from({ length: c * c }, (_, i) => raw.k[(i % c) * c + Math.floor(i / c)]!)
    const halves = [turned.subarray(0, 32), turned.subarray(32)].map((part, i) => trained(`wk${i}`, [32], part))
    const wk = e.add(
      'Reshape',
      [e.add('Concat', halves, 'wk', { attributes: { axis: { int: 0 } } }), ints([c, c])],
      'wk',
    )
    const k = e.add('MatMul', [x, e.add('Transpose', [wk], 'wk', { attributes: { perm: { ints: [1, 0] } } })], 'k')
    const v = e.add(
      'MatMul',
      [x, e.add('MatMul', [trained('wm', [c, c], raw.m), trained('wv', [c, c], raw.v)], 'wv')],
      'v',
    )
    const split = (tensor: string, perm: readonly number[]) =>
      e.add('Transpose', [e.add('Reshape', [tensor, ints([-1, n, 2, 4])], 'heads')], 'split', {
        attributes: { perm: { ints: perm } },
      })
    const scaled = e.add('Mul', [split(q, [0, 2, 1, 3]), e.addInitializer(floatTensor('scale', [], [0.5]))], 'scaled')
    const map = e.add('Softmax', [e.add('MatMul', [scaled, split(k, [0, 2, 3, 1])], 'scores')], 'map', {
      attributes: { axis: { int: -1 } },
    })
    const sums = e.add('MatMul', [map, split(v, [0, 2, 1, 3])], 'sums')
    const moved = e.add('Transpose', [sums], 'moved', { attributes: { perm: { ints: [0, 2, 1, 3] } } })
    const out = e.add(
      'MatMul',
      [e.add('Reshape', [moved, ints([-1, n, c])], 'joined'), trained('wo', [c, c], raw.o)],
      'out',
    )
    e.addOutput(e.add('Add', [x, out], 'sum'), floatValue('y', ['rows', n, c]))
    const times = (a: Float32Array, rows: number, b: Float32Array) =>
      Float32Array.from({ length: rows * c }, (_, i) => {
        let sum = 0
        for (let j = 0; j < c; j++) sum += a[Math.floor(i / c) * c + j]! * b[j * c + (i % c)]!
        return sum
      })
    const effective = {
      q: raw.q.map((value, i) => value * gain[Math.floor(i / c)]!),
      k: raw.k,
      v: times(raw.m, c, raw.v),
      o: raw.o,
      qBias: times(shift, 1, raw.q).map((value, i) => value + bias[i]!),
      vBias: new Float32Array(c),
    }
    return { model: e.model, file: new Uint8Array(Uint16Array.from(file).buffer), effective }
  }

  it('are seen as projections, computed once by the runtime, and lose their casts', async () => {
    const { model, file, effective } = foldedModel()
    const [layer] = findAttention(new GraphEditor(model)).self
    expect(layer).toMatchObject({
      heads: 2,
      headWidth: 4,
      scale: 0.5,
      query: { layout: 'joined' },
      key: { layout: 'joined' },
    })
    const loaded = readWeights(model, file)
    attachWeights(model, loaded, 'inline')
    expect(countOperators(model).Cast).toBeUndefined()
    const asked = [null, [{ mix: 0.5, querySigma: 1 }]]
    const { y } = await run(model, defaults, rows.slice(0, 2), asked)
    for (const [i, row] of asked.entries()) {
      expect(distance(y[i]!, naiveLayer(rows[i]!, sizes, effective, row?.[0] ?? {}).y)).toBeLessThan(1e-4)
    }
    const folder = mkdtempSync(join(tmpdir(), 'folded-'))
    try {
      const optimizedModelFilePath = join(folder, 'graph.onnx')
      const session = await InferenceSession.create(serializeModel(model), {
        optimizedModelFilePath,
        logSeverityLevel: 3,
      })
      await session.release()
      // Three projections and the output, two blurs: nothing that computes weights.
      expect(countOperators(parseModel(readFileSync(optimizedModelFilePath)))).toMatchObject({
        MatMul: 6,
        MultiHeadAttention: 1,
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
