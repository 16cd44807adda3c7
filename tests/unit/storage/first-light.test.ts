import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { describe, expect, it, vi } from 'vitest'
import { readModel } from '../../../src/cli/models'
import { toByte } from '../../../src/core/image'
import { numbers, valueOf } from '../../../src/numbers'
import { decodeFirstLight, encodeFirstLight } from '../../../src/storage/first-light'
import { loadFirstLight } from '../../../src/ui/run/first-light'
import { finals, model, record, settings } from '../ui/fixtures'

const two = { ...settings, samples: 2 }
const records = Array.from({ length: two.steps }, (_, index) => record(index, two, index === 2 ? null : 0.3))

function close(a: Float32Array | null, b: Float32Array | null): void {
  expect(a?.length).toBe(b?.length)
  a?.forEach((value, i) => expect(Math.abs(value - b![i]!)).toBeLessThanOrEqual(0.5 / 127.5 + 1e-6))
}

describe('stored first light', () => {
  const { json, atlas } = encodeFirstLight(two, records, finals(two), model)

  it('comes back within half a byte step, numbers exactly, through JSON', () => {
    const run = decodeFirstLight(JSON.parse(JSON.stringify(json)), atlas, model)
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

  it('that ships is shown by the bytes that it holds, without a canvas, which some browsers spoil', async () => {
    const shipped = (name: string) => readFileSync(join(import.meta.dirname, '../../../public', name))
    vi.stubGlobal('fetch', async (name: string) => new Response(shipped(name)))
    try {
      const run = await loadFirstLight(readModel('avatars'), '')
      const atlas = decode(shipped('first-light.png'))
      const side = 64
      // The last column's third row is the guided picture.
      const red = Array.from({ length: side }, (_, x) => 3 * (2 * side * atlas.width + atlas.width - side + x))
      const guided = [...run!.final![0]!.guided!.subarray(0, side)].map(toByte)
      expect(guided).toEqual(red.map((at) => atlas.data[at]))
    } finally {
      vi.unstubAllGlobals()
    }
  })
})
