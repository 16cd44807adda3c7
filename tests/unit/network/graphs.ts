/**
 * Small runnable graphs with one or more attention layers, in the forms that exporters write (runtime.md, section 7), and
 * the same layer written naively in double precision. Input `x` [rows, N, C]; output `y` = x + to_out(attention(x)).
 */
import { create } from '@bufbuild/protobuf'
import { GraphProtoSchema, ModelProtoSchema, OperatorSetIdProtoSchema } from 'onnx-buf'
import { GraphEditor } from '../../../src/network/editor'
import { floatTensor, floatValue, intTensor, type ModelProto } from '../../../src/network/onnx'
import type { AttentionControl } from '../../../src/network/types'

export const FORMS = [
  'A: diffusers',
  'A: shapes and scale computed at run time',
  'B: heads in the batch, scaled after the product',
  'B: baddbmm with computed shapes',
  'C: dynamo',
  'packed projection, gathered heads',
  'packed projection, sliced before heads',
  'channels first',
  'MultiHeadAttention',
  'Attention 23 on [rows, N, C]',
  'Attention 23 on [rows, heads, N, d]',
] as const
export type Form = (typeof FORMS)[number]

export interface Sizes {
  readonly height: number
  readonly width: number
  readonly heads: number
  readonly headWidth: number
}

/** Row-major [c × c], applied as x · W + b. */
export interface Weights {
  readonly q: Float32Array
  readonly k: Float32Array
  readonly v: Float32Array
  readonly o: Float32Array
  readonly qBias: Float32Array
  readonly vBias: Float32Array
}

/** Reproducible numbers in [−1, 1). */
export function numbers(count: number, seed: number): Float32Array {
  let state = seed * 2654435761 + 1
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x297a2d39) | 0
    return ((state >>> 8) / 2 ** 24) * 2 - 1
  })
}

export function layerWeights({ heads, headWidth }: Sizes, seed: number): Weights {
  const c = heads * headWidth
  const matrix = (i: number) => numbers(c * c, seed * 10 + i).map((value) => value * 0.8)
  return {
    q: matrix(1),
    k: matrix(2),
    v: matrix(3),
    o: matrix(4),
    qBias: numbers(c, seed * 10 + 5),
    vBias: numbers(c, seed * 10 + 6),
  }
}

export function emptyModel(opset = 17): GraphEditor {
  return new GraphEditor(
    create(ModelProtoSchema, {
      irVersion: 10n,
      opsetImport: [
        create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(opset) }),
        create(OperatorSetIdProtoSchema, { domain: 'com.microsoft', version: 1n }),
      ],
      graph: create(GraphProtoSchema, { name: 'test' }),
    }),
  )
}

function floats(e: GraphEditor, name: string, dims: readonly number[], data: ArrayLike<number>): string {
  return e.addInitializer(floatTensor(name, dims, data))
}

function ints(e: GraphEditor, values: readonly number[], dims = [values.length]): string {
  return e.addInitializer(intTensor('shape', dims, values))
}

const transpose = (e: GraphEditor, x: string, perm: readonly number[]) =>
  e.add('Transpose', [x], 'moved', { attributes: { perm: { ints: perm } } })
const reshape = (e: GraphEditor, x: string, dims: readonly number[]) => e.add('Reshape', [x, ints(e, dims)], 'reshaped')

/** The length of an axis, as exporters leave it when it is not folded: Gather(Shape(x), axis), unsqueezed. */
function length(e: GraphEditor, x: string, axis: number): string {
  return e.add(
    'Unsqueeze',
    [e.add('Gather', [e.add('Shape', [x], 'shape_of'), ints(e, [axis], [])], 'axis'), ints(e, [0])],
    'length',
  )
}

function project(e: GraphEditor, x: string, weight: string, bias?: string): string {
  const product = e.add('MatMul', [x, weight], 'projected')
  return bias ? e.add('Add', [bias, product], 'biased') : product
}

