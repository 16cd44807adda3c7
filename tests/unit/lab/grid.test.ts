import { describe, expect, it } from 'vitest'
import { methods } from '../../../src/guidance'
import { axisKeys } from '../../../src/lab/axis-keys'
import { cellsOf, type Cell, type Grid } from '../../../src/lab/grid'
import { settingsId, shardOf } from '../../../src/lab/identity'
import { drawnOf, pointId } from '../../../src/lab/point'
import { valuesOf } from '../../../src/lab/values'
import { defaultSettings, parsePreset, toPreset } from '../../../src/settings'
import { toyModel as model } from '../../support/model'

const models = (id: string) => (id === model.id ? model : null)
const grid = (axes: Grid['axes'], preset: Grid['preset'] = {}): readonly Cell[] =>
  cellsOf({ preset: { model: model.id, ...preset }, axes }, models)
const ready = (cells: readonly Cell[]) =>
  cells.map((cell) => {
    if (cell.kind !== 'ready') throw new Error(cell.why)
    return cell
  })

describe('cells', () => {
  it('are every combination, each what a preset of its values is', () => {
    const cells = ready(
      grid(
        [
          { key: 'scale', values: ['0', '0.5'] },
          { key: 'method', values: ['pag', 'seg', 'icg'] },
        ],
        { seed: 7, steps: 4 },
      ),
    )
    expect(cells.map(({ at }) => at.join())).toEqual(['0,0', '1,0', '0,1', '1,1', '0,2', '1,2'])
    for (const { values, settings } of cells) {
      const preset = { seed: 7, steps: 4, method: values.method, scale: Number(values.scale) }
      expect(parsePreset(preset, model)).toEqual({ ok: true, settings })
    }
    expect(new Set(cells.map(({ id }) => id)).size).toBe(6)
  })

  it('keep what a preset says for whatever method, and let another method have its own of what one had', () => {
    const axes = [{ key: 'method', values: ['seg', 'icg'] }]
    const scales = (preset: Grid['preset']) => ready(grid(axes, preset)).map(({ settings }) => settings.scale)
    expect(scales({ scale: 0.37 })).toEqual([0.37, 0.37])
    expect(scales({ method: 'seg', scale: 0.37 })).toEqual([0.37, defaultSettings(model, 'icg').scale])
  })

  it('change the costliest axis last, wherever it stands', () => {
    const axes = [
      { key: 'seed', values: ['1', '2'] },
      { key: 'network', values: ['main', 'small'] },
      { key: 'scale', values: ['1', '2'] },
    ]
    const order = grid(axes).map(({ values }) => `${values.network} ${values.seed} ${values.scale}`)
    expect(order).toEqual(
      ['main', 'small'].flatMap((n) => ['1', '2'].flatMap((s) => ['1', '2'].map((g) => `${n} ${s} ${g}`))),
    )
  })

  it('leave out a key that their method does not have, say so, and are then one point', () => {
    const cells = ready(
      grid([
        { key: 'method', values: ['seg', 'icg'] },
        { key: 'sigma', values: ['0.5', '2'] },
      ]),
    )
    const of = (method: string) => cells.filter(({ values }) => values.method === method)
    expect(of('seg').map(({ unused }) => unused)).toEqual([[], []])
    expect(of('icg').map(({ unused }) => unused)).toEqual([['sigma'], ['sigma']])
    expect(new Set(of('icg').map(({ id }) => id)).size).toBe(1)
    expect(new Set(of('seg').map(({ id }) => id)).size).toBe(2)
  })

  it('know a key that only another axis brings', () => {
    const cells = ready(
      grid(
        [
          { key: 'negative', values: ['seg', 'pag'] },
          { key: 'sigma', values: ['0.5'] },
        ],
        { method: 'apg' },
      ),
    )
    expect(cells.map(({ values, unused }) => [values.negative, unused.length])).toEqual([
      ['seg', 0],
      ['pag', 1],
    ])
  })

  it('take the ends of the window one by one', () => {
    const cells = ready(grid([{ key: 'window.low', values: ['0', '1'] }], { window: [0, 5] }))
    expect(cells.map(({ settings }) => settings.window)).toEqual([
      [0, 5],
      [1, 5],
    ])
    const both = ready(
      grid([
        { key: 'window.low', values: ['0.5'] },
        { key: 'window.high', values: ['inf', '3'] },
      ]),
    )
    expect(both.map(({ settings }) => settings.window)).toEqual([
      [0.5, Infinity],
      [0.5, 3],
    ])
  })

  it('that can’t run say why, and the others run', () => {
    const cells = grid([
      { key: 'scale', values: ['1', '99', 'much'] },
      { key: 'model', values: [model.id, 'nowhere'] },
    ])
    expect(cells.map(({ kind, values }) => [values.model, values.scale, kind])).toEqual([
      [model.id, '1', 'ready'],
      [model.id, '99', 'refused'],
      [model.id, 'much', 'refused'],
      ['nowhere', '1', 'refused'],
      ['nowhere', '99', 'refused'],
      ['nowhere', 'much', 'refused'],
    ])
    for (const cell of cells) if (cell.kind === 'refused') expect(cell.why).toMatch(/^[A-Z].*\.$/)
  })
})

