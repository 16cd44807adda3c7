import { describe, expect, it } from 'vitest'
import { negativePrediction, negativesOf } from '../../../src/guidance/pair'
import { defaultSettings } from '../../../src/settings'
import { numbers } from '../../../src/numbers'
import { missingNeed, plotById, plots } from '../../../src/ui/lens/registry'
import { cosineSentence } from '../../../src/ui/lens/plots/noise'
import { spectraOf } from '../../../src/ui/lens/spectra'
import { levelsOf } from '../../../src/ui/stage/overlay'
import { EMA_STOPS, emaStopIndex } from '../../../src/ui/controls/parameters'
import { fakeModel } from '../../browser/page/fake-engine'
import { model, record, settings } from './fixtures'

describe('beside the equation', () => {
  it('measures D⁺ and every Δ once', () => {
    const sample = record(0, settings).samples[0]!
    const spectra = spectraOf(sample, model.image)
    expect(spectraOf(sample, model.image)).toBe(spectra)
    expect(spectra.differences.length).toBe(1)
    const unguided = record(0, settings, null).samples[0]!
    const stacked = { ...sample, stacked: [unguided, sample] }
    expect(spectraOf(stacked, model.image).differences.map((line) => line !== null)).toEqual([true, false, true])
    // Δ of two images that differ by a constant has no waves.
    const shifted = { ...sample, predictionNegative: sample.predictionPositive.map((value) => value - 0.25) }
    const [line] = spectraOf(shifted, model.image).differences
    expect(line!.median).toBe(0)
    expect(line!.spectrum.mean[0]).toBeCloseTo(0.0625, 6)
  })

  it('has a sentence for each way that Δ can lie', () => {
    expect(new Set([-0.5, 0, 0.5].map(cosineSentence)).size).toBe(3)
  })

  it('has a plot for each number, and an id and a place of its own for each plot', () => {
    for (const { id, plot } of numbers) expect(plotById(plot).id, id).toBe(plot)
    for (const { id, about, plot } of numbers.filter(({ beside }) => !beside))
      expect(plotById(plot).about, id).toBe(about)
    for (const key of ['id', 'label', 'place'] as const)
      expect(new Set(plots.map((plot) => plot[key])).size).toBe(plots.length)
    expect(plots.map(({ place }) => place)).toEqual(plots.map(({ place }) => place).sort((a, b) => a - b))
    expect(() => plotById('none')).toThrow(RangeError)
  })

  it('says what a plot needs and a step does not have', () => {
    const sample = record(0, settings).samples[0]!
    const unguided = record(0, settings, null).samples[0]!
    const stored = { ...sample, guided: { ...sample.guided, x: new Float32Array(0) } }
    expect(missingNeed(plotById('size'), sample)).toBeNull()
    expect(missingNeed(plotById('size'), unguided)).toBe('negative')
    expect(missingNeed(plotById('size'), { ...unguided, stacked: [sample] })).toBeNull()
    expect(missingNeed(plotById('noise'), unguided)).toBeNull()
    expect(missingNeed(plotById('noise'), stored)).toBe('x')
  })
})

describe('overlays', () => {
  const blank = { predictionNegative: null, mask: null }

  it('shows the mask of SAG with its share of the image', () => {
    const of = defaultSettings(fakeModel, 'sag')
    expect(levelsOf(of, blank, fakeModel)).toBeNull()
    const mask = Float32Array.from({ length: 64 * 64 }, (_, i) => (i < 1024 ? 1 : 0))
    expect(levelsOf(of, { ...blank, mask }, fakeModel)).toMatchObject({
      label: 'Mask',
      caption: expect.stringContaining('25 %'),
    })
  })

  it('counts the windows of SWG over each pixel: all of them in the middle, one in the corners', () => {
    const of = defaultSettings(fakeModel, 'swg')
    const input = negativePrediction(negativesOf(of)[0]!, fakeModel)!.input
    if (input.kind !== 'windows') throw new Error('SWG looks through windows')
    const { levels } = levelsOf(of, blank, fakeModel)!
    expect(levels[0]).toBe(1)
    expect(levels[32 * 64 + 32]).toBe(4)
    const seen = levels.reduce((sum, count) => sum + count, 0)
    expect(seen).toBe(input.perSide ** 2 * input.height * input.width)
  })

  it('has none for methods that look at x as it is', () => {
    expect(levelsOf(defaultSettings(fakeModel, 'pag'), blank, fakeModel)).toBeNull()
    expect(levelsOf(defaultSettings(fakeModel, 'none'), blank, fakeModel)).toBeNull()
  })
})

describe('length of an average', () => {
  it('stops at the stored weights, and finds every length again', () => {
    expect(emaStopIndex(null)).toBe(0)
    EMA_STOPS.forEach((stop, index) => expect(emaStopIndex(stop)).toBe(index + 1))
    expect(EMA_STOPS[emaStopIndex(0.052) - 1]).toBe(0.05)
  })
})
