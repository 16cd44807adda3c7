/**
 * Attention over a picture in forms that are drawn, and in plain double precision what each computes, as it is and with its map or its
 * queries changed by hand. Nothing of the search or of the controls is used here; `attention-graphs.ts` writes their graphs.
 */
import fc from 'fast-check'
import { numbers } from '../unit/network/graphs'

export const ROWS = 2
/** Tokens of the text, and learned ones. */
export const TEXTS = 3
const LEARNED = 2

const CHOICES = {
  height: [2, 3],
  width: [4, 5],
  heads: [1, 2, 3],
  d: [2, 4],
  order: ['rows', 'columns'],
  layout: ['apart', 'rows first', 'heads first', 'einsum', 'einsum, heads last'],
  extra: ['none', 'none', 'text before', 'text behind', 'learned before', 'learned behind', 'text asks', 'token asks'],
  scale: ['none', 'queries', 'keys', 'both', 'times', 'over'],
  turned: [false, true],
  bias: ['none', 'keys', 'all', 'hidden'],
  cap: [false, false, true],
  double: [false, false, true],
  softmax: ['node', 'node', 'divided', 'less most', 'reciprocal', 'log'],
  residual: [false, true],
} as const

export type Form = { readonly [K in keyof typeof CHOICES]: (typeof CHOICES)[K][number] } & { readonly seed: number }

const chosen = <T>(of: readonly T[]) => fc.constantFrom(...of)
export const forms: fc.Arbitrary<Form> = fc.record({
  height: chosen(CHOICES.height),
  width: chosen(CHOICES.width),
  heads: chosen(CHOICES.heads),
  d: chosen(CHOICES.d),
  order: chosen(CHOICES.order),
  layout: chosen(CHOICES.layout),
  extra: chosen(CHOICES.extra),
  scale: chosen(CHOICES.scale),
  turned: chosen(CHOICES.turned),
  bias: chosen(CHOICES.bias),
  cap: chosen(CHOICES.cap),
  double: chosen(CHOICES.double),
  softmax: chosen(CHOICES.softmax),
  residual: chosen(CHOICES.residual),
  seed: fc.nat(1000),
})

/** Numbers that follow from a form. */
export function sizesOf({ height, width, heads, d, extra }: Form) {
  const n = height * width
  const beside = extra.startsWith('text')
    ? TEXTS
    : extra.startsWith('learned')
      ? LEARNED
      : extra === 'token asks'
        ? 1
        : 0
  const asks = extra.endsWith('asks')
  const before = extra.endsWith('before') || asks ? beside : 0
  return {
    n,
    c: heads * d,
    beside,
    queries: asks ? n + beside : n,
    keys: n + beside,
    start: asks ? before : 0,
    keyStart: before,
    asks,
  }
}

export function weightsOf(form: Form) {
  const { c, beside, keys, queries } = sizesOf(form)
  const matrix = (i: number) => numbers(c * c, form.seed * 17 + i).map((value) => (1.6 * value) / Math.sqrt(c / 3))
  return {
    q: matrix(1),
    k: matrix(2),
    v: matrix(3),
    o: matrix(4),
    otherK: matrix(5),
    otherV: matrix(6),
    learned: numbers(beside * c, form.seed * 17 + 7),
    biasOfKeys: numbers(keys, form.seed * 17 + 8),
    biasOfAll: numbers(queries * keys, form.seed * 17 + 9),
    factor: 1 / Math.sqrt(form.d),
  }
}
export const CAP = 2
/** The key that is hidden from all. */
export const HIDDEN = 1

/** Values of a row: the picture, planar, and the text. */
export function rowOf(form: Form, row: number) {
  const { n, c } = sizesOf(form)
  return { x: numbers(c * n, form.seed * 31 + row), text: numbers(TEXTS * c, form.seed * 31 + 10 + row) }
}

type Matrix = readonly (readonly number[])[]
const times = (a: Matrix, weights: ArrayLike<number>, c: number): Matrix =>
  a.map((row) =>
    Array.from({ length: c }, (_, j) => row.reduce((sum, value, i) => sum + value * weights[i * c + j]!, 0)),
  )
