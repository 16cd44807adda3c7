import { describe, expect, it } from 'vitest'
import { normals } from '../../../src/core/random'
import { medianRing, radialSpectrum } from '../../../src/core/spectrum'

const image = (height: number, width: number, value: (x: number, y: number) => number) =>
  Float32Array.from({ length: height * width }, (_, i) => value(i % width, Math.floor(i / width)))

describe('radial spectrum', () => {
  it('equals numpy.fft.fft2, binned by radius', () => {
    const got = radialSpectrum(
      image(6, 8, (x, y) => ((7 * y + 3 * x * x) % 11) / 11 - 0.5),
      { height: 6, width: 8 },
    ).mean
    const numpy = [
      0.005455836826889229, 0.0005301057824506171, 0.0021854670099735883, 0.0018949083984212095, 0.0019667408612166902,
    ]
    expect(got.length).toBe(5)
    numpy.forEach((value, ring) => expect(got[ring]).toBeCloseTo(value, 9))
  })

  it('puts a wave on its ring, whichever way it runs, and the mean on ring 0', () => {
    for (const wave of [(x: number) => x, (_x: number, y: number) => y]) {
      const got = radialSpectrum(
        image(32, 32, (x, y) => 0.25 + Math.cos((2 * Math.PI * 5 * wave(x, y)) / 32)),
        { height: 32, width: 32 },
      ).mean
      expect(got[0]).toBeCloseTo(0.0625, 6)
      const rest = [...got].slice(1)
      expect(rest.indexOf(Math.max(...rest)) + 1).toBe(5)
      expect(rest.filter((power) => power > 1e-12).length).toBe(1)
    }
  })

  it('holds the mean square of an image without corners, and knows where half of it lies', () => {
    const got = radialSpectrum(
      image(32, 32, (x, y) => Math.cos((2 * Math.PI * 3 * x) / 32) + 0.5 * Math.cos((2 * Math.PI * 9 * y) / 32)),
      { height: 32, width: 32 },
    )
    expect(got.total.reduce((sum, power) => sum + power, 0)).toBeCloseTo(0.5 + 0.125, 6)
    expect(medianRing(got)).toBe(3)
    expect(
      medianRing(
        radialSpectrum(
          image(8, 8, () => 0.5),
          { height: 8, width: 8 },
        ),
      ),
    ).toBe(0)
  })

  it('holds all of the power (Parseval), of colours that cancel in their mean too', () => {
    for (const [height, width] of [
      [8, 8],
      [6, 10],
      [7, 9],
    ] as const) {
      const noise = normals(3, 0, 2 * height * width)
      // The third channel takes away what the first two add.
      const third = noise.subarray(0, height * width).map((value, i) => -value - noise[height * width + i]!)
      const colours = Float32Array.from([...noise, ...third])
      const { total } = radialSpectrum(colours, { height, width })
      const square = colours.reduce((sum, value) => sum + value * value, 0) / colours.length
      expect(total.reduce((sum, power) => sum + power, 0)).toBeCloseTo(square, 6)
    }
  })

  it('of an image in grey is that of any of its colours', () => {
    const grey = normals(3, 0, 6 * 10)
    const size = { height: 6, width: 10 }
    const three = radialSpectrum(Float32Array.from([...grey, ...grey, ...grey]), size)
    const one = radialSpectrum(grey, size)
    for (const line of ['mean', 'total'] as const)
      three[line].forEach((power, ring) => expect(power, line).toBeCloseTo(one[line][ring]!, 12))
  })

  it('is flat for a single bright pixel', () => {
    const got = radialSpectrum(
      image(16, 16, (x, y) => (x === 3 && y === 5 ? 1 : 0)),
      { height: 16, width: 16 },
    ).mean
    for (const power of got) expect(power).toBeCloseTo(1 / 256 ** 2, 9)
  })
})
