/** The small kernels of the runner, against plain functions in doubles; and the module is what its text says. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RUNNER_GENERATED, runnerFile } from '../../../src/cli/kernel'
import { BINARY, UNARY, type Binary, type Unary } from '../../../src/runner/kernels'
import { deviation, erf, variants } from '../../support/kernel-memory'

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

const FUNCTIONS: Readonly<Record<Unary, (x: number) => number>> = {
  neg: (x) => -x,
  abs: Math.abs,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  sigmoid,
  tanh: Math.tanh,
  erf,
  relu: (x) => (x < 0 ? 0 : x),
  silu: (x) => (x === -Infinity ? -0 : x * sigmoid(x)),
  gelu: (x) => (x === -Infinity ? -0 : 0.5 * x * (1 + erf(x / Math.SQRT2))),
  quickGelu: (x) => (x === -Infinity ? -0 : x * sigmoid(1.702 * x)),
  sin: Math.sin,
  cos: Math.cos,
  floor: Math.floor,
  ceil: Math.ceil,
  reciprocal: (x) => 1 / x,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  sign: Math.sign,
  // Halves go to the even.
  round: (x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)),
  square: (x) => x * x,
}

const PAIRS: Readonly<Record<Binary, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: Math.pow,
  max: Math.max,
  min: Math.min,
}

const sizes = fc.integer({ min: 1, max: 40 })
const flag = fc.constantFrom(0 as const, 1 as const)
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const rowsOf = (values: Float32Array, n: number) =>
  Array.from({ length: values.length / n }, (_, row) => Array.from(values.slice(row * n, (row + 1) * n)))
/** What is left of a mean, divided by the deviation. */
const normalised = (values: readonly number[], eps: number, centre = mean(values)) => {
  const deviation = Math.sqrt(mean(values.map((value) => (value - centre) ** 2)) + eps)
  return values.map((value) => (value - centre) / deviation)
}

/** Small, large, of both signs, and the ends of what a float can say. */
const SAMPLES = [
  ...Array.from({ length: 4000 }, (_, index) => (index - 2000) / 150),
  ...Array.from({ length: 700 }, (_, index) => (index - 350) / 3.3),
  ...Array.from({ length: 140 }, (_, index) => 10 ** (index / 2 - 35)).flatMap((x) => [x, -x]),
  0,
  -0,
  Infinity,
  -Infinity,
  NaN,
  0.5,
  1.5,
  2.5,
  -0.5,
  -1.5,
].map(Math.fround)

it('the modules are those that src/cli/kernels describes', async () => {
  expect(await runnerFile()).toBe(readFileSync(RUNNER_GENERATED, 'utf8'))
  expect(variants.map(({ relaxed }) => relaxed)).toEqual([false, true])
})

