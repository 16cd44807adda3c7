import { describe, expect, it } from 'vitest'
import type { Denoiser, DenoiserRow } from '../../../src/model/types'
import { sideBySide } from '../../../src/sampling/side-by-side'
import { toyDenoiser } from '../../support/model'

const row = (value: number): DenoiserRow => ({
  x: new Float32Array(4).fill(value),
  sigma: 1,
  classWeights: Float32Array.of(1, 0, 0),
  attention: null,
})

/** Evaluates rows one after another; each starts from the result of the one before. */
const walk = (start: number, steps: number) => async (denoiser: Denoiser) => {
  let value = start
  for (let i = 0; i < steps; i++) {
    if (start % 2 === 1) await Promise.resolve()
    value = (await denoiser.evaluate([row(value), row(-1)]))[0]![0]!
  }
  return value
}

describe('samplers side by side', () => {
  it('get their own results, in batches in the order of the tasks, whoever asks first', async () => {
    const toy = toyDenoiser(({ x }) => x.map((value) => value * 2))
    expect(await sideBySide(toy, [walk(1, 3), walk(2, 1), walk(4, 2)])).toEqual([8, 4, 16])
    expect(toy.batches.map((rows) => rows.map(({ x }) => x[0]))).toEqual([
      [1, -1, 2, -1, 4, -1],
      [2, -1, 8, -1],
      [4, -1],
    ])
  })

  it('share the reading of attention by layer', async () => {
    const toy = toyDenoiser(({ x }) => x)
    const read = (value: number, layer: number) => async (denoiser: Denoiser) =>
      (await denoiser.readAttention([row(value)], layer))[0]!
    const readings = await sideBySide(toy, [read(1, 0), read(2, 1), read(3, 0)])
    expect(readings.map(({ denoised, map }) => [denoised[0], map.length])).toEqual([
      [1, 256],
      [2, 16],
      [3, 256],
    ])
    expect(toy.batches.map((rows) => rows.length)).toEqual([2, 1])
  })

  it('all fail with the denoiser, and one that ends early holds nobody up', async () => {
    const failing = toyDenoiser(() => {
      throw new Error('lost')
    })
    await expect(sideBySide(failing, [walk(1, 1), walk(2, 1)])).rejects.toThrow('lost')
    const toy = toyDenoiser(({ x }) => x)
    await expect(sideBySide(toy, [() => Promise.reject(new Error('mine')), walk(2, 2)])).rejects.toThrow('mine')
    expect(toy.batches).toHaveLength(2)
  })
})
