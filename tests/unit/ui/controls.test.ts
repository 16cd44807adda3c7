import { describe, expect, it } from 'vitest'
import { methods, parametersOf } from '../../../src/guidance'
import { seg } from '../../../src/guidance/methods/seg'
import { defaultSettings } from '../../../src/settings'
import { entropyBits, mapRow, movedToken, tokenAt } from '../../../src/ui/network/attention'
import { fixed, formatSigma, percent, plain, signed } from '../../../src/core/format'
import { pickLayers, placeLayers, stageLayers } from '../../../src/ui/network/network-drawing'
import { describe as describeRun } from '../../../src/ui/run/describe'
import { applies, logStopIndex, logStops, withParameter } from '../../../src/ui/controls/parameters'
import { remediesFor } from '../../../src/ui/notices/remedies'
import { ENGINE_ERROR_CODES } from '../../../src/core/failure'
import { finals, model, run, settings } from './fixtures'

describe('controls from metadata', () => {
  const sigma = seg.parameters[0]!
  if (sigma.kind !== 'number' || sigma.slider === 'linear') throw new Error('SEG sigma is a logarithmic slider')
  const stops = logStops(sigma, sigma.slider)

  it('gives the blur stops at off and ∞ and powers of two between', () => {
    expect(stops[0]).toBe(0)
    expect(stops.at(-1)).toBe(Infinity)
    for (const power of [0.25, 1, 2, 4, 16, 64]) expect(stops).toContain(power)
    for (let i = 1; i < stops.length; i++) expect(stops[i]!).toBeGreaterThan(stops[i - 1]!)
  })

  it('finds every stop again, and the nearest for values between', () => {
    stops.forEach((stop, index) => expect(logStopIndex(stop, stops)).toBe(index))
    expect(stops[logStopIndex(3.9, stops)]).toBe(4)
    expect(stops[logStopIndex(1000, stops)]).toBe(64)
  })

  it('leaves out parameters that mean nothing beside the others', () => {
    const pag = methods.find(({ id }) => id === 'pag')!
    const shown = (perturbation: string) =>
      pag.parameters.filter((p) => applies(p, { perturbation })).map(({ key }) => key)
    expect(shown('identity')).toEqual(['perturbation', 'mix', 'head'])
    expect(shown('mask')).toEqual(['perturbation', 'rate', 'keepDiagonal'])
    expect(shown('uniform')).toEqual(['perturbation'])
  })
})

describe('parameters that others bring in', () => {
  const apg = methods.find(({ id }) => id === 'apg')!
  const start = defaultSettings(model, 'apg').parameters

  it('takes the defaults of a newly borrowed method and drops those of the one before', () => {
    const seg = withParameter(apg, start, 'negative', 'seg', model, 0)
    expect(seg).toEqual({
      ...defaultSettings(model, 'seg').parameters,
      negative: 'seg',
      eta: start.eta,
      normLimit: start.normLimit,
      momentum: start.momentum,
    })
    expect(withParameter(apg, seg, 'negative', 'pag', model, 0)).toEqual(start)
  })

  it('reaches through a method that borrows itself', () => {
    const pair = withParameter(apg, start, 'negative', 'pair', model, 0)
    const blurred = withParameter(apg, pair, 'negativePerturbation', 'seg', model, 0)
    expect(Object.keys(blurred).sort()).toEqual(
      parametersOf(apg, blurred)
        .map(({ key }) => key)
        .sort(),
    )
    expect(blurred.sigma).toBe(defaultSettings(model, 'seg').parameters.sigma)
  })

  it('keeps a value that the person chose', () => {
    const changed = withParameter(apg, start, 'eta', 0.5, model, 0)
    expect(changed).toEqual({ ...start, eta: 0.5 })
  })
})

