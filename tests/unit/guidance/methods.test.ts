import { describe, expect, it } from 'vitest'
import { normals, STREAM } from '../../../src/core/random'
import type { ModelInfo } from '../../../src/model/types'
import { methodById, negativeMethodOf, parametersOf } from '../../../src/guidance'
import { describePair } from '../../../src/guidance/describe'
import { positiveOf } from '../../../src/guidance/positive'
import type { Prediction } from '../../../src/guidance/prediction'
import type { NegativeContext } from '../../../src/guidance/types'
import { defaultSettings, settingsRefusal } from '../../../src/settings'
import type { ParameterValue, Settings } from '../../../src/settings/types'
import { toyModel as model } from '../../support/model'

type Changes = Partial<Omit<Settings, 'parameters'>> & { readonly parameters?: Record<string, ParameterValue> }

function contextOf(method: string, changes: Changes, at: Partial<NegativeContext>): NegativeContext {
  const defaults = defaultSettings(model, method)
  const settings = { ...defaults, ...changes, parameters: { ...defaults.parameters, ...changes.parameters } }
  return { model, settings, positive: positiveOf(settings, model), sample: 0, step: 0, sigma: 1, sigmaNext: 0.5, ...at }
}

/** What a method's negative changes of the positive; null where it is neutral. */
function difference(
  method: string,
  changes: Changes = {},
  at: Partial<NegativeContext> = {},
): Partial<Prediction> | null {
  const context = contextOf(method, changes, at)
  const negative = negativeMethodOf(context.settings)!.negative(context)
  if (!negative) return null
  const keys = ['network', 'condition', 'attention', 'noiseFactor', 'embeddingOffset', 'input'] as const
  return Object.fromEntries(
    keys.filter((key) => negative[key] !== context.positive[key]).map((key) => [key, negative[key]]),
  )
}

describe('metadata', () => {
  it('lends a combiner its negative’s parameters', () => {
    const keys = (values: Record<string, ParameterValue>) =>
      parametersOf(methodById('apg')!, values).map(({ key }) => key)
    expect(keys({ negative: 'seg' })).toEqual(['negative', 'eta', 'normLimit', 'momentum', 'sigma'])
    expect(keys({ negative: 'pair', negativePerturbation: 'erg' })).toContain('tau')
    expect(keys({ negative: 'pair', negativePerturbation: 'erg' })).not.toContain('perturbation')
  })
})

describe('formulas', () => {
  it('of PAG say what stands in for the map', () => {
    const of = ['identity', 'uniform', 'mask', 'drop', 'noise', 'gaussian', 'average', 'temperature'].map(
      (perturbation) => methodById('pag')!.formula({ perturbation, mix: 1 }),
    )
    expect(new Set(of).size).toBe(8)
  })
})

