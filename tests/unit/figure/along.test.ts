/** What a figure can go along: every setting that is offered gives settings that run, and what is wrong is said. */
import { describe, expect, it } from 'vitest'
import { readModel } from '../../../src/cli/models'
import {
  alongChoices,
  alongOf,
  FigureError,
  givenValues,
  MOST_VALUES,
  rangeValues,
  settingsAt,
  startOf,
} from '../../../src/figure'
import { methods } from '../../../src/guidance'
import { defaultSettings, sameSettings } from '../../../src/settings'

const model = readModel('avatars')
const able = methods.filter((method) => method.unavailable(model) === null)

describe('what a figure goes along', () => {
  it.each(able.map(({ id }) => id))('of %s: each offered value is one, and each setting once', (id) => {
    const settings = defaultSettings(model, id)
    const choices = alongChoices(settings, model)
    expect(new Set(choices.map(({ key }) => key)).size).toBe(choices.length)
    for (const along of choices) {
      const { key } = along
      const values = along.kind === 'choices' ? along.values : rangeValues(along, { ...along, count: 5 })
      expect(values.length).toBeGreaterThan(1)
      // A class, a layer or a network may need something else of the settings, which is said when it is chosen.
      if (along.kind !== 'numbers' || key === 'ema') continue
      if (id !== 'pag' && ['seed', 'steps', 'rescale'].includes(key)) continue
      const [first, last] = [values[0]!, values.at(-1)!].map((value) => settingsAt(key, value, settings, model))
      expect(sameSettings(first!, last!)).toBe(false)
    }
  })

  it('offers the scale first, and none without guidance', () => {
    expect(alongChoices(defaultSettings(model, 'pag'), model)[0]?.key).toBe('scale')
    const without = alongChoices(defaultSettings(model, 'none'), model).map(({ key }) => key)
    expect(without).not.toContain('scale')
    expect(without).toContain('seed')
  })

  it('has values by equal distances or equal ratios, whole where they must be, each once', () => {
    const settings = defaultSettings(model, 'seg')
    const texts = (key: string, from: number, to: number, count: number) => {
      const along = alongOf(key, settings, model)
      if (along.kind !== 'numbers') throw new Error(`${key} is no number`)
      return rangeValues(along, { from, to, count }).map(({ text }) => text)
    }
    expect(texts('scale', 0, 3, 4)).toEqual(['0', '1', '2', '3'])
    expect(texts('scale', 3, -1, 5)).toEqual(['3', '2', '1', '0', '-1'])
    expect(texts('sigma', 0.5, 8, 5)).toEqual(['0.5', '1', '2', '4', '8'])
    expect(texts('steps', 4, 6, 9)).toEqual(['4', '5', '6'])
  })

  it.each([
    [
      'a setting that the method lacks',
      () => alongOf('sigma', defaultSettings(model, 'pag'), model),
      /can't go along sigma.*scale, /,
    ],
    [
      'a setting that is none',
      () => givenValues('colour', ['1', '2'], defaultSettings(model), model),
      /no setting colour/,
    ],
    ['too many values', () => range(0, 3, MOST_VALUES + 1), /2 to 32 values, not 33/],
    ['one value', () => range(0, 3, 1), /2 to 32 values, not 1/],
    ['the same value twice', () => range(1, 1, 5), /two different values/],
    ['an end out of range', () => range(0, 50, 5), /from −1 to 20, so 50 /],
    [
      'a value that its setting refuses',
      () => settingsAt('class', { text: 'Nobody', words: '' }, defaultSettings(model), model),
      /^With class Nobody: /,
    ],
  ])('refuses %s', (_, ask, message) => {
    expect(ask).toThrow(FigureError)
    expect(ask).toThrow(message)
  })

  function range(from: number, to: number, count: number) {
    const along = alongOf('scale', defaultSettings(model), model)
    return along.kind === 'numbers' && rangeValues(along, { from, to, count })
  }
})

describe('the value that a figure opens with', () => {
  const settings = { ...defaultSettings(model, 'pag'), scale: 0.6, class: 2 }
  it('is the settings’ own, or the nearest number', () => {
    const scale = alongOf('scale', settings, model)
    if (scale.kind !== 'numbers') throw new Error('a scale is a number')
    expect(startOf(scale, rangeValues(scale, { from: 0, to: 3, count: 4 }), settings)).toBe(1)
    expect(startOf(scale, rangeValues(scale, { from: 0, to: 0.6, count: 4 }), settings)).toBe(3)
    const label = alongOf('class', settings, model)
    expect(label.kind === 'choices' && startOf(label, label.values, settings)).toBe(2)
    const layers = givenValues('layers', ['0', '1'], settings, model)
    expect(startOf(layers, layers.values, settings)).toBe(0)
  })
})
