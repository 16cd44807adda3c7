import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../../src/model/manifest'
import { asMeasured } from '../../../src/evaluation/as-measured'
import { parsePublished, PublishedError } from '../../../src/evaluation/published'
import { defaultSettings } from '../../../src/settings'

const read = (file: string): unknown => JSON.parse(readFileSync(`models/avatars/${file}`, 'utf8'))
const model = parseManifest(read('manifest.json'))
const [main] = model.networks
const sha256 = main!.weights.sha256

const row = {
  name: 'PAG, all layers',
  images: 2000,
  preset: { model: 'avatars', method: 'pag', network: 'main', class: 'each', scale: 0.25 },
  metrics: {
    samples: 2000,
    frechet: { value: 4, margin: 0.3 },
    precision: { value: 0.9, margin: 0.01 },
    recall: { value: 0.4, margin: 0.02 },
  },
  evaluations: 32,
  against: { value: -0.5, margin: 0.2, paired: true },
  weights: { main: sha256 },
}
const parse = (...rows: unknown[]) => parsePublished({ format: 1, rows }, model)

describe('a published evaluation', () => {
  it('of the shipped model has no guidance and at least one guided row, all of its own networks', () => {
    const shipped = read('evaluation.json')
    const rows = parsePublished(shipped, model)
    expect(rows).toHaveLength((shipped as { rows: unknown[] }).rows.length)
    expect(rows.filter(({ against }) => against !== null).length).toBeGreaterThan(0)
    expect(rows.find(({ settings }) => settings.method === 'none' && settings.network === 'main')!.against).toBeNull()
  })

  it('says what was measured, for the class and the seed that are wanted now', () => {
    const [published] = parse(row)
    expect(published).toMatchObject({
      images: 2000,
      frechet: { value: 4, margin: 0.3 },
      against: { value: -0.5, margin: 0.2 },
    })
    const wanted = asMeasured(published!, {
      ...defaultSettings(model, 'seg'),
      class: 7,
      seed: 12,
      samples: 4,
      steps: 40,
    })
    expect(wanted).toEqual({ ...defaultSettings(model, 'pag'), scale: 0.25, class: 7, seed: 12, samples: 4 })
  })

  it('tells what was measured at each scale, in order; files that do not tell stay valid', () => {
    const at = (scale: number) => ({ scale, images: 500, frechet: { value: 6 + scale, margin: 0.5 }, against: null })
    expect(parse({ ...row, scales: [at(1), at(0.25)] })[0]!.scales).toEqual([at(0.25), at(1)])
    expect(parse(row)[0]!.scales).toEqual([])
    expect(() => parse({ ...row, scales: [{ ...at(1), images: 0 }] })).toThrow(/scales/)
  })

  it('of the shipped model has each guided row among its own scales, with the numbers of the row', () => {
    for (const { name, settings, scales, ...own } of parsePublished(read('evaluation.json'), model)) {
      const same = scales.find(({ scale }) => scale === settings.scale)
      if (scales.length > 0) expect(same, name).toMatchObject({ images: own.images, against: own.against })
      expect(scales.length > 0, name).toBe(settings.method !== 'none')
    }
  })

  it('without a class stays so', () => {
    const [published] = parse({ ...row, preset: { ...row.preset, network: 'dropout', class: 'none' }, weights: {} })
    expect(asMeasured(published!, defaultSettings(model, 'pag'))).toMatchObject({ class: null, network: 'dropout' })
  })

  it('leaves out what was measured with other weights', () => {
    expect(
      parse(row, { ...row, weights: { main: '0'.repeat(64) } }, { ...row, weights: { main: sha256, gone: sha256 } }),
    ).toHaveLength(1)
  })

  it.each([
    ['no rows', { format: 1 }, /^evaluation.json of avatars: .*rows.* Write it again with table.py\.$/],
    ['another format', { format: 2, rows: [] }, /format/],
    [
      'settings that do not exist',
      { format: 1, rows: [{ ...row, preset: { ...row.preset, scale: 1e9 } }] },
      /PAG, all layers: .*scale/,
    ],
  ])('that has %s is refused', (_what, json, why) => {
    expect(() => parsePublished(json, model)).toThrow(PublishedError)
    expect(() => parsePublished(json, model)).toThrow(why)
  })
})
