import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../../src/model/manifest'
import { methods } from '../../../src/guidance'
import type { ModelInfo } from '../../../src/model/types'
import { defaultSettings, parsePreset, settingsRefusal, toPreset } from '../../../src/settings'
import { chooserGroups, filesOf, missingBytes, settingsRefusals } from '../../../src/ui/method/methods'
import { ABLATIONS } from '../../../src/ui/ablations'
import { offersOf } from '../../../src/ui/ablations/offers'
import { addTerm, newTerm, patchTerm, removeTerm, termOf, withTermMethod } from '../../../src/ui/equation/terms'
import { fakeModel as model } from '../../browser/page/fake-engine'

const settings = defaultSettings(model)
const [main] = model.networks
const loaded = new Set([main!.graph.sha256, main!.weights.sha256])
const lone: ModelInfo = { ...model, networks: [main!], crops: [], embedding: null }
const entries = (of: ModelInfo, from = defaultSettings(of), at = 0) =>
  chooserGroups(from, at, of, loaded).flatMap((group) => group.entries)

describe('the chooser', () => {
  it('offers every method once, and on a whole family can offer nearly all', () => {
    const offered = entries(model)
    expect(offered.map(({ method }) => method.id).sort()).toEqual(methods.map(({ id }) => id).sort())
    expect(offered.filter(({ reason }) => reason !== null)).toEqual([])
  })

  it('shows what a lone network can’t do, with the reason', () => {
    const reasons = Object.fromEntries(entries(lone).map(({ method, reason }) => [method.id, reason]))
    for (const id of ['cfg', 'autoguidance', 'sims', 'swg']) expect(reasons[id]).toMatch(/^[A-Z].*\.$/)
    for (const id of ['none', 'pag', 'seg', 'sag', 'icg']) expect(reasons[id]).toBeNull()
  })

  it('counts the bytes that a method would fetch, and none for what is at hand', () => {
    const bytes = Object.fromEntries(entries(model).map((entry) => [entry.method.id, entry.bytes]))
    expect(bytes.pag).toBe(0)
    const small = model.networks.find(({ id }) => id === 'small-1-16')!
    expect(bytes.autoguidance).toBe(small.graph.bytes + small.weights.bytes)
    const weak = withTermMethod(settings, 0, 'autoguidance', model)
    expect(missingBytes(weak, model, new Set(filesOf(weak, model).map(({ sha256 }) => sha256)))).toBe(0)
  })

  it('offers only what makes a negative to further terms', () => {
    const kinds = entries(model, settings, 1).map(({ method }) => method.kind)
    expect(new Set(kinds)).toEqual(new Set(['negative']))
  })

  it('says why settings can’t run', () => {
    expect(settingsRefusals(settings, model)).toEqual([])
    expect(settingsRefusals({ ...settings, class: null }, model)).toEqual([expect.stringContaining('saw a class')])
    expect(settingsRefusals({ ...settings, class: null, network: 'dropout' }, model)).toEqual([])
    // A snapshot has no stored averages to make another length of.
    expect(settingsRefusals({ ...settings, network: 'main-1-2', ema: 0.2 }, model)).toEqual([
      expect.stringContaining('No averages of network main-1-2'),
    ])
    const stacked = addTerm({ ...settings, class: null, network: 'dropout' }, 'icg', model)
    expect(settingsRefusals(stacked, model).length).toBe(1)
  })
})

describe('terms', () => {
  const two = addTerm(settings, 'seg', model)

  it('reads and changes the first and the further ones alike', () => {
    expect(termOf(two, 0).method).toBe(settings.method)
    expect(termOf(two, 1)).toEqual(newTerm('seg', model, 0))
    expect(patchTerm(two, 0, { scale: 2 })).toEqual({ scale: 2 })
    expect({ ...two, ...patchTerm(two, 1, { scale: 2 }) }.stack[0]!.scale).toBe(2)
    expect(() => termOf(two, 2)).toThrow(RangeError)
  })

  it('changes the method of one and keeps the others; no guidance leaves none', () => {
    expect(withTermMethod(two, 0, 'icg', model).stack).toEqual(two.stack)
    expect(withTermMethod(two, 0, 'none', model).stack).toEqual([])
    const windowed = { ...two, ...patchTerm(two, 1, { window: [1, 5] }) }
    expect(termOf(withTermMethod(windowed, 1, 'pag', model), 1)).toEqual({
      ...newTerm('pag', model, 0),
      window: [1, 5],
    })
    expect({ ...two, ...removeTerm(two, 1) }).toEqual(settings)
  })
})

