/** The map of layers on pushes that are known exactly, and the suggestion against what was measured layer by layer. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { layerMap, type LayerMap } from '../../../src/evaluation/layers/map'
import { suggestLayers } from '../../../src/evaluation/layers/suggestion'
import { parseManifest } from '../../../src/model/manifest'
import type { DenoiserRow } from '../../../src/model/types'
import type { AttentionLayer } from '../../../src/network/types'
import { toyModel } from '../../support/model'

const [height, width, channels] = [16, 32, 3]
const area = height * width
const levels = [80, 40, 20, 10, 5, 1]

/** What PAG at each layer takes from D, by place: all alike, a board of single pixels, a stripe of one cell, nothing, three waves, two waves. */
const PUSHES: readonly ((y: number, x: number) => number)[] = [
  () => 1,
  (y, x) => ((y + x) % 2 === 0 ? 1 : -1),
  (y, x) => (y < 2 && x >= 28 ? 1 : 0),
  () => 0,
  (y) => Math.cos((2 * Math.PI * 3 * y) / height),
  (y) => Math.cos((2 * Math.PI * 2 * y) / height),
]

const layers = PUSHES.map((_, index) => ({ ...toyModel.layers[0]!, index, name: `layer ${index}` }))
const model = { ...toyModel, image: { channels, height, width }, layers }

/** D is 2 everywhere; a layer's push grows with σ. */
function denoiser() {
  const asked: DenoiserRow[] = []
  return {
    asked,
    model,
    async evaluate(rows: readonly DenoiserRow[]) {
      asked.push(...rows)
      return rows.map(({ sigma, attention }) =>
        Float32Array.from({ length: channels * area }, (_, i) => {
          const [y, x] = [Math.floor((i % area) / width), i % width]
          return (attention ?? []).reduce(
            (sum, control, layer) => sum - Number(control?.mix ?? 0) * (sigma / 40) * PUSHES[layer]!(y, x),
            2,
          )
        }),
      )
    },
  }
}

describe('the map', () => {
  it('tells how large a push is, where, and in which frequencies, at three levels', async () => {
    const own = denoiser()
    const map = await layerMap({ denoiser: own, levels, images: 2 })
    expect(map.levels).toEqual([40, 10, 1])
    const [flat, board, cell, none, three, two] = map.layers as readonly LayerMap['layers'][number][]
    expect(flat!.map(({ size }) => size)).toEqual([0.5, 0.125, expect.closeTo(0.0125, 6)])
    expect(board!.map(({ size }) => size)).toEqual([0.5, 0.125, expect.closeTo(0.0125, 6)])
    expect(flat![0]!.bands).toEqual([1, 0, 0, 0])
    for (const [i, share] of board![0]!.bands.entries()) expect(share).toBeCloseTo(i === 3 ? 1 : 0, 9)
    // Three waves of sixteen pixels are above an eighth of a cycle a pixel, two are at it.
    for (const [i, share] of three![0]!.bands.entries()) expect(share).toBeCloseTo(i === 2 ? 1 : 0, 6)
    for (const [i, share] of two![0]!.bands.entries()) expect(share).toBeCloseTo(i === 1 ? 1 : 0, 6)
    expect(flat![1]!.where).toMatchObject({ height: 8, width: 8 })
    for (const share of flat![1]!.where.shares) expect(share).toBeCloseTo(1 / 64, 9)
    expect(Array.from(cell![1]!.where.shares)).toEqual(Array.from({ length: 64 }, (_, i) => (i === 7 ? 1 : 0)))
    expect(cell![0]!.size).toBeCloseTo(0.5 * Math.sqrt(1 / 64), 6)
    expect(cell![0]!.bands.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
    for (const { size, bands, where } of none!) {
      expect([size, ...bands]).toEqual([0, 0, 0, 0, 0])
      expect(where.shares.every((share) => share === 0)).toBe(true)
    }
  })

  it('walks without guidance, and asks each layer alone at three places', async () => {
    const own = denoiser()
    const steps: number[] = []
    await layerMap({ denoiser: own, levels, images: 1, onProgress: (done, total) => steps.push(done / total) })
    const plain = own.asked.filter(({ attention }) => attention === null)
    expect(plain.map(({ sigma }) => sigma)).toEqual(levels)
    // Euler: x − D falls as σ does.
    const rest = plain.map(({ x, sigma }) => (x[5]! - 2) / sigma)
    for (const one of rest) expect(one).toBeCloseTo(rest[0]!, 4)
    expect(own.asked).toHaveLength(levels.length + 3 * layers.length)
    expect(own.asked.filter(({ attention }) => attention?.filter(Boolean).length === 1)).toHaveLength(3 * layers.length)
    expect(steps.at(-1)).toBe(1)
    expect(steps).toHaveLength(levels.length + 3 * layers.length)
  })

  it('can be stopped, and needs three levels', async () => {
    const own = denoiser()
    await expect(layerMap({ denoiser: own, levels, signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    )
    expect(own.asked).toEqual([])
    await expect(layerMap({ denoiser: own, levels: [2, 1] })).rejects.toThrow(RangeError)
  })
})

/** Pushes of these sizes at the middle level. */
const mapOf = (sizes: readonly number[]): LayerMap => ({
  levels: [40, 2, 0.1],
  layers: sizes.map((size) =>
    [0.2, size, 0.1].map((own) => ({
      size: own,
      where: { height: 1, width: 1, shares: Float64Array.of(1) },
      bands: [0.5, 0.2, 0.1, 0.2],
    })),
  ),
})

const grids = (sides: readonly number[]): readonly AttentionLayer[] =>
  sides.map((side, index) => ({ ...toyModel.layers[0]!, index, height: side, width: side }))

describe('the suggestion', () => {
  const folder = `${import.meta.dirname}/../../../models/avatars`
  const read = (file: string): unknown => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))

  it('is the layers that help where PAG was measured at each', () => {
    const { curves } = read('evaluation.json') as {
      curves: { name: string; points: { x: number[]; against: { value: number; margin: number } }[] }[]
    }
    const points = curves.find(({ name }) => name === 'pag-layers')!.points
    const best = Math.min(...points.map(({ against }) => against.value))
    const helpful = points.filter(({ against }) => against.value < -against.margin && against.value < best / 2)
    const avatars = parseManifest(read('manifest.json'))
    expect(points).toHaveLength(avatars.layers.length)
    // As they were measured at the middle level.
    const suggestion = suggestLayers(mapOf([0.096, 0.056, 0.137, 0.142, 0.149, 0.18, 0.015]), avatars.layers)
    expect(suggestion).toMatchObject({ kind: 'measured', layers: helpful.flatMap(({ x }) => x) })
    expect(suggestion!.reason).toBe(
      'the 3 layers with the fewest tokens (8 × 8): on the one network where PAG was measured layer by layer, avatars, such layers helped and the others hardly did; here PAG there moves the prediction by 14 to 15 % at σ 2, 20 % of that in fine detail.',
    )
  })

  it('leaves out layers at which nothing happens', () => {
    expect(suggestLayers(mapOf([0.2, 0.001, 0.3, 0.2]), grids([8, 4, 4, 8]))).toMatchObject({ layers: [2] })
    expect(suggestLayers(mapOf([0, 0]), grids([8, 4]))).toBeNull()
  })

  it('is the middle of layers that are all alike, and says that nothing was measured', () => {
    const suggestion = suggestLayers(mapOf([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]), grids(Array<number>(7).fill(8)))
    expect(suggestion).toMatchObject({ kind: 'habit', layers: [2, 3, 4] })
    expect(suggestion!.reason).toContain('no network of this form was measured')
  })
})
