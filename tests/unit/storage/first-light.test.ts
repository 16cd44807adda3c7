import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { describe, expect, it, vi } from 'vitest'
import { readModel } from '../../../src/cli/models'
import { toByte } from '../../../src/core/image'
import { numbers, valueOf } from '../../../src/numbers'
import { ahead, decodeFirstLight, encodeFirstLight } from '../../../src/storage/first-light'
import type { Rgb8 } from '../../../src/storage/png'
import { createPageStore } from '../../../src/ui/app/state'
import { bringSteps, loadFirstLight } from '../../../src/ui/run/first-light'
import { pictureAt, recordAt, ROLES, type Run } from '../../../src/ui/run/run'
import { finals, model, record, settings } from '../ui/fixtures'

const two = { ...settings, samples: 2 }
const NOT_COME = () => Promise.reject(new Error('it has not come'))
const STORED = { id: -1, origin: 'stored', pass: 'full', summary: null, whole: NOT_COME } as const
const records = Array.from({ length: two.steps }, (_, index) => record(index, two, index === 2 ? null : 0.3))

function close(a: Float32Array | null, b: Float32Array | null): void {
  expect(a?.length).toBe(b?.length)
  a?.forEach((value, i) => expect(Math.abs(value - b![i]!)).toBeLessThanOrEqual(0.5 / 127.5 + 1e-6))
}