describe('a negative', () => {
  const everywhere = (control: object) => ({ attention: [control, control, control] })

  it.each<[string, Changes, Partial<Prediction>]>([
    ['cfg', {}, { condition: { kind: 'null' } }],
    ['pag', { layers: [1] }, { attention: [null, { mix: 1 }, null] }],
    ['pag', { parameters: { mix: 0.25 } }, everywhere({ mix: 0.25 })],
    ['pag', { parameters: { head: 0 } }, everywhere({ mix: [1] })],
    ['pag', { parameters: { perturbation: 'uniform' } }, everywhere({ temperature: 0 })],
    ['pag', { parameters: { perturbation: 'temperature', temperature: 0.5 } }, everywhere({ temperature: 0.5 })],
    ['pag', { parameters: { perturbation: 'gaussian' } }, everywhere({ smooth: 'gaussian' })],
    ['pag', { parameters: { perturbation: 'average' } }, everywhere({ smooth: 'average' })],
    ['seg', { layers: [0], parameters: { sigma: 2 } }, { attention: [{ querySigma: 2 }, null, null] }],
    ['erg', { parameters: { tau: 0.3 } }, everywhere({ temperature: 0.3 })],
    ['slg', { layers: [1] }, { attention: [null, { skip: 'attention' }, null] }],
    ['slg', { layers: [1], parameters: { part: 'block' } }, { attention: [null, { skip: 'block' }, null] }],
    ['autoguidance', { parameters: { weak: 'small' } }, { network: { id: 'small' } }],
    ['autoguidance', { parameters: { weak: 'main', weakEma: 0.1 } }, { network: { id: 'main', sigmaRel: 0.1 } }],
    ['sims', { parameters: { budget: 'sims-2' } }, { network: { id: 'sims-2' } }],
    ['self-guidance', { parameters: { delta: 0.2 } }, { noiseFactor: 1.2 }],
    [
      'self-guidance',
      { parameters: { from: 'previous', below: 2 } },
      { input: { kind: 'history', beta: 0, of: 'noise', below: 2 } },
    ],
    [
      'momentum',
      { parameters: { beta: 0.7 } },
      { input: { kind: 'history', beta: 0.7, of: 'image', below: Infinity } },
    ],
    ['swg', {}, { input: { kind: 'windows', height: 1, width: 1, perSide: 2, overlapOnly: true } }],
    [
      'sag',
      { seed: 9, parameters: { mask: 'random', mapLayer: 2, mapHead: 0, threshold: 0.9, blurSigma: 2, fill: 'zero' } },
      {
        input: {
          kind: 'degraded',
          strategy: 'random',
          layer: 2,
          head: 0,
          threshold: 0.9,
          blurSigma: 2,
          fill: 'zero',
          seed: 9,
        },
      },
    ],
    ['apg', { layers: [2], parameters: { mix: 0.5 } }, { attention: [null, null, { mix: 0.5 }] }],
    [
      'pair',
      { layers: [0], parameters: { negativePerturbation: 'seg', sigma: 3 } },
      { attention: [{ querySigma: 3 }, null, null] },
    ],
  ])('of %s with %j', (method, changes, expected) => {
    expect(difference(method, changes)).toEqual(expected)
  })

  it.each<[string, Changes, Partial<NegativeContext>?]>([
    ['cfg', { class: null }],
    ['pag', { parameters: { mix: 0 } }],
    ['pag', { parameters: { perturbation: 'temperature', temperature: 1 } }],
    ['pag', { parameters: { perturbation: 'mask', rate: 0 } }],
    ['pag', { parameters: { perturbation: 'drop', rate: 0 } }],
    ['pag', { parameters: { perturbation: 'noise', deviation: 0 } }],
    ['pag', { layers: [] }],
    ['pag', { parameters: { head: 5 } }],
    ['seg', { parameters: { sigma: 0 } }],
    ['seg', { layers: [] }],
    ['erg', { parameters: { tau: 1 } }],
    ['tpg', { parameters: { share: 0 } }],
    ['tsg', { parameters: { noiseScale: 0 } }],
    ['tsg', {}, { sigma: 0.002 }],
    ['icg', { class: null }],
    ['autoguidance', { parameters: { weak: 'main' } }],
    ['autoguidance', { ema: 0.1, parameters: { weak: 'main', weakEma: 0.1 } }],
    // The length that is shipped is the weights as shipped.
    ['autoguidance', { parameters: { weak: 'main', weakEma: 0.05 } }],
    ['self-guidance', { parameters: { delta: 0 } }],
    ['sag', { parameters: { startSigma: 0.5 } }, { sigma: 0.6 }],
    ['apg', { parameters: { mix: 0 } }],
    ['pair', { parameters: { negativePerturbation: 'none' } }],
    ['pair', { parameters: { negativePerturbation: 'pag', mix: 0 } }],
  ])('of %s with %j is the positive itself', (method, changes, at) => {
    expect(difference(method, changes, at)).toBeNull()
  })

  it('of SAG acts from its start downwards', () => {
    expect(difference('sag', { parameters: { startSigma: 0.5 } }, { sigma: 0.5 })).not.toBeNull()
  })
})

