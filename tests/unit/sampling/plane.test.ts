/** The sampler knows no image: a mixture of Gaussians in the plane, with its exact denoiser. */
import { describe, expect, it } from 'vitest'
import { normals } from '../../../src/core/random'
import { concatenate } from '../../../src/core/vector'
import type { Denoiser, DenoiserRow, ModelInfo } from '../../../src/model/types'
import { sample } from '../../../src/sampling/sample'
import { solvers } from '../../../src/sampling/solver-registry'
import { parsePreset } from '../../../src/settings'
import { toyModel } from '../../support/model'

/** Rows are points: two values each. */
const plane: ModelInfo = { ...toyModel, image: { channels: 2, height: 1, width: 1 }, crops: [] }
const MEANS: readonly (readonly [number, number])[] = [
  [-1, -0.5],
  [1, -0.5],
  [0, 1],
]
const DEVIATION = 0.15

/** E[x_0 | x_0 + σ n = x]: of the wanted component, of all of them without a class. */
function exact({ x, sigma, classWeights }: DenoiserRow): Float32Array {
  const variance = DEVIATION ** 2 + sigma ** 2
  const wanted = classWeights.indexOf(1)
  const among = wanted < 0 ? MEANS : [MEANS[wanted]!]
  const logs = among.map(([a, b]) => -((x[0]! - a) ** 2 + (x[1]! - b) ** 2) / (2 * variance))
  const top = Math.max(...logs)
  const weights = logs.map((log) => Math.exp(log - top))
  const total = weights.reduce((a, b) => a + b, 0)
  return x.map((value, i) =>
    among.reduce(
      (sum, mean, k) => sum + (weights[k]! / total) * ((DEVIATION ** 2 * value + sigma ** 2 * mean[i]!) / variance),
      0,
    ),
  )
}

const denoiser: Denoiser = {
  model: plane,
  evaluate: (rows) => Promise.resolve(rows.map(exact)),
  readAttention: () => Promise.reject(new Error('points have no attention')),
}

/** The nine points of each of so many seeds. */
async function points(preset: Readonly<Record<string, unknown>>, seeds = 30) {
  const all: { readonly guided: Float32Array; readonly positive: Float32Array }[] = []
  for (let seed = 1; seed <= seeds; seed++) {
    const result = parsePreset({ steps: 24, samples: 9, ...preset, seed }, plane)
    if (!result.ok) throw new Error(result.problem)
    for await (const event of sample({ denoiser, settings: result.settings, alone: ['positive'] }))
      if (event.kind === 'final')
        for (const { guided, positive } of event.samples) all.push({ guided, positive: positive! })
  }
  return all
}

const distance = (point: Float32Array, k: number) => Math.hypot(point[0]! - MEANS[k]![0], point[1]! - MEANS[k]![1])

describe('points in the plane', () => {
  it.each(solvers.map(({ id }) => [id]))('come from the mixture, by %s', async (solver) => {
    const drawn = await points({ method: 'none', network: 'dropout', class: 'none', solver })
    const nearest = drawn.map(({ guided }) => [0, 1, 2].sort((a, b) => distance(guided, a) - distance(guided, b))[0]!)
    for (const k of [0, 1, 2]) {
      const own = drawn.filter((_, i) => nearest[i] === k)
      // A third of 270 within four standard deviations; its mean square radius is 2 · DEVIATION².
      expect(Math.abs(own.length - 90)).toBeLessThan(4 * Math.sqrt(270 * (1 / 3) * (2 / 3)))
      const square = own.reduce((sum, { guided }) => sum + distance(guided, k) ** 2, 0) / own.length
      expect(Math.sqrt(square / 2) / DEVIATION).toBeGreaterThan(0.8)
      expect(Math.sqrt(square / 2) / DEVIATION).toBeLessThan(1.2)
    }
  })

  it.each([
    ['cfg', {}],
    ['apg', { negative: 'cfg', eta: 1, momentum: 0 }],
    ['cfg-zero-star', { negative: 'cfg' }],
  ])('are guided away from the other components (%s)', async (method, more) => {
    const drawn = await points({ method, network: 'dropout', class: 1, scale: 1.5, ...more }, 4)
    const mean = (of: (point: { guided: Float32Array; positive: Float32Array }) => number) =>
      drawn.reduce((sum, point) => sum + of(point), 0) / drawn.length
    // Component 1 lies to the right of both others.
    expect(mean(({ guided }) => guided[0]!)).toBeGreaterThan(mean(({ positive }) => positive[0]!) + 0.02)
    expect(drawn.every(({ guided }) => guided.length === 2 && guided.every((value) => Number.isFinite(value)))).toBe(
      true,
    )
  })
})

describe('several points in a row', () => {
  const starts = Array.from({ length: 3 }, (_, i) => normals(5, i, 2).map((value) => 80 * value))
  const inRows: Denoiser = {
    ...denoiser,
    imagesPerRow: 3,
    evaluate: (rows) =>
      Promise.resolve(
        rows.map((row) =>
          concatenate(
            [0, 2, 4].map((from) => exact({ ...row, x: row.x.subarray(from, from + 2) })),
            Float32Array,
          ),
        ),
      ),
  }

  it.each([
    ['cfg', {}],
    ['apg', { negative: 'cfg', eta: 0, momentum: -0.5, normLimit: 0.25 }],
    ['cfg-zero-star', { negative: 'cfg', zeroSteps: 2 }],
    ['tcfg', { negative: 'cfg' }],
    ['mambo-g', { negative: 'cfg' }],
    ['momentum', {}],
  ])('go the ways that they go alone (%s)', async (method, more) => {
    const preset = parsePreset(
      { method, network: 'dropout', class: 1, scale: 1.5, steps: 8, samples: 1, ...more },
      plane,
    )
    if (!preset.ok) throw new Error(preset.problem)
    const ends = async (of: Denoiser, initial: readonly Float32Array[], samples: number) => {
      for await (const event of sample({ denoiser: of, settings: { ...preset.settings, samples }, alone: [], initial }))
        if (event.kind === 'final')
          return concatenate(
            event.samples.map(({ guided }) => guided),
            Float32Array,
          )
      return null
    }
    const together = await ends(inRows, [concatenate(starts, Float32Array)], 1)
    expect(together).toEqual(await ends(denoiser, starts, 3))
  })

  it.each([
    [{ method: 'fdg', negative: 'cfg', network: 'dropout' }, /single point has no fine detail/],
    [{ method: 'none', rescale: 0.5 }, /single point has no contrast/],
  ])('refuse what only pictures have: %o', (preset, why) => {
    const result = parsePreset(preset, plane)
    expect(result.ok ? '' : result.problem).toMatch(why)
  })
})
