import { describe, expect, it } from 'vitest'
import { methods } from '../../../src/guidance'
import type { ModelInfo } from '../../../src/engine/types'
import { defaultSettings, parsePreset, toPreset } from '../../../src/settings/codec'
import { chooserGroups, filesOf, missingBytes, settingsRefusals } from '../../../src/ui/methods'
import { ABLATIONS, applyVariant } from '../../../src/ui/presets'
import { addTerm, newTerm, patchTerm, removeTerm, termOf, withTermMethod } from '../../../src/ui/terms'
import { fakeModel as model } from '../../browser/page/fake-engine'

const settings = defaultSettings(model)
const [main] = model.networks
const loaded = new Set([main!.graph.sha256, main!.weights.sha256])
const lone: ModelInfo = { ...model, networks: [main!], crops: [], embedding: null }
const entries = (of: ModelInfo, from = defaultSettings(of), at = 0) => chooserGroups(from, at, of, loaded).flatMap((group) => group.entries)

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
    expect(settingsRefusals({ ...settings, network: 'main-1-2', ema: 0.2 }, model)).toEqual([expect.stringContaining('can’t be had')])
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
    expect(termOf(withTermMethod(windowed, 1, 'pag', model), 1)).toEqual({ ...newTerm('pag', model, 0), window: [1, 5] })
    expect({ ...two, ...removeTerm(two, 1) }).toEqual(settings)
  })
})

describe('ablations of the article', () => {
  const seeing: ModelInfo = { ...model, vision: { graph: { file: 'v', bytes: 1, sha256: 'v' }, weights: { file: 'w', bytes: 1, sha256: 'w' }, height: 64, width: 64 } }
  const all = ABLATIONS.flatMap((ablation) => ablation.variants.map((variant) => ({ name: `${ablation.id}: ${variant.label}`, ablation, variant })))

  it.each(all)('$name is a preset that can run', ({ variant }) => {
    const applied = applyVariant({ ...settings, seed: 7, class: 4 }, variant, seeing)
    expect(settingsRefusals(applied, seeing)).toEqual([])
    expect(parsePreset(toPreset(applied), seeing)).toEqual({ ok: true, settings: applied })
    expect(applied.seed).toBe(7)
  })

  it('changes one thing at a time: variants differ, and flipping there and back leaves nothing behind', () => {
    for (const { variants } of ABLATIONS) {
      const applied = variants.map((variant) => applyVariant(settings, variant, seeing))
      expect(new Set(applied.map((each) => JSON.stringify(each, (_, value: unknown) => (value === Infinity ? 'inf' : value)))).size).toBe(variants.length)
      expect(applyVariant(applyVariant(settings, variants.at(-1)!, seeing), variants[0]!, seeing)).toEqual(applied[0])
    }
  })
})
