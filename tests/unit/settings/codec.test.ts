import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { methodById, methods, negativeMethodOf } from '../../../src/guidance'
import type { GuidanceMethod, Parameter } from '../../../src/guidance/types'
import {
  decodeLink,
  defaultSettings,
  encodeLink,
  EMA_RANGE,
  OWN,
  TERM,
  parsePreset,
  settingsRefusal,
  toPreset,
  withMethod,
} from '../../../src/settings'
import type { ParameterValue, Settings, Term } from '../../../src/settings/types'
import { solverById, solvers } from '../../../src/sampling/solver-registry'
import { toyModel as model } from '../../support/model'

const positive = fc.double({ min: 1e-6, max: 1e4, noNaN: true })

function anyValue(parameter: Parameter): fc.Arbitrary<ParameterValue> {
  switch (parameter.kind) {
    case 'number':
      return parameter.whole
        ? fc.integer({ min: parameter.min, max: parameter.max })
        : fc.oneof(
            fc.constant(parameter.max),
            fc.double({ min: parameter.min, max: Math.min(parameter.max, 1e6), noNaN: true }),
          )
    case 'choice':
      return fc.constantFrom(...parameter.choices.map(({ value }) => value))
    case 'flag':
      return fc.boolean()
    case 'network':
      return fc.constantFrom(...model.networks.filter((network) => parameter.among(network, model)).map(({ id }) => id))
    case 'layer':
      return fc.nat({ max: model.layers.length - 1 })
    case 'ema':
      return fc.oneof(fc.constant('stored'), fc.double({ min: EMA_RANGE.min, max: EMA_RANGE.max, noNaN: true }))
    default:
      return parameter satisfies never
  }
}

/** Any values of a method's parameters, those that it then borrows included. */
function anyParameters(method: GuidanceMethod): fc.Arbitrary<Record<string, ParameterValue>> {
  const own = fc.record(Object.fromEntries(method.parameters.map((parameter) => [parameter.key, anyValue(parameter)])))
  return own.chain((values) =>
    (method.borrows?.(values) ?? []).reduce<fc.Arbitrary<Record<string, ParameterValue>>>(
      (all, id) =>
        fc.tuple(all, anyParameters(methodById(id)!)).map(([before, borrowed]) => ({ ...borrowed, ...before })),
      fc.constant(values),
    ),
  )
}

function anyTerm(among: readonly GuidanceMethod[]): fc.Arbitrary<Term> {
  return fc.constantFrom(...among).chain((method) =>
    anyParameters(method).chain((parameters) =>
      fc.record({
        method: fc.constant(method.id),
        scale: fc.double({ min: 0, max: TERM.scale.max, noNaN: true }),
        layers: negativeMethodOf({ method: method.id, parameters })?.layers
          ? fc.constantFrom<Term['layers']>('all', [], [0], [1], [0, 2], [1, 2])
          : fc.constant('all' as const),
        window: fc
          .tuple(fc.oneof(fc.constant(0), positive), fc.oneof(fc.constant(Infinity), positive))
          .filter(([low, high]) => low < high),
        parameters: fc.constant(parameters),
      }),
    ),
  )
}