/** Adds one attention layer that reads `x` (and keys and values from `context`) and returns x + to_out(attention). */
export function addLayer(e: GraphEditor, form: Form, sizes: Sizes, weights: Weights, x: string, context = x): string {
  const { height, width, heads, headWidth: d } = sizes
  const n = height * width
  const c = heads * d
  const w = (name: 'q' | 'k' | 'v' | 'o') => floats(e, `weight_${name}`, [c, c], weights[name])
  const bias = (name: 'qBias' | 'vBias') => floats(e, name, [c], weights[name])
  const scale = 1 / Math.sqrt(d)
  const scalar = (value: number) => floats(e, 'factor', [], [value])
  const softmax = (scores: string) => e.add('Softmax', [scores], 'map', { attributes: { axis: { int: -1 } } })
  const finish = (joined: string) => e.add('Add', [project(e, joined, w('o')), x], 'layer')
  const q = () => project(e, x, w('q'), bias('qBias'))
  const k = () => project(e, context, w('k'))
  const v = () => project(e, context, w('v'), bias('vBias'))
  switch (form) {
    case 'A: diffusers': {
      const split = (t: string, perm: readonly number[]) => transpose(e, reshape(e, t, [0, -1, heads, d]), perm)
      const root = scalar(Math.sqrt(scale))
      const scores = e.add(
        'MatMul',
        [e.add('Mul', [split(q(), [0, 2, 1, 3]), root], 'q'), e.add('Mul', [split(k(), [0, 2, 3, 1]), root], 'k')],
        'scores',
      )
      const sums = e.add('MatMul', [softmax(scores), split(v(), [0, 2, 1, 3])], 'sums')
      return finish(reshape(e, transpose(e, sums, [0, 2, 1, 3]), [0, -1, c]))
    }
    case 'A: shapes and scale computed at run time': {
      const split = (t: string, perm: readonly number[]) => {
        const target = e.add('Concat', [length(e, t, 0), ints(e, [-1]), ints(e, [heads]), ints(e, [d])], 'target', {
          attributes: { axis: { int: 0 } },
        })
        return transpose(e, e.add('Reshape', [t, target], 'reshaped'), perm)
      }
      const queries = split(q(), [0, 2, 1, 3])
      const end = e.add(
        'Slice',
        [e.add('Shape', [queries], 'shape_of'), ints(e, [-1]), ints(e, [2 ** 31 - 1])],
        'width',
      )
      const rootWidth = e.add('Sqrt', [e.add('Cast', [end], 'width_float', { attributes: { to: { int: 1 } } })], 'root')
      const root = e.add('Sqrt', [e.add('Div', [floats(e, 'one', [1], [1]), rootWidth], 'scale')], 'root_scale')
      const scores = e.add(
        'MatMul',
        [e.add('Mul', [queries, root], 'q'), e.add('Mul', [split(k(), [0, 2, 3, 1]), root], 'k')],
        'scores',
      )
      const sums = e.add('MatMul', [softmax(scores), split(v(), [0, 2, 1, 3])], 'sums')
      const target = e.add('Concat', [length(e, x, 0), ints(e, [-1]), ints(e, [c])], 'target', {
        attributes: { axis: { int: 0 } },
      })
      return finish(e.add('Reshape', [transpose(e, sums, [0, 2, 1, 3]), target], 'joined'))
    }
    case 'B: heads in the batch, scaled after the product': {
      const split = (t: string) => reshape(e, transpose(e, reshape(e, t, [-1, n, heads, d]), [0, 2, 1, 3]), [-1, n, d])
      const scores = e.add(
        'Mul',
        [e.add('MatMul', [split(q()), transpose(e, split(k()), [0, 2, 1])], 'product'), scalar(scale)],
        'scores',
      )
      const sums = e.add('MatMul', [softmax(scores), split(v())], 'sums')
      return finish(reshape(e, transpose(e, reshape(e, sums, [-1, heads, n, d]), [0, 2, 1, 3]), [-1, n, c]))
    }
    case 'B: baddbmm with computed shapes': {
      const concat = (parts: readonly string[]) =>
        e.add('Concat', parts, 'target', { attributes: { axis: { int: 0 } } })
      const split = (t: string) => {
        const heads4 = e.add(
          'Reshape',
          [t, concat([length(e, t, 0), length(e, t, 1), ints(e, [heads]), ints(e, [d])])],
          'heads',
        )
        const rows = e.add('Mul', [length(e, t, 0), ints(e, [heads])], 'rows')
        return e.add(
          'Reshape',
          [transpose(e, heads4, [0, 2, 1, 3]), concat([rows, length(e, t, 1), ints(e, [d])])],
          'flat',
        )
      }
      const product = e.add('MatMul', [split(q()), transpose(e, split(k()), [0, 2, 1])], 'product')
      const empty = e.add('ConstantOfShape', [e.add('Shape', [product], 'shape_of')], 'empty')
      const scores = e.add(
        'Add',
        [e.add('Mul', [empty, scalar(0)], 'beta'), e.add('Mul', [product, scalar(scale)], 'alpha')],
        'scores',
      )
      const sums = e.add('MatMul', [softmax(scores), split(v())], 'sums')
      const back = e.add(
        'Reshape',
        [sums, concat([length(e, x, 0), ints(e, [heads]), length(e, x, 1), ints(e, [d])])],
        'heads',
      )
      return finish(
        e.add(
          'Reshape',
          [transpose(e, back, [0, 2, 1, 3]), concat([length(e, x, 0), length(e, x, 1), ints(e, [c])])],
          'joined',
        ),
      )
    }
    case 'C: dynamo': {
      const split = (t: string) => transpose(e, reshape(e, t, [-1, n, heads, d]), [0, 2, 1, 3])
      const keys = reshape(e, transpose(e, reshape(e, split(k()), [-1, n, d]), [0, 2, 1]), [-1, heads, d, n])
      const root = scalar(Math.sqrt(scale))
      const scores = e.add('MatMul', [e.add('Mul', [split(q()), root], 'q'), e.add('Mul', [keys, root], 'k')], 'scores')
      const sums = e.add('MatMul', [softmax(scores), split(v())], 'sums')
      return finish(reshape(e, transpose(e, sums, [0, 2, 1, 3]), [-1, n, c]))
    }
    case 'packed projection, gathered heads': {
      const packed = project(e, x, packedWeight(e, weights, c), packedBias(e, weights, c))
      const moved = transpose(e, reshape(e, packed, [-1, n, 3, heads, d]), [2, 0, 3, 1, 4])
      const take = (i: number) =>
        e.add('Gather', [moved, ints(e, [i], [])], 'taken', { attributes: { axis: { int: 0 } } })
      const scores = e.add(
        'MatMul',
        [e.add('Mul', [take(0), scalar(scale)], 'q'), transpose(e, take(1), [0, 1, 3, 2])],
        'scores',
      )
      const sums = e.add('MatMul', [softmax(scores), take(2)], 'sums')
      return finish(reshape(e, transpose(e, sums, [0, 2, 1, 3]), [-1, n, c]))
    }
    case 'packed projection, sliced before heads': {
      const packed = project(e, x, packedWeight(e, weights, c), packedBias(e, weights, c))
      const split = [0, 1, 2].map((i) =>
        e.add('Slice', [packed, ints(e, [i * c]), ints(e, [(i + 1) * c]), ints(e, [2])], 'sliced'),
      )
      const headsOf = (t: string, perm: readonly number[]) => transpose(e, reshape(e, t, [-1, n, heads, d]), perm)
      const scores = e.add('MatMul', [headsOf(split[0]!, [0, 2, 1, 3]), headsOf(split[1]!, [0, 2, 3, 1])], 'product')
      const map = softmax(e.add('Div', [scores, scalar(Math.sqrt(d))], 'scores'))
      const sums = e.add('MatMul', [map, headsOf(split[2]!, [0, 2, 1, 3])], 'sums')
      return finish(reshape(e, transpose(e, sums, [0, 2, 1, 3]), [-1, n, c]))
    }
    case 'channels first': {
      // A 1×1 convolution over [rows, C, h, w]; heads · d in the channels, tokens last.
      const image = reshape(e, transpose(e, x, [0, 2, 1]), [-1, c, height, width])
      const kernel = (matrix: Float32Array) =>
        floats(
          e,
          'kernel',
          [c, c, 1, 1],
          Array.from({ length: c * c }, (_, i) => matrix[(i % c) * c + Math.floor(i / c)]!),
        )
      const conv = (matrix: Float32Array, b?: Float32Array) =>
        e.add('Conv', [image, kernel(matrix), ...(b ? [floats(e, 'bias', [c], b)] : [])], 'conv')
      const split = (t: string) => reshape(e, t, [-1, heads, d, n])
      const queries = e.add(
        'Mul',
        [transpose(e, split(conv(weights.q, weights.qBias)), [0, 1, 3, 2]), scalar(scale)],
        'q',
      )
      const scores = e.add('MatMul', [queries, split(conv(weights.k))], 'scores')
      const sums = e.add(
        'MatMul',
        [softmax(scores), transpose(e, split(conv(weights.v, weights.vBias)), [0, 1, 3, 2])],
        'sums',
      )
      return finish(transpose(e, reshape(e, transpose(e, sums, [0, 1, 3, 2]), [-1, c, n]), [0, 2, 1]))
    }
    case 'MultiHeadAttention':
      return finish(
        e.add('MultiHeadAttention', [q(), k(), v()], 'attention', {
          domain: 'com.microsoft',
          attributes: { num_heads: { int: heads } },
        }),
      )
    case 'Attention 23 on [rows, N, C]':
      return finish(
        e.add('Attention', [q(), k(), v()], 'attention', {
          attributes: { q_num_heads: { int: heads }, kv_num_heads: { int: heads } },
        }),
      )
    case 'Attention 23 on [rows, heads, N, d]': {
      const split = (t: string) => transpose(e, reshape(e, t, [-1, n, heads, d]), [0, 2, 1, 3])
      const sums = e.add('Attention', [split(q()), split(k()), split(v())], 'attention')
      return finish(reshape(e, transpose(e, sums, [0, 2, 1, 3]), [-1, n, c]))
    }
    default:
      return form satisfies never
  }
}