describe('drawing of the network', () => {
  it('toggles one layer, and a range from the anchor', () => {
    expect(pickLayers([0, 1], 1, null)).toEqual([0])
    expect(pickLayers([0], 4, 2)).toEqual([0, 2, 3, 4])
    expect(pickLayers([0, 2, 3, 4], 2, 4)).toEqual([0])
  })

  it('is a U: left to right in graph order, the middle lowest, size with resolution', () => {
    const places = placeLayers(model.layers)
    for (let i = 1; i < places.length; i++) expect(places[i]!.x).toBeGreaterThan(places[i - 1]!.x)
    const middle = places.find(({ layer }) => layer.stage === 'middle')!
    for (const place of places.filter((other) => other !== middle)) expect(place.y).toBeLessThan(middle.y)
    expect(places[0]!.side).toBeGreaterThan(middle.side)
    expect(stageLayers(model.layers, 'decoder')).toEqual([4, 5, 6])
  })
})

describe('the token that looks', () => {
  const grid = { height: 4, width: 8 }

  it('is the one under the pointer, and beyond the picture the one at its rim', () => {
    expect(tokenAt(0.5, 0.5, grid)).toBe(2 * 8 + 4)
    expect(tokenAt(-1, 0, grid)).toBe(0)
    expect(tokenAt(1, 2, grid)).toBe(31)
  })

  it('is moved by arrows, and stays on the grid', () => {
    expect(movedToken(9, 'ArrowUp', grid)).toBe(1)
    expect(movedToken(9, 'ArrowRight', grid)).toBe(10)
    expect(movedToken(1, 'ArrowUp', grid)).toBe(1)
    expect(movedToken(1, 'Home', grid)).toBeNull()
  })
})

describe('words and numbers', () => {
  it('writes numbers as people read them', () => {
    expect([fixed(-0.5), fixed(-0.001), signed(0.25), signed(-1)]).toEqual(['−0.50', '0.00', '+0.25', '−1.00'])
    expect([formatSigma(Infinity), formatSigma(0), formatSigma(1.23456), formatSigma(80)]).toEqual([
      '∞',
      '0',
      '1.23',
      '80',
    ])
    expect([plain(1.5), plain(2), plain(Infinity), plain(0.0625)]).toEqual(['1.5', '2', '∞', '0.0625'])
    expect([percent(0.031), percent(0.38)]).toEqual(['3.1 %', '38 %'])
  })

  it('says what the pictures show', () => {
    const [final] = finals(settings)
    const apart = {
      positive: new Float32Array(72).fill(-0.5),
      negative: new Float32Array(72).fill(0.5),
      guided: new Float32Array(72).fill(0),
    }
    expect(describeRun({ ...run(settings), final: [apart] }, model)).toBe(
      'One image of class adventurer, seed 1. Perturbed-attention guidance on all 7 attention layers, scale s = 1.5. The guided image differs from the positive by 25 % (root mean square). The negative differs from the positive by 50 %.',
    )
    // What was not walked is not compared with.
    expect(describeRun({ ...run(settings), final: [{ ...apart, positive: null, negative: null }] }, model)).toMatch(
      /scale s = 1.5\.$/,
    )
    expect(describeRun({ ...run({ ...settings, method: 'none' }), final: [final!] }, model)).toContain('No guidance')
  })

  it('knows the entropy of the extremes', () => {
    expect(entropyBits(Float32Array.from([0, 1, 0, 0]))).toBe(0)
    expect(entropyBits(new Float32Array(64).fill(1 / 64))).toBeCloseTo(6, 6)
    expect([...mapRow(Float32Array.from([1, 2, 3, 4]), 1)]).toEqual([3, 4])
  })

  it('has a way on for every failure', () => {
    for (const code of ENGINE_ERROR_CODES) {
      for (const scope of ['engine', 'run'] as const) {
        expect(remediesFor({ code, message: '', remedy: '', retryable: false }, scope, 'auto').length).toBeGreaterThan(
          0,
        )
      }
    }
    expect(remediesFor({ code: 'not-finite', message: '', remedy: '', retryable: false }, 'run', 'auto')[0]?.kind).toBe(
      'reset-layers',
    )
    const chosen = remediesFor({ code: 'no-webgpu', message: '', remedy: '', retryable: false }, 'engine', 'webgpu')
    expect(chosen.map(({ kind }) => kind)).toEqual(['use-auto', 'use-last-resort', 'restart'])
  })
})
