import { readFileSync } from 'node:fs'
import Ajv2020 from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { families, readModel } from '../../../src/cli/models'
import { SCHEMA, schemaText } from '../../../src/cli/schema'
import { methods } from '../../../src/guidance'
import {
  DEFAULT_METHOD,
  defaultSettings,
  firstSettings,
  parsePreset,
  presetSchema,
  toPreset,
} from '../../../src/settings'
import { anySettings } from '../../support/any-settings'
import { toyModel as model } from '../../support/model'

const checkOf = (schema: object) => new Ajv2020({ strict: false, allErrors: true }).compile(schema)
const check = checkOf(presetSchema([model], DEFAULT_METHOD))
/** As a file holds it. */
const stored = (preset: unknown): unknown => JSON.parse(JSON.stringify(preset))

describe('the published schema', () => {
  it('is what the table says', () => {
    expect(readFileSync(SCHEMA, 'utf8'), 'run npm run registries and commit the result').toBe(schemaText())
  })

  it('knows the presets of the shipped families', () => {
    const published = checkOf(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object)
    for (const { id, family } of families()) {
      if (family.hidden) continue
      const shipped = readModel(id)
      const settings = methods
        .filter((method) => method.unavailable(shipped) === null)
        .map((method) => defaultSettings(shipped, method.id))
      for (const preset of [
        { model: shipped.id, ...shipped.first },
        ...[firstSettings(shipped), ...settings].map(toPreset),
      ]) {
        expect(published(stored(preset)), JSON.stringify([preset, published.errors])).toBe(true)
      }
    }
  })

  it('takes whatever the page saves', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        expect(check(stored(toPreset(settings))), JSON.stringify(check.errors)).toBe(true)
      }),
    )
  })

  it.each([
    {},
    { $schema: 'https://example.org/preset.schema.json', method: 'seg', sigma: 'inf' },
    { class: 'Right', layers: ['decoder 4×4', 1] },
    { class: null, network: 'dropout', rate: 0.5 },
    { window: [0.5, 'inf'], stack: [{ method: 'seg', sigma: 2 }] },
    { method: 'apg', negative: 'seg', sigma: 2 },
    { solver: 'heun', ema: 'stored' },
  ])('takes %j, which the application reads', (preset) => {
    expect(check(preset), JSON.stringify(check.errors)).toBe(true)
    expect(parsePreset(preset, model)).toMatchObject({ ok: true })
  })

  it.each([
    [],
    { method: 'magic' },
    { scale: 21 },
    { scale: null },
    { class: 3 },
    { class: 'Down' },
    { network: 'huge' },
    { ema: 0 },
    { seed: 1.5 },
    { steps: 1 },
    { solver: 'rk4' },
    { layers: [3] },
    { layers: ['cellar'] },
    { window: [2] },
    { method: 'seg', sigma: -1 },
    { sigma: 1 },
    { method: 'cfg', rate: 0.5 },
    { method: 'pag', perturbation: 'fire' },
    { method: 'sims', budget: 'small' },
    { solver: 'euler', eta: 1 },
    { stack: 'seg' },
    { stack: [{ method: 'apg' }] },
    { stack: [{ method: 'seg', sigma: -1 }] },
    { stack: [{ method: 'seg', seed: 1 }] },
    { stack: Array.from({ length: 5 }, () => ({ method: 'icg' })) },
    { model: 'other' },
    { colour: 'red' },
  ])('refuses %j, as the application does', (preset) => {
    expect(check(preset)).toBe(false)
    expect(parsePreset(preset, model)).toMatchObject({ ok: false })
  })
})