function packedWeight(e: GraphEditor, { q, k, v }: Weights, c: number): string {
  const data = Array.from(
    { length: c * 3 * c },
    (_, i) => [q, k, v][Math.floor((i % (3 * c)) / c)]![Math.floor(i / (3 * c)) * c + (i % c)]!,
  )
  return floats(e, 'weight_qkv', [c, 3 * c], data)
}

function packedBias(e: GraphEditor, { qBias, vBias }: Weights, c: number): string {
  return floats(e, 'bias_qkv', [3 * c], [...qBias, ...new Float32Array(c), ...vBias])
}

/** A model of one layer of this form. */
export function attentionModel(form: Form, sizes: Sizes, weights: Weights): ModelProto {
  const e = emptyModel(form.startsWith('Attention 23') ? 23 : 17)
  const c = sizes.heads * sizes.headWidth
  const x = e.addInput(floatValue('x', ['rows', sizes.height * sizes.width, c]))
  e.addOutput(addLayer(e, form, sizes, weights, x), floatValue('y', ['rows', sizes.height * sizes.width, c]))
  return e.model
}

/** k = ⌈6σ⌉ made odd by adding 1, or by leaving it if it is odd, at most size made odd: written again from the paper's code. */
function kernel1d(sigma: number, size: number): number[] {
  let k = Math.ceil(6 * sigma)
  if (k % 2 === 0) k += 1
  k = Math.min(k, size % 2 === 0 ? size + 1 : size)
  const weights = Array.from({ length: k }, (_, i) => Math.exp(-((i - (k - 1) / 2) ** 2) / (2 * sigma ** 2)))
  const sum = weights.reduce((a, b) => a + b)
  return weights.map((weight) => weight / sum)
}

