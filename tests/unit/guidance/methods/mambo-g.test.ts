import { describe, expect, it } from 'vitest'
import { velocityRatio } from '../../../../src/guidance/methods/mambo-g'
import { apart, combine, dot, fields, linear } from '../../../support/method-context'

const { x, positive, negative } = fields

describe('MAMBO-G', () => {
  it('damps by the ratio of velocities on the straight path from image to noise', () => {
    // That path: x_t = (1 − t) image + t noise, with x = x_t / (1 − t) and σ = t / (1 − t); its velocity is noise − image.
    const sigma = 2
    const t = sigma / (1 + sigma)
    const velocity = (denoised: Float32Array) => Array.from(x, (value, i) => ((1 - t) * value - denoised[i]!) / t)
    const [plus, minus] = [velocity(positive), velocity(negative)]
    const difference = plus.map((value, i) => value - minus[i]!)
    const ratio = Math.sqrt(dot(difference, difference) / dot(minus, minus))
    expect(velocityRatio(x, positive, negative, sigma)).toBeCloseTo(ratio, 6)
    expect(ratio).toBeGreaterThan(0.05)
    const push = linear(3 * Math.exp(-2 * ratio))
    expect(apart(combine('mambo-g', { scale: 3, parameters: { damping: 2 } }).denoised, push)).toBeLessThan(1e-5)
  })

  it('looks at the noise level of x, which a solver’s later evaluations have another of', () => {
    const at = (level: number, sigma: number) =>
      combine('mambo-g', { scale: 3 }, { level, sigma, sigmaNext: 0.1 }).denoised
    expect(at(0.5, 2)).toEqual(at(0.5, 0.5))
    expect(at(0.5, 2)).not.toEqual(at(2, 2))
  })

  it('is plain guidance without damping, and nothing where nothing differs', () => {
    expect(apart(combine('mambo-g', { scale: 1.5, parameters: { damping: 0 } }).denoised, linear(1.5))).toBeLessThan(
      1e-6,
    )
    expect(combine('mambo-g', { scale: 3 }, { negative: positive }).denoised).toEqual(positive)
  })
})
