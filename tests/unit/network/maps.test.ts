/** Controls at the map against attention written naively in double precision, and graphs that are hard to read. */
import { create } from '@bufbuild/protobuf'
import { TensorProtoSchema } from 'onnx-buf'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { openGraph } from '../../../src/engine/open-graph'
import { ControlInputs } from '../../../src/network/controls/inputs'
import { featuresOf, type RowControls } from '../../../src/network/controls/complete'
import { findMaps, type MapSurvey } from '../../../src/network/maps/find'
import { insertMapControls } from '../../../src/network/maps/insert'
import type { GraphEditor } from '../../../src/network/editor'
import type { Feeds, MapLayer } from '../../../src/network/maps/types'
import { DataType, floatTensor, floatValue, intTensor, type ModelProto } from '../../../src/network/onnx'
import type { AttentionControl } from '../../../src/network/types'
import { AFTER_SOFTMAX, CONTROLS, drawsOf } from './control-cases'
import { FORMS, attentionModel, emptyModel, layerWeights, naiveLayer, numbers, type Sizes } from './graphs'

const sizes: Sizes = { height: 4, width: 5, heads: 2, headWidth: 4 }
const [n, c] = [20, 8]
const weights = layerWeights(sizes, 3)
const open = openGraph({ InferenceSession, Tensor }, null, { intraOpNumThreads: 1, logSeverityLevel: 3 })

const inputs = (rows: readonly Float32Array[]): Feeds => ({
  x: { type: 'float32', dims: [rows.length, n, c], data: Float32Array.from(rows.flatMap((row) => [...row])) },
})

const survey = (model: ModelProto): Promise<MapSurvey> =>
  findMaps({
    model,
    open,
    feeds: (rows) => inputs(Array.from({ length: rows }, (_, i) => numbers(n * c, i))),
    batch: null,
    sample: 'x',
  })

/** Tokens of these graphs come in a row: only the test knows how they lie. */
const onGrid = (layer: MapLayer): MapLayer => ({
  ...layer,
  image: layer.image && { ...layer.image, grid: { height: sizes.height, width: sizes.width } },
})

async function run(build: () => ModelProto, rows: readonly Float32Array[], controls: readonly RowControls[]) {
  const { model, layers } = await survey(build())
  const features = featuresOf(controls.flatMap((row) => row ?? []))
  const guided = insertMapControls(model, layers.map(onGrid), { rows: 'dynamic', features, map: null })
  const session = await open(model)
  const extra = Object.entries(new ControlInputs(guided).feeds(controls, features)).map(
    ([name, { data, dims }]) => [name, { type: 'float32' as const, data, dims }] as const,
  )
  const { y } = await session.run({ ...inputs(rows), ...Object.fromEntries(extra) })
  await session.release()
  if (y?.type !== 'float32') throw new Error('no y')
  const { data } = y
  return rows.map((_, i) => data.slice(i * n * c, (i + 1) * n * c))
}

const plain = () => attentionModel('A: diffusers', sizes, weights)

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)))
}

/** Its tokens are cut into height and width and put together again: they are those of no image that the graph is given. */
const CUT = 'channels first'

it('tokens that are cut into a grid inside the network are left alone, with the reason', async () => {
  const { layers } = await survey(attentionModel(CUT, sizes, weights))
  expect(layers.map(({ verdict }) => verdict)).toEqual([
    { kind: 'not-understood', reason: 'where its 20 tokens come from can’t be followed' },
  ])
})

describe.each(FORMS.filter((form) => form !== CUT))('%s', (form) => {
  it('is one map, of tokens in a row', async () => {
    const { layers, closed } = await survey(attentionModel(form, sizes, weights))
    expect(closed).toEqual([])
    expect(layers).toHaveLength(1)
    expect(layers[0]).toMatchObject({
      heads: 2,
      windows: 1,
      queries: n,
      keys: n,
      image: { start: 0, keyStart: 0, count: n, grid: null },
    })
    expect(layers[0]!.verdict.kind).toBe('needs-grid')
  })

  it('computes every control in one batch', async () => {
    const rows = Object.keys(CONTROLS).map((_, i) => numbers(n * c, 50 + i))
    const all = Object.values(CONTROLS)
    const y = await run(
      () => attentionModel(form, sizes, weights),
      rows,
      all.map((control) => [control]),
    )
    const errors = all.map((control, i) => distance(y[i]!, naiveLayer(rows[i]!, sizes, weights, control ?? {}).y))
    expect(Object.keys(CONTROLS).filter((_, i) => !(errors[i]! <= 2e-5))).toEqual([])
  })
})

