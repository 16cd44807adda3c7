import { describe, expect, it } from 'vitest'
import { laplacianPyramid, rebuild } from '../../../src/core/pyramid'
import { normals } from '../../../src/core/random'
import { karrasSchedule } from '../../../src/sampling/schedule'
import { optimalScale } from '../../../src/guidance/methods/cfg-zero-star'
import { equivalentScale } from '../../../src/guidance/methods/cfg-plus-plus'
import { methods } from '../../../src/guidance'
import type { CombinerMemory, CombinerContext, CombinerMethod } from '../../../src/guidance/types'
import { defaultSettings } from '../../../src/settings'
import type { ParameterValue } from '../../../src/settings/types'
import { toyModel as model } from '../../support/model'

const size = { channels: 3, height: 12, width: 16 }
const count = 3 * 12 * 16
const positive = normals(1, 0, count)
const negative = positive.map((value, i) => 0.7 * value + 0.2 * normals(2, 0, count)[i]!)
const x = positive.map((value, i) => value + 2 * normals(3, 0, count)[i]!)

const combiners = methods.filter((method): method is CombinerMethod => method.kind === 'combiner')

function combine(
  id: string,
  scale: number,
  parameters: Record<string, ParameterValue>,
  more: Partial<CombinerContext> = {},
) {
  const combiner = combiners.find((candidate) => candidate.id === id)!
  const defaults = defaultSettings(model, id)
  const settings = { ...defaults, scale, parameters: { ...defaults.parameters, ...parameters } }
  return combiner.combine({
    positive,
    negative,
    x,
    size,
    settings,
    acts: true,
    step: 3,
    level: 2,
    sigma: 2,
    sigmaNext: 1.5,
    memory: null,
    ...more,
  })
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0)
const delta = positive.map((value, i) => value - negative[i]!)
const pushOf = (denoised: Float32Array) => denoised.map((value, i) => value - positive[i]!)
const linear = (scale: number) => Array.from(positive, (value, i) => value + scale * (value - negative[i]!))

