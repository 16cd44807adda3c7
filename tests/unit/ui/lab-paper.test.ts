/** The desk of a paper's metrics: which images it asks for, what it keeps, and what it compares. */
import { describe, expect, it } from 'vitest'
import { settingsOfImage } from '../../../src/ui/judge/evaluate'
import { createPaperDesk, type PaperParts, toldOf } from '../../../src/ui/rooms/lab/tabs/paper/desk'
import { askedOf } from '../../../src/ui/rooms/lab/tabs/paper/wish'
import { readResult } from '../../../src/lab/result'
import { defaultSettings } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import { memoryStorage } from '../../../src/storage/lab'
import { toyModel as model } from '../../support/model'

const settings = defaultSettings(model, 'pag')
const CLASSES = model.conditioning.classes.length

function scene(storage = memoryStorage()) {
  const drawn: Settings[] = []
  const desk = createPaperDesk({
    storage,
    client: {
      open: async () => ({ digest: 'net', reference: { width: 1, count: 9, features: true } }),
      see: async (images) => images.map((own) => own.slice(0, 1)),
      // Of each block of ten the mean, so that differences of the same seeds are known.
      measure: async (sets) =>
        sets.map((set) => {
          const mean = (rows: readonly Float32Array[]) => rows.reduce((sum, row) => sum + row[0]!, 0) / rows.length
          const without = Array.from({ length: 10 }, (_, block) =>
            mean(set.filter((__, i) => Math.floor((i * 10) / set.length) !== block)),
          )
          return { FID: { whole: mean(set), without }, KID: null }
        }),
      save: async (features) => Uint8Array.from(features, ([value]) => value!),
      dispose: () => undefined,
    },
    engine: () =>
      ({
        draw: async (asked: readonly Settings[]) => {
          drawn.push(...asked)
          return asked.map(({ seed, scale, method }) => ({
            guided: new Float32Array(4).fill((seed % 7) + (method === 'none' ? 0 : scale)),
          }))
        },
      }) as unknown as ReturnType<PaperParts['engine']>,
    together: () => 8,
    now: () => 0,
    date: () => 1,
  })
  const open = () => desk.open(new File([], 'net.onnx'), 'clean-fid', new File([], 'real.npz'))
  const run = (scales: string, images: number) =>
    new Promise<void>((resolve) => {
      desk.start((judge) => {
        const asked = askedOf({ scales, images }, settings, model, judge)
        if (typeof asked === 'string') throw new Error(asked)
        return asked
      }, images)
      desk.store.subscribe(({ stage }) => stage === 'idle' && resolve())
    })
  return { desk, drawn, open, run, storage }
}

describe('a paper’s metrics', () => {
  it('are of the same seeds at each scale, and their difference has the interval of what does not cancel', async () => {
    const { desk, drawn, open, run, storage } = scene()
    await open()
    await run('0, 0.5', 100)
    const { rows, failure } = desk.store.getState()
    expect(failure).toBeNull()
    expect(rows.map(({ scale, have, measured }) => [scale, have, measured])).toEqual([
      ['0', 100, 100],
      ['0.5', 100, 100],
    ])
    const seeds = (method: string) => drawn.filter((one) => one.method === method).map(({ seed }) => seed)
    expect(seeds('none')).toEqual(Array.from({ length: 100 }, (_, i) => settings.seed + i))
    expect(seeds('pag')).toEqual(seeds('none'))
    expect(drawn[1]).toEqual(settingsOfImage(drawn[0]!, 1, CLASSES))
    const [plain, guided] = rows
    expect(toldOf(plain!, plain)[0]!.against).toBeNull()
    const [fid, kid] = toldOf(guided!, plain)
    expect(fid!.against!.value).toBeCloseTo(0.5, 9)
    expect(fid!.against!.margin).toBeLessThan(1e-6)
    expect(fid!.estimate!.margin).toBeGreaterThan(0.1)
    // Of other images than the first row's there is no difference on the same seeds.
    expect(toldOf({ ...guided!, measured: 99 }, plain)[0]!.against).toBeNull()
    expect(kid).toEqual({ name: 'KID', estimate: null, against: null })
    const kept = (await storage.all('results')).map(({ value }) => readResult(value))
    expect(kept).toHaveLength(2)
    for (const row of kept) expect(row).toMatchObject({ images: 100, by: 'page', metrics: { FID: expect.any(Object) } })
    expect([...(await desk.save(plain!))]).toHaveLength(100)
  })

  it('go on from what was kept, also after the page was loaded anew', async () => {
    const first = scene()
    await first.open()
    await first.run('0, 1', 100)
    const second = scene(first.storage)
    await second.open()
    await second.run('0, 1, 2', 100)
    expect(second.drawn.map(({ scale }) => scale)).toEqual(Array(100).fill(2))
    await second.run('0', 500)
    expect(second.drawn).toHaveLength(500)
  })

  it.each([
    ['', /no value/],
    ['0, 99', /^Scale must be between/],
    ['0..1 by 0.05', /21 scales are many/],
  ])('of “%s” are refused with a sentence', (scales, why) => {
    expect(askedOf({ scales, images: 100 }, settings, model, '')).toMatch(why)
  })
})