/** Two-dimensional convolution with reflect padding, tap by tap. [h × w] */
export function blurImage(image: ArrayLike<number>, height: number, width: number, sigma: number): number[] {
  const values = Array.from(image)
  if (sigma === 0) return values
  if (sigma === Infinity) return values.map(() => values.reduce((a, b) => a + b) / values.length)
  const down = kernel1d(sigma, height)
  const across = kernel1d(sigma, width)
  const reflect = (i: number, size: number) => (i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i)
  return values.map((_, at) => {
    let sum = 0
    for (const [i, a] of down.entries()) {
      for (const [j, b] of across.entries()) {
        const y = reflect(Math.floor(at / width) + i - (down.length - 1) / 2, height)
        const x = reflect((at % width) + j - (across.length - 1) / 2, width)
        sum += a * b * values[y * width + x]!
      }
    }
    return sum
  })
}

export interface LayerResult {
  /** [N × C] */
  readonly y: number[]
  /** Effective map, mean over heads, [N × N]. */
  readonly map: number[]
  /** Column sums of the effective map of each head, [heads × N]. */
  readonly received: number[]
}

/** What random fields of a control drew, and how a map is smoothed: written by the test, [N × N] each. */
export interface Draws {
  /** Entries that a mask removes before the softmax. */
  readonly masked?: readonly boolean[]
  /** Entries that are set to zero after it. */
  readonly dropped?: readonly boolean[]
  /** Added after it. */
  readonly noise?: ArrayLike<number>
  /** For each token, the one whose result it is handed. */
  readonly sources?: readonly number[]
}