/** Any settings that can run. */
const anySettings: fc.Arbitrary<Settings> = fc
  .record({
    first: anyTerm(methods),
    own: fc.record({
      model: fc.constant(model.id),
      network: fc.constantFrom(...model.networks.map(({ id }) => id)),
      ema: fc.oneof(fc.constant(null), fc.double({ min: EMA_RANGE.min, max: EMA_RANGE.max, noNaN: true })),
      class: fc.oneof(fc.constant(null), fc.nat({ max: model.conditioning.classes.length - 1 })),
      seed: fc.integer({ min: 0, max: OWN.seed.max }),
      samples: fc.integer({ min: 1, max: 9 }),
      steps: fc.integer({ min: 2, max: 64 }),
      solver: fc.constantFrom(...solvers.map(({ id }) => id)),
      rescale: fc.double({ min: 0, max: 1, noNaN: true }),
      stack: fc.array(anyTerm(methods.filter(({ kind }) => kind === 'negative')), { maxLength: 2 }),
    }),
  })
  .chain(({ first, own }) =>
    fc
      .record(
        Object.fromEntries(
          solverById(own.solver).parameters.map(({ key, min, max }) => [
            key,
            fc.oneof(fc.constant(max), fc.double({ min, max: Math.min(max, 1e6), noNaN: true })),
          ]),
        ),
      )
      .map((solverParameters) => ({ ...own, ...first, solverParameters })),
  )
  .filter((settings) => settingsRefusal(settings, model) === null)

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
    expect(encodeLink(defaultSettings(model), model)).toBe('v=2&method=pag&weights=feedc0de')
    expect(
      encodeLink({ ...defaultSettings(model, 'seg'), scale: 2, parameters: { sigma: 4 }, layers: [0, 2] }, model),
    ).toBe('v=2&method=seg&scale=2&layers=0_2&sigma=4&weights=feedc0de')
    expect(encodeLink(defaultSettings(model, 'cfg'), model)).toBe('v=2&method=cfg&weights=feedc0de')
    expect(encodeLink({ ...defaultSettings(model, 'pag', null), ema: 0.1 }, model)).toBe(
      'v=2&method=pag&ema=0.1&class=none&weights=feedc0de',
    )
  })

  it('name the method of a combiner’s negative, and its parameters', () => {
    const { settings, problems } = decodeLink('#v=2&method=apg&negative=seg&sigma=inf&layers=1', model)
    expect(problems).toEqual([])
    expect(settings.parameters).toMatchObject({ negative: 'seg', sigma: Infinity })
    expect(encodeLink(settings, model)).toBe('v=2&method=apg&layers=1&negative=seg&sigma=inf&weights=feedc0de')
  })

  it('write the negatives beside the first shortly', () => {
    const text = 'v=2&method=pag&stack=seg:scale=0.5,layers=0_1,window=0.5_inf,sigma=inf;icg&weights=feedc0de'
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
    const link = 'v=2&method=autoguidance&weak=small&weights=feedc0de.12345678'
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
  ])('go on with something that runs where the combination can’t: %s', (link, problem, shown) => {
    const { settings, problems } = decodeLink(link, model)
    expect(problems).toEqual([expect.stringMatching(problem)])
    expect(settings).toMatchObject(shown)
  })

  it('leave defaults out, so the defaults of this version stay what they are', () => {
    // Changing one of these changes what links in the world mean: raise LINK_VERSION with it.
    const shared = {
      model: 'avatars',
      network: 'main',
      ema: 'stored',
      class: 0,
      seed: 1,
      samples: 1,
      steps: 16,
      solver: 'euler',
      rescale: 0,
      window: [0, 'inf'],
      stack: [],
    }
    const pag = {
      layers: 'all',
      perturbation: 'identity',
      mix: 1,
      head: -1,
      rate: 0.9,
      keepDiagonal: true,
      deviation: 0.05,
      temperature: 0.25,
    }
    const icg = { draw: 'class', redraw: 'step', exclude: false }
    const frozen = [
      { ...shared, method: 'none', scale: 0 },
      { ...shared, method: 'cfg', network: 'dropout', scale: 1 },
      {
        ...shared,
        method: 'sag',
        scale: 0.75,
        mask: 'attention',
        mapLayer: 1,
        mapHead: -1,
        threshold: 1,
        fill: 'blur',
        blurSigma: 3,
        startSigma: 8,
      },
      { ...shared, method: 'pag', scale: 1, ...pag },
      { ...shared, method: 'seg', scale: 0.75, layers: [2], sigma: 1 },
      { ...shared, method: 'autoguidance', scale: 1, weak: 'main-1-16', weakEma: 'stored' },
      { ...shared, method: 'icg', scale: 0.5, ...icg },
      { ...shared, method: 'tsg', scale: 2, noiseScale: 1, alpha: 1 },
      { ...shared, method: 'sims', scale: 4, budget: 'sims-1', form: 'sims' },
      { ...shared, method: 'self-guidance', scale: 1, from: 'level', delta: 0.1 },
      { ...shared, method: 'slg', scale: 2, layers: [1], window: [0.5, 20], part: 'attention' },
      { ...shared, method: 'tpg', scale: 0.4, layers: [0], share: 1 },
      { ...shared, method: 'erg', scale: 0.5, layers: 'all', tau: 0.25 },
      { ...shared, method: 'swg', scale: 0.3, crop: '5/8', perSide: 2, overlapOnly: true },
      { ...shared, method: 'momentum', scale: 0.5, beta: 0.6 },
      {
        ...shared,
        method: 'pair',
        scale: 0.75,
        ...pag,
        negativeNetwork: 'same',
        negativeCondition: 'same',
        negativePerturbation: 'pag',
        negativeTime: 'same',
        negativeInput: 'same',
        positivePerturbation: 'none',
        positiveTime: 'same',
        positiveInput: 'same',
      },
      { ...shared, method: 'apg', scale: 2, negative: 'pag', eta: 0, normLimit: 8, momentum: -0.5, ...pag },
      { ...shared, method: 'cfg-zero-star', scale: 0.5, negative: 'icg', zeroSteps: 0, ...icg },
      { ...shared, method: 'cfg++', scale: 1, negative: 'icg', lambda: 0.6, ...icg },
      { ...shared, method: 'fdg', scale: 1.5, negative: 'pag', levels: 2, high: 1, low: 0.4, ...pag },
    ]
    expect(frozen.map(({ method }) => toPreset(defaultSettings(model, method)))).toEqual(frozen)
  })

  it('leave out the crop that SWG takes on a model without the usual one', () => {
    const crop = (side: number) => ({ height: side, width: side, graph: model.graph })
    const sized = { ...model, image: { ...model.image, height: 16, width: 16 }, crops: [crop(12), crop(8)] }
    const settings = defaultSettings(sized, 'swg')
    expect(settings.parameters.crop).toBe('3/4')
    expect(settingsRefusal(settings, sized)).toBeNull()
    expect(encodeLink(settings, sized)).toBe('v=2&method=swg&weights=feedc0de')
    expect(decodeLink('v=2&method=swg&weights=feedc0de', sized)).toEqual({ settings, problems: [], notes: [] })
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
    const { settings, problems } = decodeLink('#v=3&scale=3', model)
    expect(problems).toEqual(['v=3: this page reads links of version 2 and before'])
    expect(settings).toEqual(defaultSettings(model))
  })
})

