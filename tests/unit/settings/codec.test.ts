import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { methods } from '../../../src/guidance'
import { decodeLink, defaultSettings, encodeLink, LIMITS, parsePreset, toPreset, withMethod } from '../../../src/settings/codec'
import type { ParameterValue, Settings } from '../../../src/settings/types'
import { toyModel as model } from '../../support/model'

const positive = fc.double({ min: 1e-6, max: 1e4, noNaN: true })

/** Any valid settings. */
const anySettings: fc.Arbitrary<Settings> = fc.constantFrom(...methods).chain((method) => {
  const parameters = Object.fromEntries(
    method.parameters.map((parameter): [string, fc.Arbitrary<ParameterValue>] => {
      switch (parameter.kind) {
        case 'number':
          return [parameter.key, fc.oneof(fc.constant(parameter.max), fc.double({ min: parameter.min, max: Math.min(parameter.max, 1e6), noNaN: true }))]
        case 'choice':
          return [parameter.key, fc.constantFrom(...parameter.choices.map(({ value }) => value))]
        case 'flag':
          return [parameter.key, fc.boolean()]
        default:
          return parameter satisfies never
      }
    }),
  )
  return fc.record({
    model: fc.constant(model.id),
    method: fc.constant(method.id),
    scale: fc.double({ min: 0, max: LIMITS.scale.max, noNaN: true }),
    class: fc.integer({ min: 0, max: model.conditioning.classes.length - 1 }),
    seed: fc.integer({ min: 0, max: LIMITS.seed.max }),
    samples: fc.integer({ min: 1, max: 9 }),
    steps: fc.integer({ min: 2, max: 64 }),
    solver: fc.constantFrom('euler' as const, 'heun' as const),
    layers: method.layers ? fc.constantFrom<Settings['layers']>('all', [], [0], [1], [0, 2], [1, 2]) : fc.constant('all' as const),
    window: fc
      .tuple(fc.oneof(fc.constant(0), positive), fc.oneof(fc.constant(Infinity), positive))
      .filter(([low, high]) => low < high),
    parameters: fc.record(parameters),
  })
})

// −0 and 0 are one value to a person and to JSON.
const normal = (settings: Settings): unknown => JSON.parse(JSON.stringify(toPreset(settings)))

describe('round trips', () => {
  it('through a link', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        const { settings: read, problems, notes } = decodeLink(`#${encodeLink(settings, model)}`, model)
        expect([...problems, ...notes]).toEqual([])
        expect(normal(read)).toEqual(normal(settings))
      }),
    )
  })

  it('through a preset file', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        const result = parsePreset(JSON.parse(JSON.stringify(toPreset(settings))), model)
        expect(result.ok && normal(result.settings)).toEqual(normal(settings))
      }),
    )
  })
})

