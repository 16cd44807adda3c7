import { describe, expect, it } from 'vitest'
import { highPass } from '../../../src/core/fourier'

const plane = (height: number, width: number) =>
  Float64Array.from({ length: height * width }, (_, i) => ((i * 37) % 101) / 50 - 1)

describe('highPass', () => {
  // numpy 1.x: ifft2 of fft2 with the frequencies of radius below 1/4 set to zero; every eleventh value.
  it.each([
    [8, 8, [-0.911143, -0.996838, -0.929384, -0.73605, -0.801548, -0.652275]],
    [6, 15, [-0.846444, -0.824145, -0.813413, -0.9026, -0.964243, -0.576614, -0.56266, -0.49602, -0.460216]],
  ])('agrees with numpy on %i × %i', (height, width, expected) => {
    const passed = highPass(plane(height, width), height, width, 1 / 4)
    expected.forEach((value, i) => expect(passed[i * 11]).toBeCloseTo(value, 5))
  })

  it('takes away nothing at cutoff 0, and a wave below the cutoff wholly', () => {
    const image = plane(8, 6)
    highPass(image, 8, 6, 0).forEach((value, i) => expect(value).toBeCloseTo(image[i]!, 12))
    const wave = Float64Array.from({ length: 16 * 16 }, (_, i) => Math.cos((2 * Math.PI * (i % 16)) / 16))
    for (const value of highPass(wave, 16, 16, 1 / 8)) expect(Math.abs(value)).toBeLessThan(1e-12)
  })
})
