import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meanDifference } from '../../../src/core/image'
import {
  clippedPixels,
  constantVarianceGain,
  divergingColour,
  predictedNoise,
  relativeDistance,
  type Rgb,
  signedLimit,
  signedPixels,
  toPixels,
  valueAt,
  veilPixels,
} from '../../../src/ui/stage/pixels'

/** Relative luminance, WCAG 2.2. */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

function contrast(a: Rgb, b: Rgb): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high! + 0.05) / (low! + 0.05)
}

describe('pixels', () => {
  it('interleaves planes, maps [−1, 1] to bytes and clamps', () => {
    const image = Float32Array.from([-1, 1, 0, 3, -3, 1])
    expect([...toPixels(image, { height: 1, width: 2 })]).toEqual([0, 128, 0, 255, 255, 255, 255, 255])
  })

  it('draws one-channel images grey', () => {
    expect([...toPixels(Float32Array.from([-1, 1]), { height: 1, width: 2 })]).toEqual([
      0, 0, 0, 255, 255, 255, 255, 255,
    ])
  })

  it('gives x_t the variance of the data at every σ', () => {
    for (const sigma of [0, 0.01, 0.5, 80]) {
      const variance = (sigma ** 2 + 0.5 ** 2) * constantVarianceGain(sigma, 0.5) ** 2
      expect(variance).toBeCloseTo(0.25, 12)
    }
  })

  it('reads the same pixel that it draws', () => {
    const image = Float32Array.from({ length: 3 * 4 * 6 }, (_, i) => Math.sin(i))
    const pixels = toPixels(image, { height: 4, width: 6 })
    const values = valueAt(image, { height: 4, width: 6 }, 5, 2)
    const drawn = Array.from(pixels.subarray(4 * (2 * 6 + 5), 4 * (2 * 6 + 5) + 3))
    expect(drawn).toEqual(values.map((value) => Math.round((value + 1) * 127.5)))
  })

  it('averages the difference over channels', () => {
    const a = Float32Array.from([1, 0, 1, 0, 1, 3])
    const b = Float32Array.from([0, 0, 0, 0, 0.5, 0])
    expect([...meanDifference(a, b, { height: 1, width: 2 })].map((value) => value.toFixed(4))).toEqual([
      '0.8333',
      '1.0000',
    ])
  })

  it('takes a limit that one outlier does not move', () => {
    const values = new Float32Array(1000).fill(0.2)
    values[7] = 50
    expect(signedLimit(values)).toBeCloseTo(0.2, 6)
    expect(signedLimit(new Float32Array(9))).toBeGreaterThan(0)
  })

  it.each(['light', 'dark'] as const)(
    '%s: each side of the scale leaves the middle monotonically in lightness and ends legible',
    (theme) => {
      const middle = divergingColour(0, theme)
      for (const sign of [-1, 1]) {
        let last = 1
        for (let share = 0.05; share <= 1; share += 0.05) {
          const now = contrast(divergingColour(sign * share, theme), middle)
          expect(now).toBeGreaterThanOrEqual(last)
          last = now
        }
        expect(last).toBeGreaterThan(4.5)
      }
    },
  )

  it.each(['light', 'dark'] as const)('%s: signs stay apart without red-green vision', (theme) => {
    // Blue minus mean of red and green is what protanopes and deuteranopes still see.
    const yellowBlue = ([r, g, b]: Rgb) => b - (r + g) / 2
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 1, noNaN: true }), (share) => {
        expect(yellowBlue(divergingColour(share, theme)) - yellowBlue(divergingColour(-share, theme))).toBeGreaterThan(
          25,
        )
      }),
    )
  })

  it('saturates beyond the limit', () => {
    const pixels = signedPixels(Float32Array.from([0.5, 2]), 0.5, 'light')
    expect(pixels.slice(0, 4)).toEqual(pixels.slice(4, 8))
  })

  it('measures distance as seen, as a share of the range', () => {
    expect(relativeDistance(Float32Array.from([-1, -1]), Float32Array.from([1, 1]))).toBe(1)
    expect(relativeDistance(Float32Array.from([1.5]), Float32Array.from([1]))).toBe(0)
  })
})

describe('what explains a number', () => {
  const size = { height: 2, width: 2 }

  it('paints where values are that no pixel can show', () => {
    const image = Float32Array.from([0, 1, 1.5, 0, 0, -1, 0, -1.25, 0, 0, 0, 0])
    const pixels = clippedPixels(image, size, 'light')
    const at = (pixel: number) => Array.from(pixels.slice(4 * pixel, 4 * pixel + 3))
    expect(at(2)).toEqual([...divergingColour(1, 'light')])
    expect(at(3)).toEqual([...divergingColour(-1, 'light')])
    for (const pixel of [0, 1]) expect(new Set(at(pixel)).size).toBe(1)
  })

  it('finds the noise again that was added', () => {
    const noise = Float32Array.from([1, -2, 0.5, 0.25])
    const clean = Float32Array.from([0.1, 0.2, -0.3, 0])
    const x = clean.map((value, i) => value + 4 * noise[i]!)
    predictedNoise(x, clean, 4, size).forEach((value, i) => expect(value).toBeCloseTo(noise[i]!, 5))
  })

  it('veils all but the largest level', () => {
    const alpha = (levels: number[]) => [...veilPixels(Float32Array.from(levels), 'dark')].filter((_, i) => i % 4 === 3)
    expect(alpha([0, 1, 1, 0])[1]).toBe(0)
    const [four, two, one] = alpha([4, 2, 1, 4])
    expect(four).toBe(0)
    expect(one!).toBeGreaterThan(two!)
    expect(alpha([0, 0, 0, 0]).every((value) => value > 150)).toBe(true)
  })
})
