import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Extent, resample } from '../../../src/core/resample'

interface Case {
  readonly from: readonly [number, number]
  readonly to: readonly [number, number]
  readonly values: readonly number[]
  readonly resized: readonly number[]
}
const cases = JSON.parse(readFileSync('tests/golden/lanczos.json', 'utf8')) as readonly Case[]
const extent = ([height, width]: readonly [number, number]): Extent => ({ height, width })

describe('resample', () => {
  it.each(cases)('is Pillow’s, $from to $to: as floats, and clipped as bytes', ({ from, to, values, resized }) => {
    const length = to[0] * to[1]
    const floats = resample(values, extent(from), 1, extent(to), new Float32Array(length))
    expect(Math.max(...floats.map((value, i) => Math.abs(value - resized[i]!)))).toBeLessThan(2e-4)
    const bytes = resample(values, extent(from), 1, extent(to), new Uint8ClampedArray(length))
    const farthest = [...bytes].map((byte, i) => Math.abs(byte - Math.min(255, Math.max(0, resized[i]!))))
    expect(Math.max(...farthest)).toBeLessThan(0.501)
  })

  it('rings beyond the range, so that clipping is tested at all', () => {
    expect(Math.max(...cases.flatMap(({ resized }) => resized))).toBeGreaterThan(255)
  })

  it('keeps each channel to itself', () => {
    const [from, to] = [
      { height: 3, width: 5 },
      { height: 11, width: 7 },
    ]
    const channel = (c: number) => Float32Array.from({ length: 15 }, (_, i) => Math.sin(i * (c + 1)))
    const together = Float32Array.from({ length: 45 }, (_, i) => channel(i % 3)[Math.floor(i / 3)]!)
    const out = resample(together, from, 3, to, new Float32Array(3 * 77))
    for (let c = 0; c < 3; c++) {
      const alone = resample(channel(c), from, 1, to, new Float32Array(77))
      expect(out.filter((_, i) => i % 3 === c)).toEqual(alone)
    }
  })

  it('leaves a picture of its own size and one colour as they are, in any size', () => {
    const side = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(side, side, side, side, fc.integer({ min: 0, max: 255 }), (h, w, height, width, value) => {
        const flat = resample(
          new Uint8Array(h * w).fill(value),
          { height: h, width: w },
          1,
          { height, width },
          new Uint8ClampedArray(height * width),
        )
        expect(flat.every((one) => one === value)).toBe(true)
        const picture = Float32Array.from({ length: h * w }, (_, i) => Math.cos(i))
        const same = resample(picture, { height: h, width: w }, 1, { height: h, width: w }, new Float32Array(h * w))
        expect(Math.max(...same.map((one, i) => Math.abs(one - picture[i]!)))).toBeLessThan(1e-6)
      }),
    )
  })
})