describe('presets', () => {
  const ids = methods.map(({ id }) => id).join(', ')
  const negatives = methods
    .filter(({ kind }) => kind === 'negative')
    .map(({ id }) => id)
    .join(', ')

  it.each([
    [{ method: 'magic' }, `method must be one of ${ids}, not "magic"`],
    [{ method: 'interval' }, `method must be one of ${ids}, not "interval"`],
    [{ scale: 21 }, 'scale must be between 0 and 20, not 21'],
    [{ scale: -1 }, 'scale must be between 0 and 20, not -1'],
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

describe('another method', () => {
  it('keeps the wish', () => {
    const settings = {
      ...defaultSettings(model),
      class: 2,
      seed: 9,
      steps: 20,
      window: [0.5, 5] as const,
      rescale: 0.5,
    }
    expect(withMethod(settings, 'seg', model)).toEqual({
      ...defaultSettings(model, 'seg'),
      class: 2,
      seed: 9,
      steps: 20,
      window: [0.5, 5],
      rescale: 0.5,
    })
  })

  it('takes back what came with the old one, and keeps what was chosen where it can', () => {
    const cfg = withMethod(defaultSettings(model), 'cfg', model)
    expect(cfg.network).toBe('dropout')
    expect(withMethod(cfg, 'pag', model)).toEqual(defaultSettings(model))
    expect(withMethod(defaultSettings(model, 'slg'), 'pag', model).window).toEqual([0, Infinity])
    const small = { ...defaultSettings(model), network: 'small' }
    expect(withMethod(small, 'seg', model).network).toBe('small')
    expect(withMethod(small, 'cfg', model).network).toBe('dropout')
  })
})
