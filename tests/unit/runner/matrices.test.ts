/** Matrix products, convolutions and attention of the runner's kernels, against plain loops in doubles. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deviation, erf, variants } from '../../support/kernel-memory'

const size = (max: number) => fc.integer({ min: 1, max })
const ACT: readonly ((x: number) => number)[] = [
  (x) => x,
  (x) => x / (1 + Math.exp(-x)),
  (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  (x) => x / (1 + Math.exp(-1.702 * x)),
  (x) => Math.max(0, x),
]

const grid = (m: number, n: number, value: (i: number, j: number) => number) =>
  Float64Array.from({ length: m * n }, (_, index) => value(Math.floor(index / n), index % n))
const sum = (count: number, term: (index: number) => number) => {
  let total = 0
  for (let index = 0; index < count; index++) total += term(index)
  return total
}

describe.each(variants)('relaxed: $relaxed', ({ memory }) => {
  const { kernels } = memory

  it('gemm', () => {
    const shape = fc.tuple(size(15), size(40), size(50), fc.nat(4), fc.nat(1), fc.nat(1), fc.nat(1), fc.nat(3))
    fc.assert(
      fc.property(shape, ([m, n, k, act, transposed, withBias, withResidual, gap]) => {
        memory.clear()
        const [lda, ldb, ldc] = [k + gap, (transposed ? k : n) + gap, n + gap]
        const [a, b] = [memory.random(m * lda), memory.random((transposed ? n : k) * ldb)]
        const [bias, residual] = [memory.random(n), memory.random(m * ldc)]
        const packed = memory.room(kernels.packedFloats(k, n))
        kernels.pack(memory.put(b), ldb, k, n, transposed === 1 ? 1 : 0, packed)
        const [at, kept, c] = [memory.put(a), memory.put(residual), memory.put(residual)]
        const biasAt = withBias ? memory.put(bias) : 0
        kernels.gemm(at, lda, packed, biasAt, withResidual ? kept : 0, c, ldc, m, n, k, act)
        const wanted = grid(m, ldc, (i, j) => {
          // What is between the rows stays.
          if (j >= n) return residual[i * ldc + j]!
          const product = sum(k, (l) => a[i * lda + l]! * b[transposed ? j * ldb + l : l * ldb + j]!)
          return ACT[act]!(product + (withBias ? bias[j]! : 0)) + (withResidual ? residual[i * ldc + j]! : 0)
        })
        const found = memory.read(c, m * ldc)
        expect(deviation(found, wanted)).toBeLessThan(2e-6)
        // Each row by itself gives the same bits.
        for (let i = 0; i < m; i++) {
          const [one, row] = [memory.room(n), 4 * i]
          kernels.gemm(at + row * lda, lda, packed, biasAt, withResidual ? kept + row * ldc : 0, one, n, 1, n, k, act)
          expect(memory.read(one, n)).toEqual(found.slice(i * ldc, i * ldc + n))
        }
      }),
      { numRuns: 60, seed: 1 },
    )
  })

  it('gemm onto its residual, with more rows than a block has', () => {
    memory.clear()
    const [m, n, k] = [401, 9, 700]
    const [a, b, c] = [memory.random(m * k), memory.random(k * n), memory.random(m * n)]
    const packed = memory.room(kernels.packedFloats(k, n))
    kernels.pack(memory.put(b), n, k, n, 0, packed)
    const at = memory.put(c)
    kernels.gemm(memory.put(a), k, packed, 0, at, at, n, m, n, k, 0)
    const wanted = grid(m, n, (i, j) => c[i * n + j]! + sum(k, (l) => a[i * k + l]! * b[l * n + j]!))
    expect(deviation(memory.read(at, m * n), wanted)).toBeLessThan(2e-6)
  })

  it('winograd', () => {
    const shape = fc.tuple(size(3), size(10), size(10), size(13), size(18), fc.nat(4), fc.nat(1), fc.nat(1))
    fc.assert(
      fc.property(shape, ([rows, h, w, cin, cout, act, withBias, withResidual]) => {
        memory.clear()
        const count = rows * h * w * cout
        const [x, weights] = [memory.random(rows * h * w * cin), memory.random(cout * cin * 9)]
        const [bias, residual] = [memory.random(cout), memory.random(count)]
        const packed = memory.room(kernels.winogradPackedFloats(cin, cout))
        kernels.winogradPack(memory.put(weights), cin, cout, packed)
        const scratch = memory.room(kernels.winogradScratchFloats(rows, h, w, cin, cout))
        const [from, kept, y] = [memory.put(x), memory.put(residual), memory.room(count)]
        const biasAt = withBias ? memory.put(bias) : 0
        kernels.winograd(from, packed, biasAt, withResidual ? kept : 0, y, scratch, rows, h, w, cin, cout, act)
        const pixel = (row: number, i: number, j: number, c: number) =>
          i < 0 || j < 0 || i >= h || j >= w ? 0 : x[((row * h + i) * w + j) * cin + c]!
        const wanted = grid(rows * h * w, cout, (place, o) => {
          const [row, i, j] = [Math.floor(place / (h * w)), Math.floor(place / w) % h, place % w]
          const product = sum(9 * cin, (tap) => {
            const [c, u, v] = [Math.floor(tap / 9), Math.floor(tap / 3) % 3, tap % 3]
            return weights[(o * cin + c) * 9 + 3 * u + v]! * pixel(row, i + u - 1, j + v - 1, c)
          })
          return ACT[act]!(product + (withBias ? bias[o]! : 0)) + (withResidual ? residual[place * cout + o]! : 0)
        })
        const found = memory.read(y, count)
        expect(deviation(found, wanted)).toBeLessThan(4e-6)
        for (let row = 0; row < rows; row++) {
          const one = memory.room(count / rows)
          const at = (4 * row * count) / rows
          kernels.winograd(
            from + 4 * row * h * w * cin,
            packed,
            biasAt,
            withResidual ? kept + at : 0,
            one,
            scratch,
            1,
            h,
            w,
            cin,
            cout,
            act,
          )
          expect(memory.read(one, count / rows)).toEqual(found.slice(at / 4, at / 4 + count / rows))
        }
      }),
      // More inputs than are taken at a time.
      { numRuns: 40, seed: 2, examples: [[[3, 9, 13, 197, 3, 0, 1, 1]]] },
    )
  })

  it('attention', () => {
    const shape = fc.tuple(size(3), size(60), size(30), size(33), fc.nat(1), fc.nat(2), fc.nat(3))
    fc.assert(
      fc.property(shape, ([heads, n, m, d, withBias, shared, gap]) => {
        memory.clear()
        const ld = heads * d + gap
        const [q, k, v] = [memory.random(n * ld), memory.random(m * ld), memory.random(m * ld)]
        const stride = shared ? 0 : n * m
        const bias = memory.random(stride ? heads * stride : n * m).map((value) => 3 * value)
        const out = memory.put(new Float32Array(n * ld))
        const scratch = memory.room(kernels.attentionScratchFloats(n, m, d))
        const biasAt = withBias ? memory.put(bias) : 0
        kernels.attention(
          memory.put(q),
          ld,
          memory.put(k),
          ld,
          memory.put(v),
          ld,
          out,
          ld,
          biasAt,
          stride,
          heads,
          n,
          m,
          d,
          0.7,
          scratch,
        )
        const wanted = grid(n, ld, () => 0)
        for (let head = 0; head < heads; head++) {
          for (let i = 0; i < n; i++) {
            const weights = Array.from({ length: m }, (_, j) =>
              Math.exp(
                0.7 * sum(d, (l) => q[i * ld + head * d + l]! * k[j * ld + head * d + l]!) +
                  (withBias ? bias[head * stride + i * m + j]! : 0),
              ),
            )
            const total = sum(m, (j) => weights[j]!)
            for (let l = 0; l < d; l++) {
              wanted[i * ld + head * d + l] = sum(m, (j) => weights[j]! * v[j * ld + head * d + l]!) / total
            }
          }
        }
        expect(deviation(memory.read(out, n * ld), wanted)).toBeLessThan(2e-6)
      }),
      { numRuns: 40, seed: 3 },
    )
  })

  it('attention that a mask leaves one key of is that key’s value, exactly', () => {
    memory.clear()
    const [n, d] = [9, 8]
    const [q, v] = [memory.random(n * d), memory.random(n * d)]
    const bias = memory.put(grid(n, n, (i, j) => (i === j ? 0 : -1e4)))
    const [at, out] = [memory.put(q), memory.room(n * d)]
    const scratch = memory.room(kernels.attentionScratchFloats(n, n, d))
    kernels.attention(at, d, at, d, memory.put(v), d, out, d, bias, 0, 1, n, n, d, 0.35, scratch)
    expect(memory.read(out, n * d)).toEqual(v)
  })
})
