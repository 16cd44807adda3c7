import { describe, expect, it } from 'vitest'
import { methods } from '../../../src/guidance'
import { solvers } from '../../../src/sampling/solver-registry'
import { defaultSettings, parsePreset } from '../../../src/settings'
import { toyModel as model } from '../../support/model'

describe('presets', () => {
  const ids = methods.map(({ id }) => id).join(', ')
  const negatives = methods
    .filter(({ kind }) => kind === 'negative')
    .map(({ id }) => id)
    .join(', ')

  it.each([
    [{ method: 'magic' }, `method must be one of ${ids}, not "magic"`],
    [{ method: 'interval' }, `method must be one of ${ids}, not "interval"`],
    [{ scale: 21 }, 'scale must be between -1 and 20, not 21'],
    [{ scale: -1.5 }, 'scale must be between -1 and 20, not -1.5'],
    [{ scale: NaN }, 'scale must be a number, not NaN'],
    [{ scale: null }, 'scale must be a number, not null'],
    [{ rescale: 2 }, 'rescale must be between 0 and 1, not 2'],
    [{ class: 3 }, 'class must be between 0 and 2, not 3'],
    [{ class: 'Down' }, 'class must be one of Left, Right, Up, an index, or none, not "Down"'],
    [
      { network: 'huge' },
      'network must be one of main, main-1-16, small, dropout, dropout-early, sims-1, sims-2, not "huge"',
    ],
    [{ ema: 0 }, 'ema must be between 0.02 and 0.25, not 0'],
    [{ seed: 1.5 }, 'seed must be a whole number, not 1.5'],
    [{ steps: 1 }, 'steps must be between 2 and 64, not 1'],
    [{ solver: 'rk4' }, `solver must be one of ${solvers.map(({ id }) => id).join(', ')}, not "rk4"`],
    [{ layers: [3] }, 'layers has no layer 3; the layers are 0 to 2'],
    [{ layers: ['cellar'] }, 'layers has no layer "cellar"; the layers are encoder 4×4, middle 2×2, decoder 4×4'],
    [{ window: [2, 1] }, 'window must rise from low to high, not [2,1]'],
    [{ window: [1, 1] }, 'window must rise from low to high, not [1,1]'],
    [{ method: 'seg', sigma: -1 }, 'sigma must be at least 0, or "inf", not -1'],
    [{ method: 'sag', blurSigma: 0 }, 'blurSigma must be between 0.125 and 32, not 0'],
    [{ method: 'sag', mapLayer: 9 }, 'mapLayer has no layer 9; the layers are 0 to 2'],
    [{ method: 'sag', mapHead: 0.5 }, 'mapHead must be a whole number, not 0.5'],
    [{ method: 'pag', sigma: 1 }, 'sigma is not a setting of method pag'],
    [{ method: 'apg', sigma: 1 }, 'sigma is not a setting of method apg'],
    [
      { method: 'pag', perturbation: 'fire' },
      'perturbation must be one of identity, uniform, mask, drop, noise, gaussian, average, temperature, not "fire"',
    ],
    [{ method: 'sims', budget: 'small' }, 'budget must be one of sims-1, sims-2, not "small"'],
    [{ method: 'autoguidance', weakEma: 'long' }, 'weakEma must be a number, not "long"'],
    [{ stack: 'seg' }, 'stack must be a list such as [{"method": "seg", "scale": 0.5}], not "seg"'],
    [{ stack: ['seg'] }, `stack, 1: method must be one of ${negatives}, not "seg"`],
    [{ stack: [{ method: 'apg' }] }, `stack, 1: method must be one of ${negatives}, not "apg"`],
    [{ stack: [{ method: 'seg', sigma: -1 }] }, 'stack, 1: sigma must be at least 0, or "inf", not -1'],
    [{ stack: [{ method: 'seg', seed: 1 }] }, 'stack, 1: "seed" is not a setting'],
    [{ model: 'other' }, 'model must be "avatars", not "other"'],
    [{ colour: 'red' }, '"colour" is not a setting'],
    [{ constructor: 1 }, '"constructor" is not a setting'],
    [[], 'a preset must be a JSON object such as {"method": "pag", "scale": 1.5}'],
  ])('%j: %s', (preset, problem) => {
    expect(parsePreset(preset, model)).toEqual({ ok: false, problem })
  })

  it.each([
    [
      { method: 'cfg', network: 'main' },
      /^method cfg: CFG needs a network that knows images without a class, and main .* Set network to dropout\. .*ICG/,
    ],
    [{ method: 'cfg', class: 'none' }, /^method cfg: CFG pushes towards a class/],
    [{ method: 'icg', class: null }, /^method icg: ICG needs a wanted class/],
    [
      { method: 'pag', network: 'small', class: 'none' },
      /^class: Network small always saw a class in training.* set network to dropout or dropout-early/,
    ],
    [{ method: 'autoguidance', weak: 'main' }, /^method autoguidance: The weak network is the positive’s own \(main\)/],
    [{ method: 'autoguidance', weak: 'small', class: 'none' }, /set weak to dropout or dropout-early/],
    [
      { method: 'autoguidance', weak: 'small', weakEma: 0.1 },
      /No averages of network small are stored.* set weakEma to stored/,
    ],
    [{ method: 'cfg++', solver: 'heun' }, /^method cfg\+\+: .* Set solver to euler/],
    [{ method: 'sims', form: 'neon', network: 'small' }, /^method sims: Neon .* Set network to main/],
    [{ method: 'apg', negative: 'sims', form: 'neon' }, /^method apg: Neon pushes weights/],
    [{ method: 'apg', negative: 'cfg', network: 'main' }, /^method apg: CFG needs/],
    [{ method: 'pag', head: 1 }, /^method pag: No chosen layer of main has a head 1/],
    [{ method: 'swg', crop: '1/2' }, /^method swg: Crops of 1\/2 touch/],
    [
      { method: 'pair', negativeCondition: 'null' },
      /^method pair: Network main always saw a class.* set network to dropout or dropout-early, or set negativeCondition to same or random/,
    ],
    [{ stack: [{ method: 'cfg' }] }, /^stack, 1, cfg: CFG needs/],
  ])('%j can’t run, and the sentence says what to do', (preset, problem) => {
    expect(parsePreset(preset, model)).toEqual({ ok: false, problem: expect.stringMatching(problem) })
  })

  it('are refused on models that lack what their method needs', () => {
    const alone = { ...model, networks: model.networks.slice(0, 1), crops: [], embedding: null, layers: [] }
    for (const method of ['cfg', 'autoguidance', 'sims', 'swg', 'tsg', 'pag', 'seg', 'sag']) {
      const result = parsePreset({ method }, alone)
      expect(result).toEqual({
        ok: false,
        problem: expect.stringMatching(new RegExp(`^method ${method}: .*(Use|Choose|instead)`)),
      })
    }
  })

  it('take names for classes and layers', () => {
    const result = parsePreset({ class: 'right', layers: ['decoder 4×4', 'encoder 4×4'] }, model)
    expect(result.ok && [result.settings.class, result.settings.layers]).toEqual([1, [0, 2]])
  })

  it('default to nothing but their names', () => {
    for (const { id } of methods)
      expect(parsePreset({ method: id }, model)).toEqual({ ok: true, settings: defaultSettings(model, id) })
  })

  it('without a class take networks that know how', () => {
    const result = parsePreset({ method: 'autoguidance', class: 'none' }, model)
    expect(result).toMatchObject({
      ok: true,
      settings: { class: null, network: 'dropout', parameters: { weak: 'dropout-early' } },
    })
  })
})