describe('heads', () => {
  // Its layers have three heads each, those of main one.
  const wide: ModelInfo = {
    ...model,
    networks: model.networks.map((network) => (network.id === 'small' ? { ...network, heads: [3, 3, 3] } : network)),
  }
  const settingsOf = (method: string, network: string, parameters: Record<string, ParameterValue>): Settings => {
    const defaults = defaultSettings(wide, method)
    return { ...defaults, network, parameters: { ...defaults.parameters, ...parameters } }
  }

  it('are counted in the network that has them', () => {
    const negative = (settings: Settings) =>
      negativeMethodOf(settings)!.negative({
        model: wide,
        settings,
        positive: positiveOf(settings, wide),
        sample: 0,
        step: 0,
        sigma: 1,
        sigmaNext: 0.5,
      })
    expect(negative(settingsOf('pag', 'small', { head: 2 }))!.attention![0]).toEqual({ mix: [0, 0, 1] })
    expect(
      negative(settingsOf('pair', 'main', { negativeNetwork: 'other', weak: 'small', weakEma: 'stored', head: 2 }))!
        .attention![0],
    ).toEqual({ mix: [0, 0, 1] })
    expect(settingsRefusal(settingsOf('pag', 'small', { head: 2 }), wide)).toBeNull()
    expect(
      settingsRefusal(
        settingsOf('pair', 'main', { negativeNetwork: 'other', weak: 'small', weakEma: 'stored', head: 2 }),
        wide,
      ),
    ).toBeNull()
    expect(settingsRefusal(settingsOf('sag', 'small', { mapHead: 2 }), wide)).toBeNull()
  })

  it('that a network has not are refused', () => {
    expect(settingsRefusal(settingsOf('pag', 'main', { head: 2 }), wide)).toContain(
      'No chosen layer of main has a head 2',
    )
    expect(settingsRefusal(settingsOf('pag', 'small', { head: 3 }), wide)).toContain('at most 2,')
    expect(settingsRefusal(settingsOf('sag', 'main', { mapHead: 2 }), wide)).toContain('of main has no head 2')
  })
})

describe('random draws', () => {
  const parameters = (perturbation: string) => ({ perturbation, deviation: 0.1, rate: 0.5 })
  const seeds = (attention: Prediction['attention'] | undefined) =>
    attention?.map((control) => (control?.mask ?? control?.drop ?? control?.noise ?? control?.shuffle)?.seed) ?? []

  it.each([
    ['pag', parameters('mask')],
    ['pag', parameters('drop')],
    ['pag', parameters('noise')],
    ['tpg', { share: 0.5 }],
  ])('of %s with %j differ between layers, steps, samples and seeds, and are the same again', (method, values) => {
    const of = (seed: number, at: Partial<NegativeContext>) =>
      seeds(difference(method, { seed, layers: 'all', parameters: values }, at)?.attention)
    const drawn = [...of(1, {}), ...of(1, { step: 1 }), ...of(1, { sample: 1 }), ...of(2, {})]
    expect(new Set(drawn).size).toBe(12)
    expect(of(1, {})).toEqual(drawn.slice(0, 3))
  })

  it('of ICG cover every class, the wanted one included, unless told not to', () => {
    const drawn = (exclude: boolean, redraw: string, step: number) => {
      const changed = difference('icg', { class: 1, parameters: { exclude, redraw } }, { step })
      return changed === null ? 1 : changed.condition?.kind === 'class' ? changed.condition.index : -1
    }
    const steps = Array.from({ length: 60 }, (_, step) => step)
    expect(new Set(steps.map((step) => drawn(false, 'step', step)))).toEqual(new Set([0, 1, 2]))
    expect(new Set(steps.map((step) => drawn(true, 'step', step)))).toEqual(new Set([0, 2]))
    expect(new Set(steps.map((step) => drawn(true, 'once', step))).size).toBe(1)
  })

  it('of ICG’s Gaussian are as large as the classes’ embeddings', () => {
    const of = (at: Partial<NegativeContext>, redraw = 'step') =>
      difference('icg', { seed: 3, parameters: { draw: 'gaussian', redraw } }, at)!
    expect(of({ sample: 2, step: 5 })).toEqual({
      condition: { kind: 'null' },
      embeddingOffset: normals(3, 2, 4, STREAM.gaussianCondition, 5).map((value) => 0.25 * value),
    })
    expect(of({ step: 5 }, 'once')).toEqual(of({ step: 9 }, 'once'))
    expect(of({ step: 5 })).not.toEqual(of({ step: 9 }))
  })

  it('of TSG fall evenly along the schedule', () => {
    const of = (sigma: number, alpha = 1) =>
      difference('tsg', { seed: 3, parameters: { noiseScale: 2, alpha } }, { sigma, sample: 1, step: 4 })!
        .embeddingOffset!
    const noise = normals(3, 1, 4, STREAM.time, 4)
    of(80).forEach((value, i) => expect(value).toBeCloseTo(2 * 0.5 * noise[i]!, 6))
    // Half way along the schedule: the mean of the seventh roots.
    const half = ((80 ** (1 / 7) + 0.002 ** (1 / 7)) / 2) ** 7
    of(half).forEach((value, i) => expect(value).toBeCloseTo(0.5 * 2 * 0.5 * noise[i]!, 6))
    of(half, 2).forEach((value, i) => expect(value).toBeCloseTo(0.25 * 2 * 0.5 * noise[i]!, 6))
    of(0.002, 0).forEach((value, i) => expect(value).toBeCloseTo(2 * 0.5 * noise[i]!, 6))
  })
})

