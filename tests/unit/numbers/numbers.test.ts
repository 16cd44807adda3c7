import { describe, expect, it } from 'vitest'
import { normals } from '../../../src/core/random'
import { appliedOf, numbers, remember, termsOf, valueOf, valueText } from '../../../src/numbers'
import type { StepNumber } from '../../../src/numbers/number'
import { appliedLength } from '../../../src/numbers/numbers/applied-length'
import { appliedNoise } from '../../../src/numbers/numbers/applied-noise'
import { appliedSize } from '../../../src/numbers/numbers/applied-size'
import { clippedShare } from '../../../src/numbers/numbers/clipped-share'
import { differenceLength } from '../../../src/numbers/numbers/difference-length'
import { differenceSize } from '../../../src/numbers/numbers/difference-size'
import { noiseCosine } from '../../../src/numbers/numbers/noise-cosine'
import { spectrumMedian } from '../../../src/numbers/numbers/spectrum-median'
import type { SampleRecord } from '../../../src/sampling/records'

const shape = { channels: 3, height: 8, width: 8 }
const size = 3 * 8 * 8
const noise = (seed: number) => normals(seed, 0, size)

function sampleOf(changes: Partial<SampleRecord> = {}): SampleRecord {
  return {
    positive: null,
    negative: null,
    guided: { x: noise(1), denoised: noise(2) },
    predictionPositive: noise(3),
    predictionNegative: noise(4),
    mask: null,
    stacked: [{ predictionNegative: noise(5), mask: null }],
    ...changes,
  }
}

/** x, D⁺ and D⁻ from a function of the pixel, the same in each channel. */
const image = (of: (x: number, y: number) => number) =>
  Float32Array.from({ length: size }, (_, i) => of(i % 8, Math.floor(i / 8) % 8))

describe('every number', () => {
  it.each(numbers.map((number) => [number.id, number] as const))(
    '%s says what it is and keeps its range',
    (_, number) => {
      for (const text of [number.name, number.symbol, number.help, number.plot]) expect(text).not.toBe('')
      const sample = sampleOf()
      const values = termsOf(sample).map((_term, at) => valueOf(number, sample, shape, at))
      for (const value of values) {
        expect(value).toBeGreaterThanOrEqual(number.range[0])
        expect(value).toBeLessThanOrEqual(number.range[1])
        expect(valueText(number, value)).toMatch(/\d/)
      }
      // A difference's number is that of its own negative.
      expect(values[0] === values[1] && number.unit !== 'waves').toBe(number.about === 'guided')
      expect(valueOf(number, sample, shape, 2)).toBeNull()
    },
  )

  it.each(numbers.filter(({ about }) => about === 'difference').map((number) => [number.id, number] as const))(
    '%s is none where no negative was evaluated',
    (_, number) => {
      expect(valueOf(number, sampleOf({ predictionNegative: null }), shape)).toBeNull()
      expect(valueText(number, null)).toBe('–')
    },
  )

  it('that what was applied has a counterpart of stands beside it', () => {
    const applied = [appliedLength, appliedSize, appliedNoise]
    expect([differenceLength, differenceSize, noiseCosine].map(appliedOf)).toEqual(applied)
    expect([clippedShare, spectrumMedian, ...applied].map(appliedOf)).toEqual(Array(5).fill(null))
  })

  it('has an id and a place of its own', () => {
    expect(new Set(numbers.map(({ id }) => id)).size).toBe(numbers.length)
    expect(new Set(numbers.map(({ place }) => place)).size).toBe(numbers.length)
  })
})

describe('by hand', () => {
  // Δ = (3, 4, 0 …), D⁺ of length 10, x − D⁺ along the first axis.
  const axis = (...values: number[]) => Float32Array.from({ length: size }, (_, i) => values[i] ?? 0)
  const sample = sampleOf({
    predictionPositive: axis(0, 0, 10),
    predictionNegative: axis(-3, -4, 10),
    guided: { x: axis(2, 0, 10), denoised: axis(1.5, -1, 1, -1.01) },
  })

  const worked: readonly (readonly [StepNumber, number, string])[] = [
    [differenceLength, 5, '5.0'],
    [differenceSize, 0.5, '50 %'],
    [noiseCosine, 0.6, '0.60'],
    [clippedShare, 2 / size, '1.0 %'],
    // D − D⁺ = (1.5, −1, −9, −1.01 …).
    [appliedLength, Math.sqrt(2.25 + 1 + 81 + 1.0201), '9.2'],
    [appliedSize, Math.sqrt(85.2701) / 10, '92 %'],
    [appliedNoise, 1.5 / Math.sqrt(85.2701), '0.16'],
  ]
  it.each(worked)('$id', (number, value, text) => {
    expect(valueOf(number, sample, shape)).toBeCloseTo(value, 6)
    expect(valueText(number, value)).toBe(text)
  })

  it('each is worked out by hand', () => {
    // The spectrum's is below, on waves.
    const known = [...worked.map(([number]) => number), spectrumMedian]
    expect(numbers.filter((number) => !known.includes(number)).map(({ id }) => id)).toEqual([])
  })

  it('a negative cosine has a real minus sign, but not where it rounds to 0', () => {
    expect(valueText(noiseCosine, -0.25)).toBe('−0.25')
    expect(valueText(noiseCosine, -0.001)).toBe('0.00')
  })

  it('the spectrum’s median is the wave that the difference is made of', () => {
    const plus = noise(3)
    for (const waves of [1, 2, 3]) {
      const wave = image((x) => Math.cos((2 * Math.PI * waves * x) / 8))
      const negative = plus.map((value, i) => value - wave[i]!)
      const of = sampleOf({ predictionPositive: plus, predictionNegative: negative })
      expect(valueOf(spectrumMedian, of, shape)).toBe(waves)
    }
    expect(valueText(spectrumMedian, 1)).toBe('1 wave')
  })
})

describe('a record', () => {
  it('is measured once', () => {
    const sample = sampleOf()
    const before = valueOf(differenceSize, sample, shape)
    sample.predictionPositive.fill(7)
    expect(valueOf(differenceSize, sample, shape)).toBe(before)
  })

  it('that came without tensors is told its numbers; without x there is no cosine', () => {
    const stored = sampleOf({ guided: { x: new Float32Array(0), denoised: noise(2) } })
    expect(valueOf(noiseCosine, stored, shape)).toBeNull()
    const told = sampleOf({ guided: { x: new Float32Array(0), denoised: noise(2) } })
    remember(noiseCosine, told, 0.25)
    remember(noiseCosine, told, -0.5, 1)
    expect([0, 1].map((term) => valueOf(noiseCosine, told, shape, term))).toEqual([0.25, -0.5])
  })
})
