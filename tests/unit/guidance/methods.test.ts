import katex from 'katex'
import { describe, expect, it } from 'vitest'
import { methodById, methods } from '../../../src/guidance'
import { defaultSettings } from '../../../src/settings/codec'
import type { ParameterValue, Settings } from '../../../src/settings/types'
import { toyModel as model } from '../../support/model'

const negative = (method: string, parameters: Record<string, ParameterValue>, more: Partial<Settings> = {}, at = { sample: 0, step: 0 }) => {
  const defaults = defaultSettings(model, method)
  const settings = { ...defaults, ...more, parameters: { ...defaults.parameters, ...parameters } }
  return methodById(method)!.negative({ model, settings, sigma: 1, ...at })
}

describe('metadata', () => {
  it.each(methods.map((method) => [method.id, method] as const))('of %s is complete', (_, method) => {
    expect(method.source.url).toMatch(/^https:\/\//)
    expect(new Set(method.parameters.map(({ key }) => key)).size).toBe(method.parameters.length)
    for (const parameter of method.parameters) {
      if (parameter.kind === 'number') {
        expect(parameter.default).toBeGreaterThanOrEqual(parameter.min)
        expect(parameter.default).toBeLessThanOrEqual(parameter.max)
      }
      if (parameter.kind === 'choice') expect(parameter.choices.map(({ value }) => value)).toContain(parameter.default)
      if (parameter.when) {
        const other = method.parameters.find(({ key }) => key === parameter.when!.key)
        expect(other?.kind === 'choice' && parameter.when.in.every((value) => other.choices.some((choice) => choice.value === value))).toBe(true)
      }
    }
  })
})

describe('PAG', () => {
  it('replaces the maps of the chosen layers only', () => {
    expect(negative('pag', {}, { layers: [1] })).toEqual({ attention: [null, { mix: 1 }, null] })
    expect(negative('pag', { perturbation: 'uniform' }, { layers: 'all' })).toEqual({ attention: [{ temperature: 0 }, { temperature: 0 }, { temperature: 0 }] })
  })

  it('is null where it changes nothing', () => {
    expect(negative('pag', { mix: 0 })).toBeNull()
    expect(negative('pag', { perturbation: 'temperature', temperature: 1 })).toBeNull()
    expect(negative('pag', { perturbation: 'mask', rate: 0 })).toBeNull()
    expect(negative('pag', {}, { layers: [] })).toBeNull()
  })

  it('draws a mask of its own for each layer, step, sample and seed, and the same one again', () => {
    const seedOf = (more: Partial<Settings>, at: { sample: number; step: number }) =>
      negative('pag', { perturbation: 'mask' }, { layers: 'all', ...more }, at)!.attention!.map((control) => control!.mask!.seed)
    const drawn = [
      ...seedOf({}, { sample: 0, step: 0 }),
      ...seedOf({}, { sample: 0, step: 1 }),
      ...seedOf({}, { sample: 1, step: 0 }),
      ...seedOf({ seed: 2 }, { sample: 0, step: 0 }),
    ]
    expect(new Set(drawn).size).toBe(drawn.length)
    expect(seedOf({}, { sample: 0, step: 0 })).toEqual(drawn.slice(0, 3))
  })
})

describe('SEG', () => {
  it('blurs the queries of the chosen layers, or nothing when off', () => {
    expect(negative('seg', { sigma: 2 }, { layers: [0] })).toEqual({ attention: [{ querySigma: 2 }, null, null] })
    expect(negative('seg', { sigma: 0 })).toBeNull()
  })
})

describe('ICG', () => {
  const drawn = (parameters: Record<string, ParameterValue>, step: number) => {
    const weights = negative('icg', parameters, { class: 1 }, { sample: 0, step })?.classWeights
    return weights ? weights.indexOf(1) : 1
  }

  it('draws every class, the wanted one included, unless told not to', () => {
    const steps = Array.from({ length: 60 }, (_, step) => step)
    expect(new Set(steps.map((step) => drawn({}, step)))).toEqual(new Set([0, 1, 2]))
    expect(new Set(steps.map((step) => drawn({ exclude: true }, step)))).toEqual(new Set([0, 2]))
  })

  it('keeps one class for the whole image when drawn once', () => {
    expect(new Set([0, 1, 2, 3, 4, 5].map((step) => drawn({ redraw: 'once', exclude: true }, step))).size).toBe(1)
  })

  it('is refused without classes, with what to use instead', () => {
    const unconditional = { ...model, conditioning: { ...model.conditioning, classes: [{ name: 'All' }] } }
    expect(methodById('icg')!.unavailable(unconditional)).toMatch(/PAG or SEG/)
  })
})

describe('formulas', () => {
  const formulas = (id: string, key: string, values: readonly (string | number)[]) =>
    values.map((value) => methodById(id)!.formula({ ...defaultSettings(model, id).parameters, [key]: value }))

  it('say what stands in for the map, and KaTeX understands them', () => {
    const of = {
      pag: [...formulas('pag', 'perturbation', ['identity', 'uniform', 'mask', 'temperature']), ...formulas('pag', 'mix', [0.5])],
      rest: ['none', 'seg', 'icg'].flatMap((id) => formulas(id, '', [''])),
    }
    expect(new Set(of.pag).size).toBe(5)
    for (const formula of [...of.pag, ...of.rest]) expect(katex.renderToString(formula, { throwOnError: true })).toContain('<math')
  })
})