describe('changes of the map', () => {
  const SPARSE: Record<string, AttentionControl> = {
    'half way to entmax': { entmax: 0.5 },
    'both sparse maps, flat': { entmax: -0.5, sparsemax: 0.75, temperature: 0.2 },
    'sparse, masked and dropped': {
      entmax: 1.5,
      drop: { rate: 0.3, seed: 8 },
      mask: { rate: 0.5, seed: 7, keepDiagonal: true },
    },
  }
  it.each(Object.entries({ ...AFTER_SOFTMAX, ...SPARSE }))('%s', async (_, control) => {
    const row = numbers(n * c, 60)
    const [y] = await run(plain, [row], [[control]])
    expect(distance(y!, naiveLayer(row, sizes, weights, control, drawsOf(control, n)).y)).toBeLessThan(2e-5)
  })

  it('say what does not reach a map', async () => {
    const push: AttentionControl = { extrapolate: { scale: 2, limit: 2, blend: 1 } }
    await expect(run(plain, [numbers(n * c, 1)], [[push]])).rejects.toThrow('no way to its values')
    const { layers, model } = await survey(plain())
    const guided = insertMapControls(model, layers, { rows: 'dynamic', features: [], map: null })
    expect(() => new ControlInputs(guided).feeds([[{ querySigma: 1 }]], [])).toThrow('is not known')
  })
})

/** One attention layer whose maps lie as nobody’s exporter of ours writes them; `attend` gets what was projected, [rows, N, heads · d]. */
function layer(opset: number, attend: (e: GraphEditor, q: string, k: string, v: string) => string): ModelProto {
  const e = emptyModel(opset)
  const x = e.addInput(floatValue('x', ['rows', n, c]))
  const project = (tensor: string, name: 'q' | 'k' | 'v' | 'o') =>
    e.add('MatMul', [tensor, e.addInitializer(floatTensor(`weight_${name}`, [c, c], weights[name]))], 'projected')
  const biased = (name: 'q' | 'v', bias: Float32Array) =>
    e.add('Add', [project(x, name), e.addInitializer(floatTensor(`bias_${name}`, [c], bias))], 'biased')
  const joined = attend(e, biased('q', weights.qBias), project(x, 'k'), biased('v', weights.vBias))
  e.addOutput(e.add('Add', [project(joined, 'o'), x], 'layer'), floatValue('y', ['rows', n, c]))
  return e.model
}

const reshape = (e: GraphEditor, tensor: string, dims: readonly number[]) =>
  e.add('Reshape', [tensor, e.addInitializer(intTensor('dims', [dims.length], dims))], 'reshaped')
const transpose = (e: GraphEditor, tensor: string, perm: readonly number[]) =>
  e.add('Transpose', [tensor], 'turned', { attributes: { perm: { ints: perm } } })
const einsum = (e: GraphEditor, equation: string, a: string, b: string) =>
  e.add('Einsum', [a, b], 'einsum', { attributes: { equation: { string: equation } } })
const softmax = (e: GraphEditor, products: string) => {
  const scale = e.addInitializer(floatTensor('scale', [], [1 / Math.sqrt(sizes.headWidth)]))
  return e.add('Softmax', [e.add('Mul', [products, scale], 'scores')], 'map', { attributes: { axis: { int: -1 } } })
}
const perHead = (e: GraphEditor, tensor: string) => reshape(e, tensor, [-1, n, sizes.heads, sizes.headWidth])

/** No entry of a row of its own is left out, so that every token still looks at something. */
const HIDDEN = Array.from({ length: n * n }, (_, i) => i % 3 === 0 && i % (n + 1) !== 0)