describe('stored first light', () => {
  const { json, first, steps } = encodeFirstLight(two, records, finals(two), model)

  it('comes back within half a byte step, numbers exactly, through JSON', () => {
    const run = decodeFirstLight(JSON.parse(JSON.stringify(json)), first, steps, model)
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

  it('of the first file alone has every number, the end, and the pictures of the step that the equation shows then', () => {
    // The fixture's first records are all measured alike but for their ratio, which is largest where it is not null.
    const ratios = [0.1, 0.2, null, 0.7, 0.3]
    const strong = ratios.map((ratio, index) => record(index, two, ratio))
    const stored = encodeFirstLight(two, strong, finals(two), model)
    const whole = decodeFirstLight(stored.json, stored.first, stored.steps, model)
    const held: Run = { ...decodeFirstLight(stored.json, stored.first, null, model), ...STORED }
    expect(stored.json.shown).toBe(3)
    expect(held.final).toEqual(whole.final)
    held.records.forEach((step, i) =>
      step.samples.forEach((sample, j) => {
        const all = whole.records[i]!.samples[j]!
        for (const number of numbers)
          expect(valueOf(number, sample, model.image)).toBe(valueOf(number, all, model.image))
        if (i !== 3) return expect(sample.guided.denoised).toHaveLength(0)
        expect(sample.predictionPositive).toEqual(all.predictionPositive)
        expect(sample.predictionNegative).toEqual(all.predictionNegative)
        expect(sample.guided.denoised).toEqual(all.guided.denoised)
      }),
    )
    // What has not come is no picture, and no equation.
    for (const role of ROLES) {
      expect(pictureAt(held, 0.2, 0, role, 'denoised', model)).toBeNull()
      expect(pictureAt(held, 1, 0, role, 'denoised', model)?.image).toEqual(whole.final[0]![role])
    }
    for (const frame of [0, 2, 5]) expect(recordAt(held, frame, 0, model.image)?.index).toBe(3)
  })

  it('brings its steps when the playhead goes to one, and asks again where they did not come', async () => {
    const store = createPageStore(model, two, [], 'system')
    const asked: { readonly resolve: (run: Run) => void; readonly reject: (reason: Error) => void }[] = []
    const run: Run = { ...decodeFirstLight(json, first, null, model), ...STORED }
    const held: Run = {
      ...run,
      whole: () => new Promise((resolve, reject) => asked.push({ resolve, reject })),
    }
    bringSteps(store)
    store.patch({ run: { shown: held, settled: held }, playhead: { position: 1 } })
    expect(asked).toHaveLength(0)
    store.patch({ playhead: { position: 0.5 } })
    store.patch({ playhead: { position: 0.4 } })
    expect(asked).toHaveLength(1)
    asked[0]!.reject(new Error('no network'))
    await vi.waitFor(() => {
      store.patch({ playhead: { position: 0.3 } })
      expect(asked).toHaveLength(2)
    })
    const { whole: _, ...plain } = STORED
    const whole: Run = { ...decodeFirstLight(json, first, steps, model), ...plain }
    asked[1]!.resolve(whole)
    await vi.waitFor(() => expect(store.getState().run).toMatchObject({ shown: whole, settled: whole }))
    expect(store.getState().run.shown?.whole).toBeUndefined()
  })

  it('refuses atlases of the wrong size, a foreign preset and another version', () => {
    const narrow = (atlas: Rgb8) => ({ ...atlas, width: atlas.width - 6 })
    expect(() => decodeFirstLight(json, narrow(first), steps, model)).toThrow(/does not fit/)
    expect(() => decodeFirstLight(json, first, narrow(steps), model)).toThrow(/does not fit/)
    expect(() => decodeFirstLight({ ...json, preset: { model: 'other' } }, first, steps, model)).toThrow(/model/)
    expect(() => decodeFirstLight({ ...json, version: 2 }, first, steps, model)).toThrow(/expected 3/i)
  })

  it('stands before that from a file of its own, each picture where the sheet looks for it, with its edges around', () => {
    const shipped = (name: string) => decode(readFileSync(join(import.meta.dirname, '../../../public', name)))
    const [atlas, strip] = [shipped('first-light.png'), shipped('first-light-ahead.png')]
    const side = 64
    const line = (of: typeof atlas, y: number) =>
      Buffer.from(of.data.subarray(3 * y * of.width, 3 * (y * of.width + side))).toString('hex')
    const { places, size } = ahead({ ...atlas, data: Uint8Array.from(atlas.data) }, readModel('avatars').image)
    expect(strip.width).toBe(side)
    expect(size * side).toBe(strip.height)
    expect(places).toHaveLength(3)
    for (const [row, place] of places.entries()) {
      // As `background-position` means a share: of what the picture is longer than its place.
      const from = place * (strip.height - side)
      for (let y = -1; y <= side; y++) {
        const inside = Math.min(side - 1, Math.max(0, y))
        expect(line(strip, Math.round(from) + y)).toEqual(line(atlas, row * side + inside))
      }
      expect(from).toBeCloseTo(Math.round(from))
    }
  })

  it('that ships is shown by the bytes that it holds, without a canvas, which some browsers spoil', async () => {
    const shipped = (name: string) => readFileSync(join(import.meta.dirname, '../../../public', name))
    const asked: string[] = []
    vi.stubGlobal('fetch', async (name: string) => {
      asked.push(name)
      return new Response(shipped(name))
    })
    try {
      const run = await loadFirstLight(readModel('avatars'), '')
      // What everybody waits for is small.
      expect(asked).toEqual(['first-light.json', 'first-light.png'])
      expect(shipped('first-light.png').length).toBeLessThan(60_000)
      const side = 64
      /** The red bytes of the first line of an image in an atlas. */
      const line = (name: string, column: number, row: number) => {
        const atlas = decode(shipped(name))
        const from = row * side * atlas.width + column * side
        return Array.from({ length: side }, (_, x) => atlas.data[3 * (from + x)])
      }
      const shown = (image: Float32Array) => [...image.subarray(0, side)].map(toByte)
      expect(shown(run!.final![0]!.guided!)).toEqual(line('first-light.png', 0, 2))
      const whole = await run!.whole!()
      const { shown: step } = JSON.parse(shipped('first-light.json').toString()) as { readonly shown: number }
      expect(shown(whole.records[step]!.samples[0]!.predictionPositive)).toEqual(line('first-light.png', 1, 0))
      expect(shown(whole.records[9]!.samples[0]!.guided.denoised)).toEqual(line('first-light-steps.png', 9, 2))
    } finally {
      vi.unstubAllGlobals()
    }
  })
})
