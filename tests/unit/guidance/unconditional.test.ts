/** A family with a network that was trained without classes, as its manifest says: who draws without a class, and what CFG compares with. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../../src/cli/readme-tables'
import { methods } from '../../../src/guidance'
import { networkOfClass, unconditionalNetwork, withClass } from '../../../src/guidance/networks'
import { negativePrediction, negativesOf, networksOf } from '../../../src/guidance/pair'
import { parseManifest } from '../../../src/model/manifest'
import type { ModelInfo } from '../../../src/model/types'
import { decodeLink, defaultSettings, encodeLink, parsePreset, settingsRefusal } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'

interface Manifest {
  readonly networks: readonly { readonly id: string; readonly role: string; readonly samples: number }[]
}
const tiny = JSON.parse(readFileSync(join(ROOT, 'models/tiny/manifest.json'), 'utf8')) as Manifest
const [main] = tiny.networks
const made = (id: string, more: object = {}) => ({
  ...main,
  id,
  role: 'unconditional',
  labelDropout: true,
  averages: [],
  weights: { file: `${id}.bin`, bytes: 10, sha256: '0'.repeat(64) },
  ...more,
})
const apart = made('unconditional')
const early = made('unconditional-1-16', { samples: 10 })
const manifest = (networks: readonly object[]) => parseManifest({ ...tiny, networks })
const both = manifest([...tiny.networks, apart, early])
const undropped = manifest([...tiny.networks.filter(({ role }) => role !== 'dropout'), apart, early])

const settingsOf = (model: ModelInfo, method: string, label: number | null, more: Partial<Settings> = {}) => ({
  ...defaultSettings(model, method, label),
  class: label,
  ...more,
})
const negativeOf = (settings: Settings, model: ModelInfo) => {
  const [negative] = negativesOf(settings)
  return negative ? negativePrediction(negative, model) : null
}

it('the manifest says that it knows images without a class, or is refused', () => {
  expect(() => manifest([...tiny.networks, made('unconditional', { labelDropout: false })])).toThrow(
    /networks\.6\.labelDropout: must be true of a network that was trained without classes/,
  )
})

describe('without a class', () => {
  it.each([
    ['this one', 'where none has label dropout', undropped, 'unconditional'],
    ['that with label dropout', 'as it was before this one was listed', both, 'dropout'],
  ])('the default network is %s, %s', (_, _why, model, id) => {
    expect(unconditionalNetwork(model)?.id).toBe('unconditional')
    expect(networkOfClass(null, model)?.id).toBe(id)
    expect(networkOfClass(0, model)?.id).toBe('main')
    for (const method of ['none', 'pag', 'sag']) {
      const settings = settingsOf(model, method, null)
      expect(settings.network, method).toBe(id)
      expect(settingsRefusal(settings, model), method).toBeNull()
    }
  })

  it.each([
    ['this one', undropped, 'unconditional-1-16'],
    ['that with label dropout', both, 'dropout-early'],
  ])('autoguidance compares %s with itself, less trained', (_, model, weak) => {
    const settings = settingsOf(model, 'autoguidance', null)
    expect(settings.parameters['weak']).toBe(weak)
    expect(negativeOf(settings, model)?.network).toEqual({ id: weak })
  })

  it('links that were made before it was listed mean what they did', () => {
    const before = manifest(tiny.networks)
    let classless = 0
    for (const method of methods.map(({ id }) => id)) {
      const settings = defaultSettings(before, method, null)
      if (settingsRefusal({ ...settings, class: null }, before) !== null) continue
      classless += 1
      const link = encodeLink({ ...settings, class: null }, before)
      expect(link).not.toContain('network=')
      expect(decodeLink(link, both), link).toEqual(decodeLink(link, before))
      expect(decodeLink(link, both).settings, link).toEqual({ ...settings, class: null })
    }
    expect(classless).toBeGreaterThan(10)
    // One that was made for it says so.
    const apart = { ...defaultSettings(both, 'pag', null), class: null, network: 'unconditional' }
    expect(encodeLink(apart, both)).toContain('network=unconditional')
    expect(decodeLink(encodeLink(apart, both), both).settings).toEqual(apart)
  })

  it('is chosen with the network that can, and with a class the network is one that knows it', () => {
    const asked = { class: 0, network: 'main', ema: 0.1 }
    expect(withClass(null, asked, both)).toEqual({ class: null, network: 'unconditional', ema: null })
    expect(withClass(null, { ...asked, network: 'dropout' }, both)).toEqual({
      class: null,
      network: 'dropout',
      ema: 0.1,
    })
    expect(withClass(2, { class: null, network: 'unconditional', ema: null }, both)).toMatchObject({ network: 'main' })
    expect(withClass(2, asked, both)).toEqual({ ...asked, class: 2 })
  })
})

describe('with a class', () => {
  it('this one can’t be asked, and the refusal says what can', () => {
    expect(settingsRefusal(settingsOf(both, 'none', 1, { network: 'unconditional' }), both)).toMatch(
      /^class: Network unconditional was trained without classes.* set network to main, or set class to none/,
    )
  })

  it('is no remedy where both are wanted, with and without a class', () => {
    const pair = (model: ModelInfo) =>
      settingsOf(model, 'pair', 1, {
        network: 'main',
        parameters: { ...defaultSettings(model, 'pair').parameters, negativeCondition: 'null' },
      })
    const refused =
      'method pair: Network main always saw a class in training, so it can’t be asked for an image without one: '
    expect(settingsRefusal(pair(both), both)).toBe(
      `${refused}set network to dropout or dropout-early, or set negativeCondition to same or random.`,
    )
    expect(settingsRefusal(pair(undropped), undropped)).toBe(`${refused}set negativeCondition to same or random.`)
    expect(settingsRefusal({ ...pair(both), class: null, method: 'none' }, both)).toMatch(
      /set network to dropout or dropout-early or unconditional or unconditional-1-16, or choose a class/,
    )
  })

  it('autoguidance can’t compare with it, nor can a pair that asks it for one', () => {
    const read = (preset: object) => parsePreset({ weak: 'unconditional', network: 'main', class: 1, ...preset }, both)
    const refused = (method: string, able: string) => ({
      ok: false,
      problem: `method ${method}: Network unconditional was trained without classes, so it can’t be asked for one: set weak to ${able}, or set class to none.`,
    })
    expect(read({ method: 'autoguidance' })).toEqual(refused('autoguidance', 'small'))
    expect(read({ method: 'autoguidance', class: 'none', network: 'dropout' }).ok).toBe(true)
    const pair = { method: 'pair', negativeNetwork: 'other' }
    for (const negativeCondition of ['same', 'random'])
      expect(read({ ...pair, negativeCondition }), negativeCondition).toEqual(refused('pair', 'main'))
    const asked = read({ ...pair, negativeCondition: 'null' })
    expect(asked.ok && negativeOf(asked.settings, both)).toMatchObject({
      network: { id: 'unconditional' },
      condition: { kind: 'null' },
    })
  })

  it('CFG takes it for the negative of a network that always saw one', () => {
    const settings = settingsOf(undropped, 'cfg', 1)
    expect(settings.network).toBe('main')
    expect(settingsRefusal(settings, undropped)).toBeNull()
    expect(negativeOf(settings, undropped)).toMatchObject({
      network: { id: 'unconditional' },
      condition: { kind: 'null' },
    })
    expect(
      networksOf(settings, undropped)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['main', 'unconditional'])
  })

  it('CFG stays on the network with label dropout where there is one, and its negative with it', () => {
    const settings = settingsOf(both, 'cfg', 1)
    expect(settings.network).toBe('dropout')
    expect(negativeOf(settings, both)).toMatchObject({ network: { id: 'dropout' }, condition: { kind: 'null' } })
  })
})

describe('a model that is asked for nothing', () => {
  const { networks: _n, preconditioning: _p, ...rest } = tiny as Manifest & { readonly preconditioning: unknown }
  const level = { name: 't', meaning: 'noise-level', dtype: 'int64', dims: ['rows'] }
  const model = parseManifest({
    ...rest,
    embedding: null,
    crops: [],
    prediction: { kind: 'epsilon' },
    schedule: { kind: 'linear' },
    inputs: [{ name: 'x', meaning: 'sample', dtype: 'float32', dims: ['rows', 3, 16, 16] }, level],
    conditioning: { kind: 'none' },
  })

  it('starts without a class, in settings, presets and links, and runs', () => {
    for (const { id, unavailable } of methods) {
      const settings = defaultSettings(model, id)
      expect(settings.class, id).toBeNull()
      if (unavailable(model) === null && !['pair', 'sims'].includes(id))
        expect(settingsRefusal(settings, model), id).toBeNull()
    }
    expect(parsePreset({ method: 'pag' }, model)).toMatchObject({ ok: true, settings: { class: null } })
    const settings = defaultSettings(model, 'pag')
    const link = encodeLink(settings, model)
    expect(link).not.toContain('class')
    expect(decodeLink(link, model).settings).toEqual(settings)
  })

  it('refuses a class, and the methods that push towards one, and says why', () => {
    expect(parsePreset({ method: 'pag', class: 0 }, model)).toEqual({
      ok: false,
      problem: 'class must be none: this model draws without being asked for a class',
    })
    for (const id of ['cfg', 'icg'])
      expect(methods.find((one) => one.id === id)!.unavailable(model), id).toMatch(/^This model .* Use PAG/)
    expect(settingsRefusal({ ...defaultSettings(model, 'pag'), class: 0 }, model)).toBe(
      'class: Network main was trained without classes, so it can’t be asked for one: set class to none.',
    )
  })
})