/** A map smoothed as an image, tap by tap, zeros outside or reflected there; `taps` along each axis. */
function smoothed(map: readonly number[], n: number, taps: readonly number[], reflects: boolean): number[] {
  const inside = (at: number) => (reflects && at < 0 ? -at : reflects && at >= n ? 2 * (n - 1) - at : at)
  const reach = (taps.length - 1) / 2
  return map.map((_, at) => {
    const [row, column] = [Math.floor(at / n), at % n]
    let sum = 0
    for (const [i, a] of taps.entries()) {
      for (const [j, b] of taps.entries()) {
        const [y, x] = [inside(row + i - reach), inside(column + j - reach)]
        if (y >= 0 && y < n && x >= 0 && x < n) sum += a * b * map[y * n + x]!
      }
    }
    return sum
  })
}

/** exp(−d²/162) at distances 2, 1, 0, over their sum: computed apart, to 17 digits. */
const GAUSSIAN_TAPS = [
  0.19753551478409873, 0.2012276608973757, 0.20247364863705117, 0.2012276608973757, 0.19753551478409873,
]

/** Sparsemax by sorting (Martins and Astudillo 2016, algorithm 1). */
export function sparsemax(logits: readonly number[]): number[] {
  const sorted = [...logits].sort((a, b) => b - a)
  let [sum, threshold] = [0, 0]
  for (const [i, value] of sorted.entries()) {
    sum += value
    if (1 + (i + 1) * value > sum) threshold = (sum - 1) / (i + 1)
  }
  return logits.map((value) => Math.max(0, value - threshold))
}

/** 1.5-entmax by sorting (Peters et al. 2019, algorithm 2). */
export function entmax15(logits: readonly number[]): number[] {
  const half = logits.map((value) => value / 2)
  const sorted = [...half].sort((a, b) => b - a)
  let threshold = sorted[0]! - 1
  for (const count of sorted.keys()) {
    const some = sorted.slice(0, count + 1)
    const mean = some.reduce((a, b) => a + b) / some.length
    const spread = some.reduce((total, value) => total + (value - mean) ** 2, 0)
    if (spread > 1) break
    const candidate = mean - Math.sqrt((1 - spread) / some.length)
    if (candidate <= sorted[count]!) threshold = candidate
  }
  return half.map((value) => Math.max(0, value - threshold) ** 2)
}

