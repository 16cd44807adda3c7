/** What pictures are said to be made with: every difference is told, in the words of the controls. */
import { describe, expect, it } from 'vitest'
import { methods, parametersOf } from '../../../src/guidance'
import type { Parameter } from '../../../src/guidance/types'
import { defaultSettings } from '../../../src/settings'
import type { ParameterValue, Settings } from '../../../src/settings/types'
import { settingsLines } from '../../../src/settings/lines'
import { caption } from '../../../src/settings/words'
import { differenceWords, pictureWords } from '../../../src/ui/run/words'
import { model, settings } from './fixtures'

/** Another value that the control of a parameter can take; undefined where it has but one. */
function another(parameter: Parameter, value: ParameterValue | undefined): ParameterValue | undefined {
  switch (parameter.kind) {
    case 'number':
      return parameter.heads ? (value === -1 ? 0 : -1) : value === parameter.min ? parameter.max : parameter.min
    case 'choice':
      return parameter.choices.find((choice) => choice.value !== value)?.value
    case 'flag':
      return value !== true
    case 'network':
      return model.networks.find((network) => network.id !== value && parameter.among(network, model))?.id
    case 'layer':
      return model.layers.find(({ index }) => index !== value)?.index
    case 'ema':
      return value === 'stored' ? 0.1 : 'stored'
    default:
      return parameter satisfies never
  }
}

/** The names that no control shows: values of choices, and ids of networks, that read otherwise. */
const hidden = (parameter: Parameter): readonly string[] => {
  if (parameter.kind === 'choice')
    return parameter.choices.filter(({ value, label }) => !label.includes(value)).map(({ value }) => value)
  return parameter.kind === 'network' ? model.networks.map(({ id }) => id) : []
}

const cases = methods.flatMap((method) => {
  const own = defaultSettings(model, method.id)
  return parametersOf(method, own.parameters).map((parameter) => [method.id, parameter, own] as const)
})

describe('the words over a picture that the controls have left behind', () => {
  it.each(cases.map(([id, parameter, own]) => [id, parameter.label, parameter, own] as const))(
    'of %s tell another %s as its control does',
    (_, label, parameter, own) => {
      const other = another(parameter, own.parameters[parameter.key])
      if (other === undefined) return
      const than: Settings = { ...own, parameters: { ...own.parameters, [parameter.key]: other } }
      const said = [pictureWords('guided', own, than, model), pictureWords('guided', than, own, model)]
      for (const words of said) {
        const about = words.find((word) => word.startsWith(`${label} `))
        expect(about, words.join(', ')).toBeDefined()
        const value = about!.slice(label.length + 1)
        expect(hidden(parameter)).not.toContain(value)
        expect(value).not.toMatch(/^(−1|-1|stored|true|false|undefined|null)$/)
      }
      expect(said[0]).not.toEqual(said[1])
    },
  )

  const term = { ...settings, stack: [] }
  const { method, scale, layers, parameters, window } = settings
  const further = { method, scale, layers, parameters, window }
  it.each<readonly [string, Partial<Settings>, Partial<Settings>]>([
    ['as many other layers', { layers: [1] }, { layers: [2] }],
    ['a scale of three decimals', { scale: 0.025 }, { scale: 0.03 }],
    [
      'a further term of as many other layers',
      { stack: [{ ...further, layers: [1] }] },
      { stack: [{ ...further, layers: [2] }] },
    ],
    [
      'a further term with another parameter',
      { stack: [{ ...further, parameters: { ...parameters, mix: 0.5 } }] },
      { stack: [further] },
    ],
    ['a further term with another window', { stack: [{ ...further, window: [0, 3] }] }, { stack: [further] }],
    ['a further term twice', { stack: [further, further] }, { stack: [further] }],
  ])('tell %s', (_, own, than) => {
    const [a, b] = [
      { ...term, ...own },
      { ...term, ...than },
    ]
    expect(pictureWords('guided', a, b, model)).not.toEqual(pictureWords('guided', b, a, model))
  })

  it('tell what changes the positive, where a method does', () => {
    const pair = defaultSettings(model, 'pair')
    const one = { ...pair, parameters: { ...pair.parameters, positivePerturbation: 'pag' }, layers: [1] as number[] }
    const two = { ...one, layers: [2] }
    expect(pictureWords('positive', one, two, model)).not.toEqual(pictureWords('positive', two, one, model))
  })
})

it('a saved picture’s line has the scale to its last decimal', () => {
  expect(caption({ ...settings, scale: 0.025 }, model)).toContain('s 0.025')
  expect(caption({ ...settings, scale: 0.5 }, model)).toContain('s 0.50')
})

describe('on paper, which has no controls', () => {
  const said = (own: Settings) => JSON.stringify(settingsLines(own, model))

  it('every parameter of a method is said', () => {
    for (const [, parameter, own] of cases) {
      const other = another(parameter, own.parameters[parameter.key])
      if (other === undefined) continue
      const than = said({ ...own, parameters: { ...own.parameters, [parameter.key]: other } })
      expect(than, parameter.label).not.toBe(said(own))
      expect(than).toContain(`${parameter.label} `)
    }
  })

  it.each<readonly [string, Partial<Settings>]>([
    ['network', { network: 'small' }],
    ['average', { ema: 0.1 }],
    ['class', { class: null }],
    ['images', { samples: 4 }],
    ['seed', { seed: 77 }],
    ['image', { image: 3 }],
    ['steps', { steps: 9 }],
    ['solver', { solver: 'heun' }],
    ['solver’s own', { solverParameters: { ...settings.solverParameters, churn: 7 } }],
    ['rescale', { rescale: 0.3 }],
    ['scale', { scale: 0.125 }],
    ['layers', { layers: [1] }],
    ['window', { window: [0, 3] }],
    ['stack', { stack: [{ ...settings, window: [0, 3] }] }],
  ])('%s is said', (_, change) => expect(said({ ...settings, ...change })).not.toBe(said(settings)))

  it('layers are said by name', () => {
    expect(said({ ...settings, layers: [1] })).not.toBe(said({ ...settings, layers: [2] }))
  })
})

it('what sets one run apart is only what differs, in its own words', () => {
  const one: Settings = { ...settings, scale: 1, steps: 8 }
  expect(differenceWords(one, { ...one, scale: 2 }, model)).toEqual([expect.stringContaining('s 1.00')])
  expect(differenceWords(one, { ...one, steps: 9 }, model)).toEqual([expect.stringContaining('8 ')])
  expect(differenceWords(one, { ...one, seed: one.seed + 1 }, model)).toEqual([`seed ${one.seed}`])
  expect(differenceWords(one, one, model)).toEqual([])
})