describe('ablations of the article', () => {
  const shipped = ['avatars', 'tiny'].map((id) =>
    parseManifest(JSON.parse(readFileSync(`models/${id}/manifest.json`, 'utf8'))),
  )
  const [avatars] = shipped
  const seeing: ModelInfo = {
    ...model,
    vision: {
      graph: { file: 'v', bytes: 1, sha256: 'v' },
      weights: { file: 'w', bytes: 1, sha256: 'w' },
      height: 64,
      width: 64,
    },
  }
  const offers = (of: ModelInfo, from = defaultSettings(of)) =>
    ABLATIONS.flatMap((ablation) => offersOf(ablation, from, of).map((offer) => ({ ablation, offer })))
  const families = [seeing, lone, ...shipped].map((family) => ({
    family,
    name: `${family.name}, ${family.networks.length} networks`,
  }))

  it.each(families)('every variant is a preset that runs on $name, or says why not', ({ family }) => {
    const from = { ...defaultSettings(family), seed: 7, class: 1 }
    for (const { ablation, offer } of offers(family, from)) {
      const name = `${ablation.id}: ${offer.label}`
      if (offer.kind === 'missing') {
        expect(offer.why, name).toMatch(/^[A-Z].*\.$/)
        continue
      }
      // Only a vision transformer can be given later.
      expect(settingsRefusal(offer.settings, family) === null, name).toBe(offer.note === null)
      if (offer.note !== null) expect(offer.settings.parameters.mask, name).toBe('dino')
      else {
        expect(filesOf(offer.settings, family).length, name).toBeGreaterThan(0)
        expect(parsePreset(toPreset(offer.settings), family), name).toEqual({ ok: true, settings: offer.settings })
      }
      expect(offer.settings.seed, name).toBe(7)
    }
  })

  it('lacks nothing on a whole family, and each ablation can be begun on the shipped one', () => {
    expect(offers(seeing).filter(({ offer }) => offer.kind === 'missing')).toEqual([])
    for (const ablation of ABLATIONS)
      expect(
        offersOf(ablation, defaultSettings(avatars!), avatars!).some(({ kind }) => kind === 'settings'),
        ablation.id,
      ).toBe(true)
    expect(offers(lone).filter(({ offer }) => offer.kind === 'missing').length).toBeGreaterThan(5)
  })

  it('compares averages of two networks that have them', () => {
    const ablation = ABLATIONS.find(({ id }) => id === 'autoguidance-ema')!
    for (const family of [seeing, ...shipped]) {
      for (const offer of offersOf(ablation, defaultSettings(family), family)) {
        if (offer.kind === 'missing') throw new Error(offer.why)
        const { network, ema, parameters } = offer.settings
        for (const [id, length] of [
          [network, ema],
          [parameters.weak, parameters.weakEma],
        ]) {
          expect(family.networks.find((each) => each.id === id)!.averages.map(({ sigmaRel }) => sigmaRel)).toContain(
            length,
          )
        }
      }
    }
    expect(offersOf(ablation, settings, lone).map((offer) => offer.kind)).toEqual([
      'missing',
      'missing',
      'missing',
      'missing',
    ])
  })

  it('tells smaller from smaller and earlier', () => {
    const ablation = ABLATIONS.find(({ id }) => id === 'autoguidance-size')!
    const weak = (family: ModelInfo) =>
      offersOf(ablation, defaultSettings(family), family).map((offer) =>
        offer.kind === 'settings' ? offer.settings.parameters.weak : null,
      )
    expect(weak(seeing)).toEqual(['small', 'main-1-16', 'small-1-16'])
    // Trained for as long as a snapshot: smaller and earlier, and not smaller alone.
    const young = { ...seeing, networks: seeing.networks.filter(({ id }) => id !== 'small') }
    expect(weak(young)).toEqual([null, 'main-1-16', 'small-1-16'])
  })

  it('changes one thing at a time: variants differ, and flipping there and back leaves nothing behind', () => {
    for (const ablation of ABLATIONS) {
      const applied = offersOf(ablation, settings, seeing).flatMap((offer) =>
        offer.kind === 'settings' ? offer.settings : [],
      )
      expect(
        new Set(
          applied.map((each) => JSON.stringify(each, (_, value: unknown) => (value === Infinity ? 'inf' : value))),
        ).size,
      ).toBe(applied.length)
      const [back] = offersOf(ablation, applied.at(-1)!, seeing)
      expect(back).toEqual(expect.objectContaining({ settings: applied[0] }))
    }
  })
})
