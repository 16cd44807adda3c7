import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { methods } from '../../../src/guidance'
import {
  decodeLink,
  defaultSettings,
  encodeLink,
  firstSettings,
  parsePreset,
  settingsRefusal,
  toPreset,
} from '../../../src/settings'
import type { ModelInfo } from '../../../src/model/types'
import type { Settings, Term } from '../../../src/settings/types'
import { anySettings } from '../../support/any-settings'
import { toyModel as model } from '../../support/model'

function defaultTerm(id: string, family: ModelInfo): Term {
  const { method, scale, layers, window, parameters } = defaultSettings(family, id)
  return { method, scale, layers, window, parameters }
}

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
  it('hold the model, scale and layers, and else only what differs from the methods’ own defaults', () => {
    const start = 'v=3&model=avatars&method='
    expect(encodeLink(defaultSettings(model), model)).toBe(`${start}pag&scale=1&layers=all&weights=feedc0de`)
    expect(
      encodeLink({ ...defaultSettings(model, 'seg'), scale: 2, parameters: { sigma: 4 }, layers: [0, 2] }, model),
    ).toBe(`${start}seg&scale=2&layers=0_2&sigma=4&weights=feedc0de`)
    // CFG perturbs no layers.
    expect(encodeLink(defaultSettings(model, 'cfg'), model)).toBe(`${start}cfg&scale=1&weights=feedc0de`)
    expect(encodeLink({ ...defaultSettings(model, 'pag', null), ema: 0.1 }, model)).toBe(
      `${start}pag&ema=0.1&class=none&scale=1&layers=all&weights=feedc0de`,
    )
  })

  it('mean the same whatever is measured later', () => {
    const seg = { scale: 0.25, layers: [0], sigma: 2 }
    const measured = { ...model, starts: { class: { seg, pag: { scale: 0.1, rate: 0.5 } }, none: {} } }
    for (const settings of [
      defaultSettings(model, 'seg'),
      defaultSettings(measured, 'seg'),
      defaultSettings(measured),
    ]) {
      const link = encodeLink(
        { ...settings, stack: [defaultTerm('seg', measured), defaultTerm('seg', model)] },
        measured,
      )
      expect(encodeLink(decodeLink(link, measured).settings, measured)).toBe(link)
      expect(decodeLink(link, measured)).toEqual(decodeLink(link, model))
    }
    // By hand, and before version 3.
    expect(decodeLink('#method=seg', measured).settings).toEqual(defaultSettings(measured, 'seg'))
    expect(decodeLink('#v=2&method=seg', measured).settings).toEqual(defaultSettings(model, 'seg'))
  })

  it('that say nothing open the family’s first picture, whose own link opens it again', () => {
    const first = { method: 'seg', scale: 0.5, class: 'Right', seed: 26 }
    const family = { ...model, first, starts: { class: { seg: { scale: 2, sigma: 4 } }, none: {} } }
    const shown = firstSettings(family)
    expect(shown).toMatchObject({ method: 'seg', scale: 0.5, class: 1, seed: 26, parameters: { sigma: 4 } })
    for (const hash of ['', '#', `#model=${family.id}`, `#${encodeLink(shown, family)}`])
      expect(decodeLink(hash, family)).toMatchObject({ settings: shown, problems: [], notes: [] })
    // Whoever says something means that, and the rest is as usual.
    expect(decodeLink('#seed=5', family).settings).toEqual({ ...defaultSettings(family), seed: 5 })
    expect(decodeLink('#v=2', family).settings).toEqual(defaultSettings(model))
    expect(() => firstSettings({ ...model, first: { method: 'magic' } })).toThrow(/first: method must be one of/)
  })

  it('name the method of a combiner’s negative, and its parameters', () => {
    const { settings, problems } = decodeLink('#v=2&method=apg&negative=seg&sigma=inf&layers=1', model)
    expect(problems).toEqual([])
    expect(settings.parameters).toMatchObject({ negative: 'seg', sigma: Infinity })
    expect(encodeLink(settings, model)).toBe(
      'v=3&model=avatars&method=apg&scale=2&layers=1&negative=seg&sigma=inf&weights=feedc0de',
    )
  })

  it('write the negatives beside the first shortly', () => {
    const text =
      'v=3&model=avatars&method=pag&scale=1&layers=all&stack=seg:scale=0.5,layers=0_1,window=0.5_inf,sigma=inf;icg:scale=0.5&weights=feedc0de'
    const { settings, problems } = decodeLink(text, model)
    expect(problems).toEqual([])
    expect(settings.stack).toMatchObject([
      { method: 'seg', scale: 0.5, layers: [0, 1], window: [0.5, Infinity], parameters: { sigma: Infinity } },
      { method: 'icg' },
    ])
    expect(encodeLink(settings, model)).toBe(text)
  })

  it('name every network’s weights', () => {
    const networks = model.networks.map((network) =>
      network.id === 'small' ? { ...network, weights: { ...network.weights, sha256: '12345678ff' } } : network,
    )
    const family = { ...model, networks }
    const link = 'v=3&model=avatars&method=autoguidance&scale=1&weak=small&weights=feedc0de.12345678'
    expect(encodeLink(decodeLink(link, family).settings, family)).toBe(link)
    expect(decodeLink(link, family).notes).toEqual([])
    expect(decodeLink(link, model).notes).toHaveLength(1)
  })

  it('read a plus as a plus', () => {
    expect(decodeLink('#method=cfg++', model)).toMatchObject({ problems: [], settings: { method: 'cfg++' } })
  })

  it('never throw, whatever they hold, and give settings that can run', () => {
    const runs = (hash: string) => {
      const { settings } = decodeLink(hash, model)
      expect(parsePreset(toPreset(settings), model)).toMatchObject({ ok: true })
      expect(settingsRefusal(settings, model)).toBeNull()
    }
    fc.assert(fc.property(fc.string(), runs))
    const keys = fc.constantFrom(
      'v',
      'method',
      'scale',
      'class',
      'layers',
      'window',
      'sigma',
      'seed',
      'network',
      'ema',
      'stack',
      'weak',
      'negative',
      'solver',
    )
    const words = fc.oneof(
      fc.string(),
      fc.constantFrom(
        ...methods.map(({ id }) => id),
        ...model.networks.map(({ id }) => id),
        'none',
        'heun',
        'inf',
        '0.1',
        'icg;cfg:scale=1',
        '2',
      ),
    )
    fc.assert(fc.property(fc.dictionary(keys, words), (parts) => runs(`#${new URLSearchParams(parts).toString()}`)))
  })

  it('say which part was not understood, and use its default', () => {
    const { settings, problems } = decodeLink('#v=2&method=seg&scale=loud&steps=9&layers=0_7', model)
    expect(problems).toEqual(['scale must be a number, not "loud"', 'layers has no layer 7; the layers are 0 to 2'])
    expect(settings).toEqual({ ...defaultSettings(model, 'seg'), steps: 9 })
  })

  it.each([
    [
      'method=cfg&network=main',
      /^method cfg: CFG needs .* Set network to dropout\..* Shown with network dropout\.$/,
      { method: 'cfg', network: 'dropout' },
    ],
    [
      'method=icg&class=none&seed=7',
      /^method icg: ICG needs a wanted class .* Shown with class Left/,
      { method: 'icg', class: 0, seed: 7 },
    ],
    [
      'class=none&network=main',
      /^class: Network main always saw a class .* Shown with network dropout\.$/,
      { network: 'dropout', class: null },
    ],
    [
      'network=small&ema=0.1',
      /^ema: No averages of network small .* Shown with ema stored\.$/,
      { network: 'small', ema: null },
    ],
    [
      'method=pag&class=none&stack=icg;seg',
      /^stack, 1, icg: ICG needs .* Shown without it\.$/,
      { class: null, stack: [{ method: 'seg' }] },
    ],
    [
      'method=cfg%2B%2B&solver=heun',
      /^method cfg\+\+: .* Shown with solver euler\.$/,
      { method: 'cfg++', solver: 'euler' },
    ],
    [
      'v=3&method=apg&negative=cfg&network=main&scale=-0.5',
      /^method apg: APG .* below 0.* Shown with scale 0 and with network dropout\.$/,
      { method: 'apg', network: 'dropout', scale: 0, parameters: { negative: 'cfg' } },
    ],
    [
      'v=3&method=nag&scale=-0.5&stack=cfg',
      /^method nag: .* Shown with scale 0 and without it\.$/,
      { method: 'nag', scale: 0, stack: [] },
    ],
  ])('go on with something that runs where the combination can’t: %s', (link, problem, shown) => {
    const { settings, problems } = decodeLink(link, model)
    expect(problems).toEqual([expect.stringMatching(problem)])
    expect(settings).toMatchObject(shown)
  })

  it('leave out the crop that SWG takes on a model without the usual one', () => {
    const crop = (side: number) => ({ height: side, width: side, graph: model.graph })
    const sized = { ...model, image: { ...model.image, height: 16, width: 16 }, crops: [crop(12), crop(8)] }
    const settings = defaultSettings(sized, 'swg')
    expect(settings.parameters.crop).toBe('3/4')
    expect(settingsRefusal(settings, sized)).toBeNull()
    expect(encodeLink(settings, sized)).toBe('v=3&model=avatars&method=swg&scale=0.3&weights=feedc0de')
    expect(decodeLink('v=2&method=swg&weights=feedc0de', sized)).toMatchObject({ settings, problems: [], notes: [] })
    // Half the side only touches; it is taken where there is nothing else, and the refusal says what helps.
    expect(settingsRefusal(defaultSettings({ ...sized, crops: [crop(8)] }, 'swg'), sized)).toMatch(/touch/)
    expect(defaultSettings({ ...sized, crops: [crop(10), crop(12)] }, 'swg').parameters.crop).toBe('5/8')
  })

  it('of version 1 are read with the defaults of their time', () => {
    // Copied from that version's own test.
    const old = { model: 'avatars', class: 0, seed: 1, samples: 1, steps: 16, solver: 'euler', window: [0, 'inf'] }
    const presets = {
      none: { ...old, scale: 0 },
      pag: {
        ...old,
        scale: 1,
        layers: 'all',
        perturbation: 'identity',
        mix: 1,
        rate: 0.9,
        keepDiagonal: true,
        temperature: 0.25,
      },
      seg: { ...old, scale: 0.75, layers: [2], sigma: 1 },
      icg: { ...old, scale: 0.5, redraw: 'step', exclude: false },
    }
    for (const [method, said] of Object.entries(presets)) {
      const { settings, problems } = decodeLink(`#v=1&method=${method}`, model)
      expect(problems).toEqual([])
      expect(toPreset(settings)).toMatchObject({
        ...said,
        method,
        network: 'main',
        ema: 'stored',
        rescale: 0,
        stack: [],
      })
    }
    expect(decodeLink('#v=1&method=seg&scale=3&sigma=inf', model).settings).toMatchObject({
      scale: 3,
      parameters: { sigma: Infinity },
    })
  })

  it('made with other weights say so, and are followed all the same', () => {
    const { settings, problems, notes } = decodeLink('#v=2&method=pag&seed=5&weights=00000000', model)
    expect(problems).toEqual([])
    expect(notes).toEqual(['This link was made with other weights of the model, so its images were not quite these.'])
    expect(settings).toEqual({ ...defaultSettings(model), seed: 5 })
  })

  it('of a later version are refused with a word on why', () => {
    const { settings, problems } = decodeLink('#v=4&scale=3', model)
    expect(problems).toEqual(['v=4: this page reads links of version 3 and before'])
    expect(settings).toEqual(defaultSettings(model))
  })
})
