import { describe, expect, it } from 'vitest'
import { numbers, valueOf } from '../../../src/numbers'
import { decodeFirstLight, encodeFirstLight } from '../../../src/storage/first-light'
import { finals, model, record, settings } from '../ui/fixtures'

const two = { ...settings, samples: 2 }
const records = Array.from({ length: two.steps }, (_, index) => record(index, two, index === 2 ? null : 0.3))

function close(a: Float32Array | null, b: Float32Array | null): void {
  expect(a?.length).toBe(b?.length)
  a?.forEach((value, i) => expect(Math.abs(value - b![i]!)).toBeLessThanOrEqual(0.5 / 127.5 + 1e-6))
}

describe('stored first light', () => {
  const { json, atlas } = encodeFirstLight(two, records, finals(two), model)

  it('comes back within half a byte step, numbers exactly, through JSON and RGBA', () => {
    const rgba = new Uint8ClampedArray((atlas.data.length / 3) * 4)
    for (let i = 0; i < atlas.data.length / 3; i++) rgba.set([...atlas.data.subarray(3 * i, 3 * i + 3), 255], 4 * i)
    const run = decodeFirstLight(JSON.parse(JSON.stringify(json)), { ...atlas, data: rgba, channels: 4 }, model)
    expect(run.settings).toEqual(two)
    expect(run.records.length).toBe(5)
    run.records.forEach((step, i) => {
      expect([step.sigma, step.sigmaNext, step.inWindow]).toEqual([
        records[i]!.sigma,
        records[i]!.sigmaNext,
        records[i]!.inWindow,
      ])
      step.samples.forEach((sample, j) => {
        const original = records[i]!.samples[j]!
        for (const number of numbers)
          expect(valueOf(number, sample, model.image)).toBe(valueOf(number, original, model.image))
        close(sample.positive!.denoised, original.positive!.denoised)
        close(sample.negative!.denoised, original.negative!.denoised)
        close(sample.guided.denoised, original.guided.denoised)
        close(sample.predictionPositive, original.predictionPositive)
        close(sample.predictionNegative, original.predictionNegative)
      })
    })
    run.final!.forEach((sample, j) => {
      const original = finals(two)[j]!
      close(sample.positive, original.positive)
      close(sample.negative, original.negative)
      close(sample.guided, original.guided)
    })
  })

  it('refuses an atlas of the wrong size, a foreign preset and another version', () => {
    expect(() => decodeFirstLight(json, { ...atlas, width: atlas.width - 6 }, model)).toThrow(/does not fit/)
    expect(() => decodeFirstLight({ ...json, preset: { model: 'other' } }, atlas, model)).toThrow(/model/)
    expect(() => decodeFirstLight({ ...json, version: 3 }, atlas, model)).toThrow(/expected 2/i)
  })
})