describe.each(variants)('relaxed: $relaxed', ({ memory }) => {
  const { kernels } = memory

  it.each(UNARY)('%s', (name) => {
    memory.clear()
    const y = memory.room(SAMPLES.length)
    kernels.unary(UNARY.indexOf(name), memory.put(SAMPLES), y, SAMPLES.length)
    const found = memory.read(y, SAMPLES.length)
    const faults = SAMPLES.flatMap((x, index) => {
      // Sines of what is larger are not promised; the smallest floats are.
      if ((name === 'sin' || name === 'cos') && Math.abs(x) > 1e6 && Number.isFinite(x)) return []
      const wanted = Math.fround(FUNCTIONS[name](x))
      const value = found[index]!
      if (Object.is(wanted, value) || (wanted === 0 && value === 0)) return []
      // GELU's tail is a difference of nearly equal numbers, as everywhere.
      const size = name === 'gelu' || name === 'quickGelu' ? Math.abs(x) : Math.abs(wanted)
      return Math.abs(value - wanted) <= 4e-7 * size + 2e-38 * Math.max(1, Math.abs(x)) ? [] : [{ x, wanted, value }]
    })
    expect(faults).toEqual([])
  })

  it.each(BINARY)('%s of two, of a number, of a row and of a column', (name) => {
    const op = BINARY.indexOf(name)
    fc.assert(
      fc.property(sizes, sizes, flag, (m, n, swapped) => {
        memory.clear()
        const count = m * n
        const [a, b] = [memory.random(count), memory.random(Math.max(count, m, n))]
        if (name === 'pow')
          for (const one of [a, b]) one.forEach((value, index) => (one[index] = Math.abs(value) + 0.1))
        const [from, with_, y] = [memory.put(a), memory.put(b), memory.room(count)]
        const check = (other: (index: number) => number, back: 0 | 1) => {
          const wanted = a.map((value, index) =>
            back ? PAIRS[name](other(index), value) : PAIRS[name](value, other(index)),
          )
          expect(memory.read(y, count)).toEqual(wanted)
        }
        kernels.binary(op, from, with_, y, count)
        check((index) => b[index]!, 0)
        kernels.binaryScalar(op, from, with_, y, count, swapped)
        check(() => b[0]!, swapped)
        kernels.binaryVector(op, from, with_, y, m, n, swapped)
        check((index) => b[index % n]!, swapped)
        kernels.binaryColumn(op, from, with_, y, m, n, swapped)
        check((index) => b[Math.floor(index / n)]!, swapped)
      }),
      { numRuns: 5, seed: 1 },
    )
  })

  it('layerNorm, rmsNorm, softmax and reductions', () => {
    fc.assert(
      fc.property(sizes, sizes, flag, (m, n, whole) => {
        memory.clear()
        const [gamma, beta] = [memory.random(n), memory.random(n)]
        const values = memory.random(m * n).map((value) => 3 * value + 1)
        const [x, y, g, b] = [memory.put(values), memory.room(m * n), memory.put(gamma), memory.put(beta)]
        const rows = rowsOf(values, n)
        const scaled = (row: readonly number[], shift: boolean) =>
          row.map((value, c) => value * (whole ? gamma[c]! : 1) + (whole && shift ? beta[c]! : 0))
        kernels.layerNorm(x, y, whole ? g : 0, whole ? b : 0, m, n, 1e-2)
        expect(
          deviation(
            memory.read(y, m * n),
            rows.flatMap((row) => scaled(normalised(row, 1e-2), true)),
          ),
        ).toBeLessThan(1e-6)
        kernels.rmsNorm(x, y, whole ? g : 0, m, n, 1e-2)
        expect(
          deviation(
            memory.read(y, m * n),
            rows.flatMap((row) => scaled(normalised(row, 1e-2, 0), false)),
          ),
        ).toBeLessThan(1e-6)
        kernels.softmax(x, y, m, n)
        const exponentials = rows.map((row) => row.map(Math.exp))
        const wanted = exponentials.flatMap((row) => row.map((value) => value / (n * mean(row))))
        expect(deviation(memory.read(y, m * n), wanted)).toBeLessThan(1e-6)
        const kinds = [
          (row: number[]) => n * mean(row),
          mean,
          (row: number[]) => Math.max(...row),
          (row: number[]) => Math.min(...row),
        ]
        kinds.forEach((reduced, kind) => {
          kernels.reduce(kind, x, y, m, n)
          expect(deviation(memory.read(y, m), rows.map(reduced))).toBeLessThan(1e-6)
        })
      }),
      { numRuns: 30, seed: 2 },
    )
  })

  it('groupNorm', () => {
    const shape = fc.tuple(
      fc.integer({ min: 1, max: 3 }),
      sizes,
      fc.integer({ min: 1, max: 13 }),
      fc.integer({ min: 1, max: 5 }),
    )
    fc.assert(
      fc.property(shape, fc.integer({ min: 0, max: 2 }), flag, flag, ([rows, hw, size, groups], act, each, inPlace) => {
        memory.clear()
        const c = size * groups
        const values = memory.random(rows * hw * c).map((value) => value + 2)
        const [gamma, beta] = [memory.random(rows * c), memory.random(rows * c)]
        const x = memory.put(values)
        const y = inPlace ? x : memory.room(values.length)
        const stride = each ? c : 0
        kernels.groupNorm(x, y, memory.put(gamma), stride, memory.put(beta), stride, rows, hw, c, groups, 1e-3, act)
        const wanted = new Float64Array(values.length)
        for (let row = 0; row < rows; row++) {
          for (let group = 0; group < groups; group++) {
            const places = Array.from(
              { length: hw * size },
              (_, index) => (row * hw + Math.floor(index / size)) * c + group * size + (index % size),
            )
            normalised(
              places.map((place) => values[place]!),
              1e-3,
            ).forEach((value, index) => {
              const channel = row * stride + (places[index]! % c)
              const scaled = value * gamma[channel]! + beta[channel]!
              wanted[places[index]!] = [scaled, FUNCTIONS.silu(scaled), FUNCTIONS.gelu(scaled)][act]!
            })
          }
        }
        expect(deviation(memory.read(y, values.length), wanted)).toBeLessThan(2e-6)
      }),
      { numRuns: 40, seed: 3 },
    )
  })

  it('copy, copyRows and gatherRows', () => {
    const four = fc.tuple(...([0, 1, 2, 3] as const).map(() => fc.integer({ min: 1, max: 9 })))
    fc.assert(
      fc.property(four, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), fc.nat(15), (dims, order, repeated) => {
        memory.clear()
        // Strides of x whose axes lie in another order; some are repeated.
        const strides = [0, 0, 0, 0]
        let count = 1
        for (const axis of order) {
          strides[axis] = count
          count *= dims[axis]!
        }
        for (const axis of order) if ((repeated >> axis) & (repeated > 7 ? 1 : 0)) strides[axis] = 0
        const values = memory.random(count)
        const [d0, d1, d2, d3] = dims as [number, number, number, number]
        const [s0, s1, s2, s3] = strides as [number, number, number, number]
        const y = memory.room(count)
        kernels.copy(memory.put(values), y, d0, d1, d2, d3, s0, s1, s2, s3)
        const wanted = values.map((_, index) => {
          const [i, j, k, l] = [
            Math.floor(index / (d1 * d2 * d3)),
            Math.floor(index / (d2 * d3)) % d1,
            Math.floor(index / d3) % d2,
            index % d3,
          ]
          return values[i * s0 + j * s1 + k * s2 + l * s3]!
        })
        expect(memory.read(y, count)).toEqual(wanted)
      }),
      { numRuns: 60, seed: 4 },
    )
    memory.clear()
    const values = memory.random(7 * 19)
    const [x, y] = [memory.put(values), memory.put(new Float32Array(7 * 25))]
    kernels.copyRows(x, 19, y, 25, 7, 18)
    expect([...memory.read(y, 7 * 25)]).toEqual(
      rowsOf(values, 19).flatMap((row) => [...row.slice(0, 18), ...Array.from({ length: 7 }, () => 0)]),
    )
    kernels.gatherRows(x, memory.putInts([3, 0, 6, 3]), y, 4, 19)
    expect([...memory.read(y, 4 * 19)]).toEqual([3, 0, 6, 3].flatMap((row) => rowsOf(values, 19)[row]!))
  })

  it('im2col, depthwise and pool', () => {
    const three = fc.integer({ min: 1, max: 3 })
    const shape = fc.tuple(
      sizes.map((x) => (x % 9) + 3),
      sizes.map((x) => (x % 7) + 3),
      sizes,
      three,
      three,
      three,
      three,
      three,
      fc.nat(1),
      fc.nat(1),
    )
    fc.assert(
      fc.property(shape, fc.nat(2), ([h, w, c, kh, kw, sh, sw, dh, pt, pl], kind) => {
        memory.clear()
        const out = (size: number, kernel: number, stride: number, pad: number, dilation = 1) =>
          Math.max(1, Math.floor((size + 2 * pad - dilation * (kernel - 1) - 1) / stride) + 1)
        const [top, left] = [Math.min(pt, kh - 1), Math.min(pl, kw - 1)]
        const [values, weights, bias] = [memory.random(h * w * c), memory.random(kh * kw * c), memory.random(c)]
        const x = memory.put(values)
        const pixel = (i: number, j: number, channel: number) =>
          i < 0 || j < 0 || i >= h || j >= w ? null : values[(i * w + j) * c + channel]!
        const taps = Array.from({ length: kh * kw }, (_, tap) => [Math.floor(tap / kw), tap % kw] as const)

        const [oh, ow] = [out(h, kh, sh, top, dh), out(w, kw, sw, left)]
        const places = Array.from({ length: oh * ow }, (_, place) => [Math.floor(place / ow), place % ow] as const)
        const patches = memory.room(oh * ow * kh * kw * c)
        kernels.im2col(x, patches, h, w, c, kh, kw, sh, sw, dh, 1, top, left, oh, ow)
        const channels = Array.from({ length: c }, (_, channel) => channel)
        expect([...memory.read(patches, oh * ow * kh * kw * c)]).toEqual(
          places.flatMap(([i, j]) =>
            taps.flatMap(([u, v]) =>
              channels.map((channel) => pixel(i * sh + u * dh - top, j * sw + v - left, channel) ?? 0),
            ),
          ),
        )

        const [ph, pw] = [out(h, kh, sh, top), out(w, kw, sw, left)]
        const each = (value: (seen: readonly (number | null)[], channel: number) => number) =>
          Array.from({ length: ph * pw }, (_, place) =>
            channels.map((channel) =>
              value(
                taps.map(([u, v]) =>
                  pixel(Math.floor(place / pw) * sh + u - top, (place % pw) * sw + v - left, channel),
                ),
                channel,
              ),
            ),
          ).flat()
        const y = memory.room(ph * pw * c)
        kernels.depthwise(
          x,
          memory.put(weights),
          memory.put(bias),
          y,
          h,
          w,
          c,
          kh,
          kw,
          sh,
          sw,
          top,
          left,
          ph,
          pw,
          kind === 2 ? 4 : kind,
        )
        const products = each((seen, channel) => {
          const sum = seen.reduce<number>(
            (sum, value, tap) => sum + (value ?? 0) * weights[tap * c + channel]!,
            bias[channel]!,
          )
          return [sum, FUNCTIONS.silu(sum), Math.max(0, sum)][kind]!
        })
        expect(deviation(memory.read(y, ph * pw * c), products)).toBeLessThan(1e-6)
        kernels.pool(x, y, h, w, c, kh, kw, sh, sw, top, left, ph, pw, kind)
        const pooled = each((seen) => {
          const inside = seen.filter((value) => value !== null)
          return [mean(inside), mean(seen.map((value) => value ?? 0)), Math.max(...inside)][kind]!
        })
        expect(deviation(memory.read(y, ph * pw * c), pooled)).toBeLessThan(1e-6)
      }),
      { numRuns: 25, seed: 5 },
    )
  })
})