describe('what can be varied', () => {
  const able = methods.filter(({ unavailable }) => unavailable(model) === null).map(({ id }) => id)

  it.each(able)('under %s, by values that all run', (method) => {
    const settings = defaultSettings(model, method)
    const keys = axisKeys(settings, model)
    expect(keys.map(({ key }) => key)).toEqual(expect.arrayContaining(['method', 'scale', 'seed', 'steps']))
    for (const { key, example, label } of keys) {
      expect(label).not.toBe(key)
      const cells = cellsOf({ preset: toPreset(settings), axes: [{ key, values: valuesOf(example) }] }, models)
      expect(cells.length, key).toBeGreaterThan(1)
      for (const cell of cells) expect([cell.kind, ...cell.unused], `${key}: ${example}`).toEqual(['ready'])
    }
  })
})

describe('identity', () => {
  const settings = defaultSettings(model, 'seg')

  it('is of the settings and the weights alone', () => {
    const reordered = Object.fromEntries(Object.entries(settings).reverse())
    const again = parsePreset(toPreset(settings), model)
    if (!again.ok) throw new Error(again.problem)
    expect(settingsId(again.settings, model)).toBe(settingsId(settings, model))
    expect(settingsId({ ...settings, ...reordered }, model)).toBe(settingsId(settings, model))
    expect(settingsId({ ...settings, seed: 2 }, model)).not.toBe(settingsId(settings, model))
    const other = {
      ...model,
      networks: model.networks.map((one) => ({ ...one, weights: { ...one.weights, sha256: 'ab'.repeat(32) } })),
    }
    expect(settingsId(settings, other)).not.toBe(settingsId(settings, model))
  })

  it('spreads points evenly over shards', () => {
    const ids = Array.from({ length: 4000 }, (_, seed) => settingsId({ ...settings, seed }, model))
    const counts = [1, 2, 3, 4].map((part) => ids.filter((id) => shardOf(id, 4) === part).length)
    expect(counts.reduce((a, b) => a + b)).toBe(4000)
    // 1000 ± 27 each: more than five deviations away would be no even spread.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(140)
  })
})

describe('a point', () => {
  const settings = { ...defaultSettings(model, 'pag'), scale: 0.5 }

  it('is one without guidance, whatever was asked for at s = 0', () => {
    const ids = ['pag', 'icg', 'none'].map((method) =>
      pointId(drawnOf({ ...defaultSettings(model, method), scale: 0 }, model), model, true),
    )
    expect(new Set(ids).size).toBe(1)
    expect(drawnOf(settings, model)).toBe(settings)
    // A combiner applies more than s times its difference.
    const apg = { ...defaultSettings(model, 'apg'), scale: 0 }
    expect(drawnOf(apg, model)).toBe(apg)
  })

  it('has classes that take turns from the first one on, or one class alone', () => {
    const of = (label: number | null, each: boolean) => pointId({ ...settings, class: label }, model, each)
    expect(of(1, true)).toBe(of(0, true))
    expect(of(0, true)).toBe(settingsId({ ...settings, class: 0, samples: 1 }, model))
    expect(new Set([of(0, true), of(0, false), of(1, false)]).size).toBe(3)
  })
})