const cut = (values: ArrayLike<number>, c: number): Matrix =>
  Array.from({ length: values.length / c }, (_, i) => Array.from({ length: c }, (_, j) => values[i * c + j]!))

/** The map becomes the identity, or queries of the picture are mixed by weights between the places of two of its tokens. */
export type Change =
  | { readonly kind: 'none' }
  | { readonly kind: 'identity' }
  | {
      readonly kind: 'blur'
      readonly weight: (from: readonly [number, number], to: readonly [number, number]) => number
    }

/** What a row gives, [c × n], in double precision. */
export function answerOf(form: Form, row: number, change: Change): Float64Array {
  const { heads, d, height, width, order, extra, scale, bias, cap, residual } = form
  const { n, c, asks, start, keyStart, keys } = sizesOf(form)
  const weights = weightsOf(form)
  const { x, text } = rowOf(form, row)
  const placeOf = (token: number): readonly [number, number] =>
    order === 'rows' ? [Math.floor(token / width), token % width] : [token % height, Math.floor(token / height)]
  const tokens: Matrix = Array.from({ length: n }, (_, token) => {
    const [y, at] = placeOf(token)
    return Array.from({ length: c }, (_, channel) => x[channel * n + y * width + at]!)
  })
  const others = extra === 'none' ? [] : cut(extra.startsWith('text') ? text : weights.learned, c)
  const put = (some: Matrix, own: Matrix) => (keyStart > 0 ? [...some, ...own] : [...own, ...some])
  const asking = asks ? put(others, tokens) : tokens
  const q = times(asking, weights.q, c).map((one) => [...one])
  const project = (own: Float32Array, other: Float32Array) =>
    put(times(others, asks ? own : other, c), times(tokens, own, c))
  const [k, v] = [project(weights.k, weights.otherK), project(weights.v, weights.otherV)]
  if (change.kind === 'blur') {
    const before = q.map((one) => [...one])
    for (let i = 0; i < n; i++)
      for (let channel = 0; channel < c; channel++)
        q[start + i]![channel] = tokens.reduce(
          (sum, _, j) => sum + change.weight(placeOf(i), placeOf(j)) * before[start + j]![channel]!,
          0,
        )
  }
  const alone = extra.startsWith('text') || !asks ? extra !== 'none' : false
  const sums = q.map((query, i) => {
    const out: number[] = []
    for (let head = 0; head < heads; head++) {
      const part = (of: readonly number[]) => of.slice(head * d, (head + 1) * d)
      const own = part(query)
      const scores = k.map((key, j) => {
        let score = part(key).reduce((sum, value, at) => sum + value * own[at]!, 0)
        if (scale !== 'none') score *= weights.factor
        if (cap) score = CAP * Math.tanh(score / CAP)
        if (bias === 'keys') score += weights.biasOfKeys[j]!
        if (bias === 'all') score += weights.biasOfAll[i * keys + j]!
        if (bias === 'hidden' && j === HIDDEN) score = -1e4
        const [a, b] = [i - start, j - keyStart]
        const bothOfImage = a >= 0 && a < n && b >= 0 && b < n
        return change.kind === 'identity' && alone && bothOfImage && a !== b ? -Infinity : score
      })
      const most = Math.max(...scores)
      const exponentials = scores.map((score) => Math.exp(score - most))
      const total = exponentials.reduce((a, b) => a + b)
      const map =
        change.kind === 'identity' && !alone
          ? scores.map((_, j) => (i === j ? 1 : 0))
          : exponentials.map((value) => value / total)
      for (let at = head * d; at < (head + 1) * d; at++)
        out.push(map.reduce((sum, share, j) => sum + share * v[j]![at]!, 0))
    }
    return out
  })
  const own = times(sums, weights.o, c).slice(start, start + n)
  const answer = new Float64Array(c * n)
  for (let token = 0; token < n; token++)
    for (let channel = 0; channel < c; channel++)
      answer[channel * n + token] = own[token]![channel]! + (residual ? tokens[token]![channel]! : 0)
  return answer
}