/** Z away from V, token by token (NAG, algorithm 1). */
function extrapolated(
  z: readonly number[],
  v: readonly number[],
  c: number,
  { scale, limit, blend }: NonNullable<AttentionControl['extrapolate']>,
): number[] {
  const far = z.map((value, i) => value + scale * (value - v[i]!))
  const length = (values: readonly number[], token: number) =>
    values.slice(token * c, (token + 1) * c).reduce((sum, value) => sum + Math.abs(value), 0)
  return z.map((value, i) => {
    const token = Math.floor(i / c)
    const ratio = length(far, token) / length(z, token)
    return blend * ((far[i]! * Math.min(ratio, limit)) / ratio) + (1 - blend) * value
  })
}

/** One row through one layer, in double precision. */
export function naiveLayer(
  x: ArrayLike<number>,
  sizes: Sizes,
  weights: Weights,
  control: AttentionControl = {},
  draws: Draws = {},
): LayerResult {
  const { height, width, heads, headWidth: d } = sizes
  const n = height * width
  const c = heads * d
  const { mix = 0, querySigma = 0, temperature = 1 } = control
  const times = (a: ArrayLike<number>, matrix: Float32Array, bias?: Float32Array) =>
    Array.from({ length: n * c }, (_, i) => {
      let sum = bias?.[i % c] ?? 0
      for (let j = 0; j < c; j++) sum += a[Math.floor(i / c) * c + j]! * matrix[j * c + (i % c)]!
      return sum
    })
  const sharp = times(x, weights.q, weights.qBias)
  const q = [...sharp]
  for (let channel = 0; channel < c; channel++) {
    const image = Array.from({ length: n }, (_, token) => sharp[token * c + channel]!)
    for (const [token, value] of blurImage(image, height, width, querySigma).entries()) q[token * c + channel] = value
  }
  const k = times(x, weights.k)
  const v = times(x, weights.v, weights.vBias)
  const map = Array<number>(n * n).fill(0)
  const received: number[] = []
  const result = Array<number>(n * c).fill(0)
  for (let head = 0; head < heads; head++) {
    const identity = typeof mix === 'number' ? mix : mix[head]!
    let attention: number[] = []
    for (let i = 0; i < n; i++) {
      const logits = Array.from({ length: n }, (_, j) => {
        if (draws.masked?.[i * n + j]) return -Infinity
        let sum = 0
        for (let channel = head * d; channel < (head + 1) * d; channel++)
          sum += q[i * c + channel]! * k[j * c + channel]!
        return (temperature * sum) / Math.sqrt(d)
      })
      const top = Math.max(...logits)
      const exps = logits.map((logit) => Math.exp(logit - top))
      const total = exps.reduce((a, b) => a + b)
      const sparse = { entmax: entmax15(logits), sparsemax: sparsemax(logits) }
      attention.push(
        ...exps.map((value, j) => {
          const dense = value / total
          const { entmax = 0, sparsemax: share = 0 } = control
          return dense + entmax * (sparse.entmax[j]! - dense) + share * (sparse.sparsemax[j]! - dense)
        }),
      )
    }
    if (control.smooth)
      attention =
        control.smooth === 'average'
          ? smoothed(attention, n, [1 / 3, 1 / 3, 1 / 3], false)
          : smoothed(attention, n, GAUSSIAN_TAPS, true)
    if (draws.sources) attention = draws.sources.flatMap((source) => attention.slice(source * n, (source + 1) * n))
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const at = i * n + j
        const changed = (draws.dropped?.[at] ? 0 : attention[at]!) + (draws.noise?.[at] ?? 0)
        const weight = (1 - identity) * changed + (i === j ? identity : 0)
        map[at]! += weight / heads
        received[head * n + j] = (received[head * n + j] ?? 0) + weight
        for (let channel = head * d; channel < (head + 1) * d; channel++)
          result[i * c + channel]! += changed * v[j * c + channel]!
      }
    }
  }
  const pushed = control.extrapolate ? extrapolated(result, v, c, control.extrapolate) : result
  const joined = pushed.map((value, at) => {
    const own = typeof mix === 'number' ? mix : mix[Math.floor((at % c) / d)]!
    return (1 - own) * value + own * v[at]!
  })
  const branch = control.skip ? 0 : 1
  return { y: times(joined, weights.o).map((value, i) => branch * value + x[i]!), map, received }
}