const LAYOUTS: Record<string, () => ModelProto> = {
  'queries before heads': () =>
    layer(17, (e, q, k, v) => {
      const map = softmax(e, einsum(e, 'bqhd,bkhd->bqhk', perHead(e, q), perHead(e, k)))
      return reshape(e, einsum(e, 'bqhk,bkhd->bqhd', map, perHead(e, v)), [-1, n, c])
    }),
  'axes that an Einsum leaves unnamed': () =>
    layer(17, (e, q, k, v) => {
      const split = (tensor: string) => transpose(e, perHead(e, tensor), [0, 2, 1, 3])
      const map = softmax(e, einsum(e, '...qd,...kd->...qk', split(q), split(k)))
      const sums = einsum(e, '... q k, ... k d -> ... q d', map, split(v))
      return reshape(e, transpose(e, sums, [0, 2, 1, 3]), [-1, n, c])
    }),
  'heads before rows': () =>
    layer(17, (e, q, k, v) => {
      const split = (tensor: string) => transpose(e, perHead(e, tensor), [2, 0, 1, 3])
      const map = softmax(e, e.add('MatMul', [split(q), transpose(e, split(k), [0, 1, 3, 2])], 'products'))
      return reshape(e, transpose(e, e.add('MatMul', [map, split(v)], 'sums'), [1, 2, 0, 3]), [-1, n, c])
    }),
  'heads and rows in one axis, heads first': () =>
    layer(17, (e, q, k, v) => {
      const split = (tensor: string) =>
        reshape(e, transpose(e, perHead(e, tensor), [2, 0, 1, 3]), [-1, n, sizes.headWidth])
      const map = softmax(e, e.add('MatMul', [split(q), transpose(e, split(k), [0, 2, 1])], 'products'))
      const sums = reshape(e, e.add('MatMul', [map, split(v)], 'sums'), [sizes.heads, -1, n, sizes.headWidth])
      return reshape(e, transpose(e, sums, [1, 2, 0, 3]), [-1, n, c])
    }),
  'a fused node that is told where to look': () =>
    layer(23, (e, q, k, v) => {
      const mask = create(TensorProtoSchema, {
        name: 'seen',
        dataType: DataType.BOOL,
        dims: [n, n].map(BigInt),
        rawData: Uint8Array.from(HIDDEN, (hidden) => (hidden ? 0 : 1)),
      })
      return e.add('Attention', [q, k, v, e.addInitializer(mask)], 'attended', {
        attributes: { q_num_heads: { int: sizes.heads }, kv_num_heads: { int: sizes.heads } },
      })
    }),
}

describe.each(Object.entries(LAYOUTS))('%s', (name, build) => {
  it('computes every control in one batch', async () => {
    const rows = Object.keys(CONTROLS).map((_, i) => numbers(n * c, 50 + i))
    const all = Object.values(CONTROLS)
    const y = await run(
      build,
      rows,
      all.map((control) => [control]),
    )
    const draws = name.startsWith('a fused node') ? { masked: HIDDEN } : {}
    const errors = all.map((control, i) =>
      distance(y[i]!, naiveLayer(rows[i]!, sizes, weights, control ?? {}, draws).y),
    )
    expect(Object.keys(CONTROLS).filter((_, i) => !(errors[i]! <= 2e-5))).toEqual([])
  })
})

describe('graphs that are hard to read', () => {
  /** A graph from x through `build`, with a softmax at its end. */
  function ending(build: (e: ReturnType<typeof emptyModel>, x: string) => string): ModelProto {
    const e = emptyModel()
    const scores = build(e, e.addInput(floatValue('x', ['rows', n, c])))
    const map = e.add('Softmax', [scores], 'map', { attributes: { axis: { int: -1 } } })
    e.addOutput(e.add('MatMul', [map, 'x'], 'sums'), floatValue('y', ['rows', n, c]))
    return e.model
  }
  const products = (e: ReturnType<typeof emptyModel>, x: string) =>
    e.add('MatMul', [x, e.add('Transpose', [x], 'turned', { attributes: { perm: { ints: [0, 2, 1] } } })], 'products')

  it('scores that are added to themselves sixty times are read once each', async () => {
    const doubled = (e: ReturnType<typeof emptyModel>, x: string) => {
      const zero = e.add('Sub', [products(e, x), products(e, x)], 'nothing')
      return Array.from({ length: 60 }).reduce<string>((sum) => e.add('Add', [sum, sum], 'sum'), zero)
    }
    expect((await survey(ending(doubled))).layers).toHaveLength(1)
    // A way that ends in no product that is known is looked for just as often.
    const none = (e: ReturnType<typeof emptyModel>, x: string) => {
      const open = e.add('Relu', [products(e, x)], 'open')
      return Array.from({ length: 60 }).reduce<string>((sum) => e.add('Add', [sum, sum], 'sum'), open)
    }
    const reason = 'what lies between its queries and keys and its softmax, Relu, is not followed'
    expect((await survey(ending(none))).layers.map(({ verdict }) => verdict)).toEqual([
      { kind: 'not-understood', reason },
    ])
  })

  it('tokens that are put together a thousand times are refused in a sentence', async () => {
    const folded = (e: ReturnType<typeof emptyModel>, x: string) => {
      const int = (value: number) => e.addInitializer(intTensor('bound', [1], [value]))
      const half = (whole: string, from: number) =>
        e.add('Slice', [whole, int(from), int(from + n / 2), int(1)], 'half')
      const tokens = Array.from({ length: 1200 }).reduce<string>(
        (whole) =>
          e.add('Concat', [half(whole, 0), half(whole, n / 2)], 'joined', { attributes: { axis: { int: 1 } } }),
        x,
      )
      return products(e, tokens)
    }
    await expect(survey(ending(folded))).rejects.toThrow('too often')
  })

  it('operators older than those that are added are refused', async () => {
    const { model } = emptyModel(12)
    await expect(survey(model)).rejects.toThrow('opset 12')
  })
})
