import { describe, expect, it } from 'vitest'
import { dampedNegative } from '../../../../src/guidance/methods/tcfg'
import { apart, combine, dot, fields } from '../../../support/method-context'

const { x, positive, negative } = fields
const velocity = (denoised: Float32Array) => Array.from(x, (value, i) => value - denoised[i]!)

describe('TCFG', () => {
  it('keeps of the negative what lies along the direction that both share most', () => {
    const [own, other] = [velocity(positive), velocity(negative)]
    const [a, b] = dampedNegative(x, positive, negative)
    const damped = own.map((value, i) => a * value + b * other[i]!)
    const rest = other.map((value, i) => value - damped[i]!)
    // A projection: what is lost is at right angles to what is kept …
    expect(dot(rest, damped) / dot(damped, damped)).toBeCloseTo(0, 6)
    // … onto the direction that explains most of both: no other of their plane explains more.
    const explained = (u: readonly number[]) => (dot(own, u) ** 2 + dot(other, u) ** 2) / dot(u, u)
    for (const turn of [-0.3, -0.01, 0.01, 0.3])
      expect(explained(damped.map((value, i) => value + turn * rest[i]!))).toBeLessThan(explained(damped))
  })

  it('pushes by the damped negative', () => {
    const [a, b] = dampedNegative(x, positive, negative)
    const [own, other] = [velocity(positive), velocity(negative)]
    const wanted = own.map((value, i) => x[i]! - (value + 1.5 * (value - a * value - b * other[i]!)))
    expect(apart(combine('tcfg', { scale: 1.5 }).denoised, wanted)).toBeLessThan(1e-5)
  })

  it('pushes nothing where both are equal, and as plain guidance where they are of one direction', () => {
    expect(combine('tcfg', { scale: 3 }, { negative: positive }).denoised).toEqual(positive)
    const half = x.map((value, i) => value - 0.5 * (value - positive[i]!))
    const plain = Array.from(positive, (value, i) => value + 2 * (value - half[i]!))
    expect(apart(combine('tcfg', { scale: 2 }, { negative: half }).denoised, plain)).toBeLessThan(1e-5)
  })

  it('leaves the negative alone where no direction comes first', () => {
    const at = (...values: number[]) => Float32Array.from(values)
    expect(dampedNegative(at(0, 0), at(1, 0), at(0, 1))).toEqual([0, 1])
  })
})