/** The largest difference between two vectors of one length. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
}

describe('every combiner', () => {
  it.each(combiners.map(({ id }) => [id]))('%s is the positive, bit for bit, at scale 0', (id) => {
    expect(combine(id, 0, {}).denoised).toEqual(positive)
  })

  it.each<[string, Record<string, ParameterValue>, Partial<CombinerContext>?]>([
    ['apg', { eta: 1, normLimit: Infinity, momentum: 0 }],
    ['fdg', { levels: 3, high: 1, low: 1 }],
    // Velocities that differ at right angles to v⁻: s* = 1.
    [
      'cfg-zero-star',
      {},
      { x: negative.map((value, i) => value + x[i]! - (dot(x, delta) / dot(delta, delta)) * delta[i]!) },
    ],
  ])('%s is linear guidance where its own part is neutral (%j)', (id, parameters, more) => {
    expect(apart(combine(id, 1.5, parameters, more).denoised, linear(1.5))).toBeLessThan(1e-4)
  })
})

describe('APG', () => {
  const free = { normLimit: Infinity, momentum: 0 }

  it('pushes at right angles to the positive at η = 0, and keeps that share of the rest', () => {
    const right = pushOf(combine('apg', 1, { ...free, eta: 0 }).denoised)
    expect(dot(right, positive) / Math.sqrt(dot(right, right) * dot(positive, positive))).toBeCloseTo(0, 6)
    const along = dot(delta, positive) / dot(positive, positive)
    expect(
      apart(
        combine('apg', 2, { ...free, eta: 0.25 }).denoised,
        Array.from(positive, (value, i) => value + 2 * (delta[i]! - 0.75 * along * value)),
      ),
    ).toBeLessThan(1e-5)
  })

  it('limits the length of the difference, of each sample alone', () => {
    const length = Math.sqrt(dot(delta, delta))
    const push = pushOf(combine('apg', 1, { eta: 1, momentum: 0, normLimit: length / 4 }).denoised)
    expect(Math.sqrt(dot(push, push)) / length).toBeCloseTo(0.25, 5)
    expect(
      apart(combine('apg', 1, { eta: 1, momentum: 0, normLimit: length * 1.01 }).denoised, linear(1)),
    ).toBeLessThan(1e-5)
  })

  it('remembers the sum before it is limited', () => {
    let memory: CombinerMemory = null
    let expected = new Float64Array(count)
    for (let step = 0; step < 3; step++) {
      const result = combine('apg', 1, { eta: 1, momentum: -0.5, normLimit: 0.25 }, { memory })
      expected = expected.map((value, i) => delta[i]! - 0.5 * value)
      expect(apart(result.memory!, expected)).toBeLessThan(1e-5)
      memory = result.memory
    }
    // Δ (1 − 1/2 + 1/4)
    expect(
      apart(
        combine(
          'apg',
          1,
          { eta: 1, momentum: -0.5, normLimit: Infinity },
          { memory: delta.map((value) => 0.5 * value) },
        ).denoised,
        linear(0.75),
      ),
    ).toBeLessThan(1e-5)
  })
})

describe('CFG-Zero*', () => {
  const v = (denoised: Float32Array) => x.map((value, i) => value - denoised[i]!)

  it('scales the negative’s velocity so that nothing along it is left', () => {
    const best = optimalScale(x, positive, negative)
    const rest = v(positive).map((value, i) => value - best * v(negative)[i]!)
    expect(dot(rest, v(negative)) / dot(v(negative), v(negative))).toBeCloseTo(0, 6)
    // The authors' line: s*·u + w (c − s*·u), of velocities.
    const [u, c] = [v(negative), v(positive)]
    const velocity = Array.from(c, (value, i) => best * u[i]! + 2.5 * (value - best * u[i]!))
    expect(
      apart(
        combine('cfg-zero-star', 1.5, {}).denoised,
        velocity.map((value, i) => x[i]! - value),
      ),
    ).toBeLessThan(1e-4)
  })

  it('does not push where the velocities differ by a factor only', () => {
    const half = x.map((value, i) => value - 0.5 * (value - positive[i]!))
    expect(optimalScale(x, positive, half)).toBeCloseTo(2, 5)
    expect(apart(combine('cfg-zero-star', 5, {}, { negative: half }).denoised, positive)).toBeLessThan(1e-4)
  })

  it('stands still in its first steps: D = x', () => {
    const at = (step: number) => combine('cfg-zero-star', 1, { zeroSteps: 2 }, { step }).denoised
    expect(at(0)).toEqual(x)
    expect(at(1)).toEqual(x)
    expect(at(2)).not.toEqual(x)
  })
})

describe('CFG++', () => {
  it('has a scale that falls along the schedule, to λ in the last step', () => {
    const sigmas = karrasSchedule(32, { min: 0.002, max: 80, rho: 7 })
    // 80 to 66.93, of the 32 EDM steps: about six times λ.
    expect(equivalentScale(0.6, sigmas[0]!, sigmas[1]!)).toBeCloseTo(0.6 * (80 / (80 - 66.93)), 2)
    expect(equivalentScale(0.6, sigmas[31]!, 0)).toBe(0.6)
    const scales = sigmas.slice(0, 32).map((sigma, i) => equivalentScale(1, sigma, sigmas[i + 1]!))
    for (let i = 1; i < 32; i++) expect(scales[i]).toBeLessThan(scales[i - 1]!)
  })

  it('makes the Euler step that interpolates the image and adds the negative’s noise', () => {
    const [sigma, sigmaNext, lambda] = [2, 1.5, 0.6]
    const { denoised } = combine('cfg++', 1, { lambda }, { sigma, sigmaNext })
    const euler = Array.from(x, (value, i) => denoised[i]! + (sigmaNext / sigma) * (value - denoised[i]!))
    const authors = Array.from(x, (value, i) => {
      const noise = (value - negative[i]!) / sigma
      return negative[i]! + lambda * (positive[i]! - negative[i]!) + sigmaNext * noise
    })
    expect(apart(euler, authors)).toBeLessThan(1e-5)
  })

  it('fades from no guidance to its own', () => {
    const whole = pushOf(combine('cfg++', 1, {}).denoised)
    expect(
      apart(
        pushOf(combine('cfg++', 0.5, {}).denoised),
        whole.map((value) => value / 2),
      ),
    ).toBeLessThan(1e-5)
  })
})

describe('FDG', () => {
  it('guides every level of both pyramids by its own scale', () => {
    const [a, b] = [laplacianPyramid(positive, size, 3), laplacianPyramid(negative, size, 3)]
    const scales = [3, 1.8, 0.6]
    const levels = a.map((level, l) => ({
      ...level,
      field: level.field.map((value, i) => value + scales[l]! * (value - b[l]!.field[i]!)),
    }))
    expect(apart(combine('fdg', 3, { levels: 3, high: 1, low: 0.2 }).denoised, rebuild(levels))).toBeLessThan(1e-5)
  })

  it('leaves the mean alone without low frequencies, and fine detail without high ones', () => {
    const flat = positive.map((value) => value - 0.3)
    expect(apart(combine('fdg', 2, { low: 0 }, { negative: flat }).denoised, positive)).toBeLessThan(1e-5)
    const checkered = positive.map((value, i) => value + (((i % 16) + Math.floor(i / 16)) % 2))
    const push = pushOf(combine('fdg', 2, { high: 0, low: 1 }, { negative: checkered }).denoised)
    // What is left of the difference, −1/2 ∓ 1/2, is its mean.
    for (const value of push.subarray(5 * 16 + 4, 5 * 16 + 12)) expect(value).toBeCloseTo(-1, 1)
  })
})