describe('links', () => {
  it('hold only what differs from the defaults', () => {
    expect(encodeLink(defaultSettings(model), model)).toBe('v=1&method=pag&weights=feedc0de')
    expect(encodeLink({ ...defaultSettings(model, 'seg'), scale: 2, parameters: { sigma: 4 }, layers: [0, 2] }, model)).toBe(
      'v=1&method=seg&scale=2&layers=0_2&sigma=4&weights=feedc0de',
    )
  })

  it('never throw, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { settings } = decodeLink(text, model)
        expect(parsePreset(toPreset(settings), model).ok).toBe(true)
      }),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('v', 'method', 'scale', 'class', 'layers', 'window', 'sigma', 'seed'), fc.string()), (parts) => {
        decodeLink(`#${new URLSearchParams(parts).toString()}`, model)
      }),
    )
  })

  it('say which part was not understood, and use its default', () => {
    const { settings, problems } = decodeLink('#v=1&method=seg&scale=loud&steps=9&layers=0_7', model)
    expect(problems).toEqual(['scale must be a number, not "loud"', 'layers has no layer 7; the layers are 0 to 2'])
    expect(settings).toEqual({ ...defaultSettings(model, 'seg'), steps: 9 })
  })

  it('leave defaults out, so the defaults of this version stay what they are', () => {
    // Changing one of these changes what links in the world mean: raise LINK_VERSION with it.
    const shared = { model: 'avatars', class: 0, seed: 1, samples: 1, steps: 16, solver: 'euler', window: [0, 'inf'] }
    expect(methods.map(({ id }) => toPreset(defaultSettings(model, id)))).toEqual([
      { ...shared, method: 'none', scale: 0 },
      { ...shared, method: 'pag', scale: 1, layers: 'all', perturbation: 'identity', mix: 1, rate: 0.9, keepDiagonal: true, temperature: 0.25 },
      { ...shared, method: 'seg', scale: 0.75, layers: [2], sigma: 1 },
      { ...shared, method: 'icg', scale: 0.5, redraw: 'step', exclude: false },
    ])
  })

  it('made with other weights say so, and are followed all the same', () => {
    const { settings, problems, notes } = decodeLink('#v=1&method=pag&seed=5&weights=00000000', model)
    expect(problems).toEqual([])
    expect(notes).toEqual(['This link was made with other weights of the model, so its images were not quite these.'])
    expect(settings).toEqual({ ...defaultSettings(model), seed: 5 })
  })

  it('of another version are refused with a word on why', () => {
    const { settings, problems } = decodeLink('#v=2&scale=3', model)
    expect(problems).toEqual(['v=2: this page reads links of version 1 only'])
    expect(settings).toEqual(defaultSettings(model))
  })
})

describe('presets', () => {
  it.each([
    [{ method: 'magic' }, 'method must be one of none, pag, seg, icg, not "magic"'],
    [{ scale: 21 }, 'scale must be between 0 and 20, not 21'],
    [{ scale: -1 }, 'scale must be between 0 and 20, not -1'],
    [{ scale: NaN }, 'scale must be a number, not NaN'],
    [{ class: 3 }, 'class must be between 0 and 2, not 3'],
    [{ class: 'Down' }, 'class must be one of Left, Right, Up or an index, not "Down"'],
    [{ seed: 1.5 }, 'seed must be a whole number, not 1.5'],
    [{ steps: 1 }, 'steps must be between 2 and 64, not 1'],
    [{ solver: 'rk4' }, 'solver must be one of euler, heun, not "rk4"'],
    [{ layers: [3] }, 'layers has no layer 3; the layers are 0 to 2'],
    [{ layers: ['cellar'] }, 'layers has no layer "cellar"; the layers are encoder 4×4, middle 2×2, decoder 4×4'],
    [{ window: [2, 1] }, 'window must rise from low to high, not [2,1]'],
    [{ window: [1, 1] }, 'window must rise from low to high, not [1,1]'],
    [{ method: 'seg', sigma: -1 }, 'sigma must be at least 0, or "inf", not -1'],
    [{ method: 'pag', sigma: 1 }, 'sigma is not a setting of method pag'],
    [{ method: 'pag', perturbation: 'noise' }, 'perturbation must be one of identity, uniform, mask, temperature, not "noise"'],
    [{ model: 'other' }, 'model must be "avatars", not "other"'],
    [{ colour: 'red' }, '"colour" is not a setting'],
    [[], 'a preset must be a JSON object such as {"method": "pag", "scale": 1.5}'],
  ])('%j: %s', (preset, problem) => {
    expect(parsePreset(preset, model)).toEqual({ ok: false, problem })
  })

  it('take names for classes and layers', () => {
    const result = parsePreset({ class: 'right', layers: ['decoder 4×4', 'encoder 4×4'] }, model)
    expect(result.ok && [result.settings.class, result.settings.layers]).toEqual([1, [0, 2]])
  })

  it('default to nothing but their names', () => {
    for (const { id } of methods) expect(parsePreset({ method: id }, model)).toEqual({ ok: true, settings: defaultSettings(model, id) })
  })
})

it('keeps the wish when the method changes', () => {
  const settings = { ...defaultSettings(model), class: 2, seed: 9, steps: 20, window: [0.5, 5] as const }
  expect(withMethod(settings, 'seg', model)).toEqual({ ...defaultSettings(model, 'seg'), class: 2, seed: 9, steps: 20, window: [0.5, 5] })
})
