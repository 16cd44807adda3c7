import { describe, expect, it } from 'vitest'
import { defaultSettings, toPreset, withMethod } from '../../../src/settings'
import { toyModel as model } from '../../support/model'

it('the methods’ own defaults stay what they are, since links leave them out', () => {
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
    { ...shared, method: 'self-guidance', scale: 1, from: 'level', delta: 0.1, below: 1.6 },
    { ...shared, method: 'slg', scale: 2, layers: [1], window: [0.5, 20], part: 'attention' },
    { ...shared, method: 'tpg', scale: 0.4, layers: [0], share: 1 },
    { ...shared, method: 'erg', scale: 0.5, layers: 'all', tau: 0.25 },
    { ...shared, method: 'swg', scale: 0.3, crop: '5/8', perSide: 2, overlapOnly: true },
    { ...shared, method: 'momentum', scale: 0.5, beta: 0.6, average: 'image' },
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
    { ...shared, ...icg, method: 'tcfg', scale: 1, negative: 'icg' },
    { ...shared, ...pag, method: 'mambo-g', scale: 2, negative: 'pag', damping: 8 },
    {
      ...shared,
      ...pag,
      method: 'apg-mix',
      scale: 2,
      negative: 'pag',
      plainSteps: 6,
      plainShare: 0.35,
      eta: 0,
      normLimit: 8,
      momentum: -0.5,
    },
    { ...shared, method: 's2', scale: 0.5, layers: 'all', blockShare: 0.3, part: 'attention' },
    { ...shared, method: 'in-situ', scale: 2, layers: 'all', dropout: 0.1 },
    { ...shared, method: 'nag', scale: 0.5, layers: 'all', featureLimit: 2.5, featureBlend: 0.5 },
    { ...shared, method: 'pladis', scale: 2, layers: [1], sparseMap: 'entmax' },
  ]
  // Methods that came later are not in old links.
  expect(frozen.map(({ method }) => toPreset(defaultSettings(model, method)))).toEqual(frozen)
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