describe('Neon', () => {
  it('folds the scale into the weights, and SIMS does not', () => {
    const { folded } = methodById('sims') as { folded(context: NegativeContext): Prediction | null }
    expect(folded(contextOf('sims', { scale: 0.6, parameters: { form: 'neon' } }, {}))?.network).toEqual({
      id: 'main',
      neon: { against: 'sims-1', w: 0.6 },
    })
    expect(folded(contextOf('sims', {}, {}))).toBeNull()
  })

  it('pushes the network that the copy was tuned from, with which SIMS starts', () => {
    const tuned: ModelInfo = {
      ...model,
      networks: model.networks.map((network) =>
        network.role === 'sims' ? { ...network, tunedFrom: 'main-1-16' } : network,
      ),
    }
    const settings = defaultSettings(tuned, 'sims')
    expect([settings.network, defaultSettings(model, 'sims').network]).toEqual(['main-1-16', 'main'])
    const neon = { ...settings, parameters: { ...settings.parameters, form: 'neon' } }
    expect(settingsRefusal(neon, tuned)).toBeNull()
    expect(settingsRefusal({ ...neon, network: 'main' }, tuned)).toContain('Set network to main-1-16')
    expect(settingsRefusal({ ...settings, network: 'main' }, tuned)).toBeNull()
  })
})

describe('any pair', () => {
  it('takes each dimension from the method that is named after it, several at once', () => {
    const changed = difference('pair', {
      class: 2,
      seed: 4,
      layers: [1],
      parameters: {
        negativeNetwork: 'other',
        weak: 'small',
        weakEma: 'stored',
        negativeCondition: 'random',
        draw: 'gaussian',
        redraw: 'once',
        negativePerturbation: 'erg',
        tau: 0.5,
        negativeTime: 'tsg',
        noiseScale: 1,
        alpha: 0,
        negativeInput: 'sag',
        mask: 'global',
        mapLayer: 1,
        mapHead: -1,
        threshold: 1,
        blurSigma: 3,
        fill: 'blur',
        startSigma: Infinity,
      },
    })
    const condition = normals(4, 0, 4, STREAM.gaussianCondition, 0).map((value) => 0.25 * value)
    const time = normals(4, 0, 4, STREAM.time, 0).map((value) => 0.5 * value)
    expect(changed).toEqual({
      network: { id: 'small' },
      condition: { kind: 'null' },
      attention: [null, { temperature: 0.5 }, null],
      embeddingOffset: condition.map((value, i) => value + time[i]!),
      input: {
        kind: 'degraded',
        strategy: 'global',
        layer: 1,
        head: null,
        threshold: 1,
        blurSigma: 3,
        fill: 'blur',
        seed: 4,
      },
    })
  })
})

describe('methods that a model can’t serve', () => {
  const bare = {
    ...model,
    networks: model.networks.slice(0, 1),
    crops: [],
    embedding: null,
    layers: [],
    conditioning: { kind: 'class' as const, labelDropout: false, classes: [{ name: 'All' }] },
  }

  it.each(['cfg', 'sag', 'pag', 'seg', 'autoguidance', 'icg', 'tsg', 'sims', 'slg', 'tpg', 'erg', 'swg'])(
    '%s says why, and what to use instead',
    (id) => {
      expect(methodById(id)!.unavailable(bare)).toMatch(/^(This|No) .*\b([Uu]se|Choose) /)
      expect(methodById(id)!.unavailable(model)).toBeNull()
    },
  )
})

describe('a pair in words', () => {
  const asked = (method: string, parameters: Record<string, ParameterValue> = {}) => {
    const defaults = defaultSettings(model, method)
    return describePair({ ...defaults, class: 1, parameters: { ...defaults.parameters, ...parameters } }, model).find(
      ({ aspect }) => aspect === 'Asked for',
    )
  }

  it('names a drawn class only where it stays', () => {
    expect(asked('icg')).toEqual({
      aspect: 'Asked for',
      positive: 'Right',
      other: 'a random class, new at each step',
      differs: true,
    })
    expect(asked('icg', { redraw: 'once', exclude: true })?.other).toMatch(/^(Left|Up)$/)
    expect(asked('icg', { draw: 'gaussian' })?.other).toBe('Gaussian noise for a class, new at each step')
    expect(asked('pag')).toEqual({ aspect: 'Asked for', positive: 'Right', other: 'Right', differs: false })
  })
})
