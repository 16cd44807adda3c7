import { describe, expect, it } from 'vitest'
import { laplacianPyramid, rebuild } from '../../../src/core/pyramid'

const image = (size: number) => Float32Array.from({ length: size }, (_, i) => ((i * 37) % 101) / 50 - 1)

describe('Laplacian pyramid', () => {
  // PyTorch: binomial conv2d with reflect padding, F.interpolate(size, bilinear, align_corners=False); six values a level.
  it.each([
    [
      12,
      16,
      [
        [12, 16, [-0.949365, 0.892737, 0.648158, 0.534608, 0.378631, 0.228]],
        [6, 8, [-0.125736, 0.032269, -0.052979, -0.027643, 0.003387, -0.041466]],
        [3, 4, [0.008676, -0.004679, 0.001666, 0.003213, 0.062055, -0.014882]],
      ],
    ],
    [
      13,
      14,
      [
        [13, 14, [-0.939709, -0.630227, -0.209546, 0.124065, 0.514969, 0.837826]],
        [6, 7, [-0.155933, 0.074657, 0.050206, 0.038851, 0.013331, -0.028161]],
        [3, 3, [0.035263, 0.040337, -0.02159, -0.02571, 0.042557, -0.002683, -0.035469, 0.050446, 0.034163]],
      ],
    ],
  ] as const)('of %i × %i agrees with PyTorch', (height, width, levels) => {
    const pyramid = laplacianPyramid(image(height * width), { channels: 1, height, width }, 3)
    expect(pyramid.map((level) => [level.height, level.width])).toEqual(levels.map(([h, w]) => [h, w]))
    levels.forEach(([h, w, values], l) => {
      const stride = Math.max(1, Math.floor((h * w) / 5))
      values.forEach((value, i) => expect(pyramid[l]!.field[i * stride]).toBeCloseTo(value, 5))
    })
  })

  it.each([
    [1, 2, 2],
    [3, 7, 9],
    [2, 64, 64],
  ])('gives %i × %i × %i back', (channels, height, width) => {
    const field = image(channels * height * width)
    const back = rebuild(laplacianPyramid(field, { channels, height, width }, 5))
    back.forEach((value, i) => expect(value).toBeCloseTo(field[i]!, 5))
  })

  it('begins with the highest frequencies and ends with the mean', () => {
    const size = { channels: 1, height: 16, width: 16 }
    const energy = (field: Float32Array) => field.reduce((sum, value) => sum + value * value, 0)
    const checkered = Float32Array.from({ length: 256 }, (_, i) => (((i % 16) + Math.floor(i / 16)) % 2 === 0 ? 1 : -1))
    const [fine, , coarse] = laplacianPyramid(checkered, size, 3)
    expect(energy(fine!.field) / 256).toBeGreaterThan(0.99)
    expect(energy(coarse!.field)).toBeLessThan(1e-6)
    const [flatFine, , flatCoarse] = laplacianPyramid(new Float32Array(256).fill(0.7), size, 3)
    expect(energy(flatFine!.field)).toBeLessThan(1e-9)
    for (const value of flatCoarse!.field) expect(value).toBeCloseTo(0.7, 6)
  })
})
