import { describe, expect, it } from 'vitest'
import { clearest, conditionOf, sharesOf, smudged, type Repair } from '../../../src/evaluation/repair'
import { distanceTo, squaredRadii } from '../../../src/evaluation/manifold'

const image = { channels: 1, height: 4, width: 4 }
const repair = (unguided: [number, number], guided: [number, number], change = 10): Repair => ({
  unguided: { distance: unguided[0], smudged: unguided[1] },
  guided: { distance: guided[0], smudged: guided[1] },
  change,
})

describe('the distance of one point', () => {
  it('is in units of the radius of the nearest, by the paper’s formula', () => {
    const points = { data: Float32Array.from([0, 0, 1, 0, 0, 2, 9, 9, 9, 1]), width: 2 }
    const radii = squaredRadii(points, 2)
    const point = Float32Array.from([4, 3])
    const byHand = Array.from({ length: 5 }, (_, i) => {
      const [x, y] = [points.data[2 * i]!, points.data[2 * i + 1]!]
      return Math.hypot(x - 4, y - 3) / Math.sqrt(radii[i]!)
    })
    expect(distanceTo(points, radii, point)).toBeCloseTo(Math.min(...byHand), 12)
    expect(distanceTo(points, radii, points.data.subarray(6, 8))).toBe(0)
  })
})

describe('smudged pixels', () => {
  it('are neither of a flat colour nor at an outline', () => {
    expect(smudged(new Uint8Array(16).fill(200), image)).toBe(0)
    // An outline: black and white side by side.
    expect(
      smudged(
        Uint8Array.from({ length: 16 }, (_, i) => (i % 4 < 2 ? 0 : 255)),
        image,
      ),
    ).toBe(0)
    // A ghost in one corner: itself and its three neighbours.
    expect(
      smudged(
        Uint8Array.from({ length: 16 }, (_, i) => (i === 0 ? 230 : 200)),
        image,
      ),
    ).toBe(4 / 16)
    // Any channel counts.
    const twice = Uint8Array.from({ length: 32 }, (_, i) => (i === 16 ? 230 : 200))
    expect(smudged(twice, { ...image, channels: 2 })).toBe(4 / 16)
  })
})

describe('a repair', () => {
  it('is judged by features and pixels', () => {
    const features = Float32Array.from({ length: 12 }, (_, i) => i)
    const real = {
      width: 2,
      count: 6,
      moments: { mean: new Float64Array(2), covariance: new Float64Array(4) },
      features,
    }
    const pixels = Uint8Array.from({ length: 16 }, (_, i) => (i === 0 ? 230 : 200))
    expect(conditionOf(Float32Array.from([4, 5]), pixels, real, image)).toEqual({ distance: 0, smudged: 0.25 })
  })

  it('counts where both numbers fall, harm where both rise', () => {
    const repairs = [
      repair([1, 0.4], [0.8, 0.2]),
      repair([1, 0.4], [1.2, 0.6]),
      repair([1, 0.4], [1.2, 0.2]),
      repair([1, 0.4], [1, 0.2]),
    ]
    expect(sharesOf(repairs)).toEqual({ helps: 0.25, harms: 0.25 })
  })

  it('is clearest where both fall far and the picture changes; a large change alone is none', () => {
    const repairs = [
      repair([1, 0.3], [0.9, 0.2]),
      repair([1.1, 0.4], [0.9, 0.2]),
      repair([1, 0.3], [1.5, 0.1], 90),
      repair([1, 0.3], [0.9, 0.2], 30),
      repair([0.9, 0.2], [0.9, 0.2], 90),
    ]
    expect([...clearest(repairs)].sort()).toEqual([0, 1, 3])
    expect(clearest(repairs).at(-1)).toBe(0)
    expect(clearest(repairs.slice(0, 2))).toEqual([1, 0])
    expect(clearest([repairs[2]!])).toEqual([])
  })
})
