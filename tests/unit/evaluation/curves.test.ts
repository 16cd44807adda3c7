import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseCurves } from '../../../src/evaluation/curves'
import { PublishedError } from '../../../src/evaluation/published'
import { parseManifest } from '../../../src/model/manifest'
import { defaultSettings } from '../../../src/settings'

const read = (file: string): unknown => JSON.parse(readFileSync(`models/avatars/${file}`, 'utf8'))
const model = parseManifest(read('manifest.json'))

const curve = {
  name: 'seg',
  title: 'SEG',
  across: 'blur σ',
  key: 'sigma',
  preset: { model: 'avatars', method: 'seg', network: 'main', class: 'each', scale: 0.5 },
  weights: { main: model.networks[0]!.weights.sha256 },
  points: [
    { x: 1, frechet: { value: 6, margin: 0.3 }, against: { value: -0.5, margin: 0.2, paired: true } },
    { x: 'inf', frechet: { value: 7, margin: null }, against: null },
  ],
}
const parse = (...curves: unknown[]) => parseCurves({ format: 1, first: 500, curves }, model)

describe('the curves of an evaluation', () => {
  it('of the shipped model are there, each point of a setting of its own', () => {
    const curves = parseCurves(read('evaluation.json'), model)
    expect(curves.length).toBeGreaterThan(4)
    for (const { name, points } of curves)
      expect(new Set(points.map(({ settings }) => JSON.stringify(settings))).size, name).toBe(points.length)
  })

  it('say what was measured where', () => {
    const [seg] = parse(curve)
    expect(seg).toMatchObject({ key: 'sigma', images: 500 })
    expect(parse({ ...curve, images: 300 })[0]).toMatchObject({ images: 300 })
    const settings = { ...defaultSettings(model, 'seg'), scale: 0.5 }
    expect(seg!.points).toEqual([
      {
        x: 1,
        settings: { ...settings, parameters: { ...settings.parameters, sigma: 1 } },
        frechet: { value: 6, margin: 0.3 },
        against: { value: -0.5, margin: 0.2 },
      },
      expect.objectContaining({
        settings: { ...settings, parameters: { ...settings.parameters, sigma: Infinity } },
        against: null,
      }),
    ])
  })

  it('leave out what was measured with other weights, and refuse what no setting can be', () => {
    expect(parse({ ...curve, weights: { main: '0'.repeat(64) } })).toEqual([])
    expect(() => parse({ ...curve, key: 'scale' })).toThrow(/evaluation.json of avatars: seg: .*scale/)
    expect(() => parse({ ...curve, points: [{ x: 1 }] })).toThrow(PublishedError)
  })
})
