/** The lab's grid: its axes in words and in the address, its batches, and a drawing that is paused, left, and gone on with. */
import { describe, expect, it, vi } from 'vitest'
import { axisKeys } from '../../../src/lab/axis-keys'
import type { FinalSample } from '../../../src/sampling/records'
import { defaultSettings, toPreset } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import { type LabStorage, memoryStorage } from '../../../src/storage/lab'
import { LOADING } from '../../../src/ui/engine/slice'
import { createDrawing } from '../../../src/ui/rooms/lab/tabs/grid/drawing'
import { keptGrids } from '../../../src/ui/rooms/lab/tabs/grid/jobs'
import {
  type AxisTexts,
  batchesOf,
  pictured,
  planOf,
  type ReadyPlan,
  readAxes,
  suggested,
  writeAxes,
} from '../../../src/ui/rooms/lab/tabs/grid/plan'
import { gridJson, type SheetParts, wordsOf, wrapped } from '../../../src/ui/rooms/lab/tabs/grid/sheet'
import { progressWords, savedWords } from '../../../src/ui/rooms/lab/tabs/grid/Steering'
import { image, model } from './fixtures'
import { stillEngine } from './still'

const settings = defaultSettings(model, 'pag')
const models = (id: string) => (id === model.id ? model : null)
const plan = (axes: AxisTexts) => planOf(axes, settings, models)
function ready(axes: AxisTexts): ReadyPlan {
  const made = plan(axes)
  if (made.kind !== 'ready') throw new Error(made.why)
  return made
}

describe('axes', () => {
  it('are in the address as they were typed, and are read from it', () => {
    const axes = { x: { key: 'scale', text: '0..2 by 0.25' }, z: { key: 'class', text: '0, none' } }
    expect(readAxes(writeAxes(axes))).toEqual(axes)
    expect(readAxes({})).toBeNull()
    expect(readAxes({ x: 'nonsense' })).toBeNull()
  })

  it('are suggested to who says none: methods down, scales along, all of which can be drawn', () => {
    const axes = suggested(axisKeys(settings, model))
    expect(axes).toMatchObject({ x: { key: 'scale' }, y: { key: 'method' } })
    const { cells, grid } = ready(axes)
    expect(grid.axes.map(({ values }) => values.length)).toEqual([5, 4])
    expect(cells.filter(({ kind }) => kind === 'refused')).toEqual([])
  })

  it.each([
    [{}, null, 'Choose a setting'],
    [{ x: { key: 'scale', text: '2..1 by 1' } }, 'x', 'backwards'],
    [{ x: { key: 'colour', text: '1' } }, 'x', 'colour'],
    [{ x: { key: 'seed', text: '1' }, y: { key: 'seed', text: '2' } }, 'y', 'another axis'],
    [{ x: { key: 'scale', text: '0, 1' }, y: { key: 'method', text: 'pag, pga' } }, 'y', '“pga” is not understood'],
    [{ x: { key: 'scale', text: '0, much' } }, 'x', '“much” is not understood: Scale must be'],
    [{ x: { key: 'layers', text: 'all, 99' } }, 'x', '“99” is not understood'],
    [{ x: { key: 'window.low', text: '0, soon' } }, 'x', '“soon” is not understood'],
    [{ x: { key: 'model', text: `${model.id}, nowhere` } }, 'x', 'Write another value, or leave it out.'],
    [{ x: { key: 'seed', text: '1..30 by 1' }, y: { key: 'scale', text: '1..20 by 1' } }, null, 'These are 600'],
  ] as const)('%o can’t be one, and says whose fault it is', (axes, slot, why) => {
    expect(plan(axes)).toEqual({ kind: 'faulty', slot, why: expect.stringContaining(why) })
  })

  it('of whatever order of typing make the same grid under the same name, and other settings another', () => {
    const axes = { x: { key: 'scale', text: '0, 0.5, 1' } }
    expect(ready({ x: { key: 'scale', text: '0..1 by 0.5' } }).id).toBe(ready(axes).id)
    const other = planOf(axes, { ...settings, seed: 2 }, models)
    expect(other).not.toMatchObject({ id: ready(axes).id })
    // The stage's number of samples is none of a cell's.
    expect(planOf(axes, { ...settings, samples: 9 }, models)).toMatchObject({ id: ready(axes).id })
  })
})

describe('batches', () => {
  const sizes = (axes: AxisTexts) => batchesOf(pictured(ready(axes).cells)).map((batch) => batch.length)

  it('are whole lines, split evenly where they are long, and together where they are short', () => {
    const methods = { key: 'method', text: 'pag, seg' }
    expect(sizes({ x: { key: 'scale', text: '0..4 in 5' }, y: methods })).toEqual([5, 5])
    expect(sizes({ x: { key: 'scale', text: '1..8 by 1' }, y: methods })).toEqual([4, 4, 4, 4])
    expect(sizes({ x: { key: 'scale', text: '1, 2' }, y: { key: 'seed', text: '1..7 by 1' } })).toEqual([6, 6, 2])
    expect(sizes({ x: methods })).toEqual([2])
  })

  it('hold a picture once, where a setting means nothing to a method', () => {
    const { cells } = ready({ x: { key: 'sigma', text: '1, 2, 3' }, y: { key: 'method', text: 'pag, seg' } })
    expect(cells).toHaveLength(6)
    expect(pictured(cells)).toHaveLength(4)
  })
})

interface Asked {
  readonly settings: readonly Settings[]
  readonly signal: AbortSignal
  done(): Promise<void>
  fail(why: string): Promise<void>
}

const settle = () => new Promise((resolve) => setTimeout(resolve))

/** A drawing whose engine draws when it is told to. */
function studio(storage: LabStorage = memoryStorage(), engineFailed = () => false) {
  const asked: Asked[] = []
  let clock = 0
  /** Until the next batch is asked for, or there is none. */
  const next = () => {
    const before = asked.length
    const over = () => asked.length > before || drawing.store.getState().state !== 'drawing'
    return vi.waitFor(() => expect(over()).toBe(true), { interval: 1 })
  }
  const engine = stillEngine({
    draw: (all, _alone, signal, told) =>
      new Promise<readonly FinalSample[]>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
        asked.push({
          settings: all,
          signal,
          done: async () => {
            clock += 1000
            told?.({ asked: 10 * all.length, evaluated: 9 * all.length })
            resolve(all.map((own) => ({ positive: null, negative: null, guided: image(own.scale) })))
            await next()
          },
          fail: async (why) => {
            reject(new Error(why))
            await next()
          },
        })
      }),
  })
  const failure = { code: 'internal', message: '', remedy: '', retryable: true } as const
  const drawing = createDrawing({
    engine: () => engine,
    storage,
    now: () => clock,
    port: { models: [model] },
    store: { getState: () => ({ engine: engineFailed() ? { kind: 'failed', failure } : LOADING }) },
  })
  const mean = (axes: AxisTexts) => drawing.mean(ready(axes), '#room=lab&tab=grid', 'A grid')
  return { drawing, asked, mean, state: () => drawing.store.getState() }
}

const FOUR_BY_TWO = { x: { key: 'scale', text: '1, 2, 3, 4' }, y: { key: 'seed', text: '7, 8' } }

describe('a drawing', () => {
  it('draws line by line, and tells how far it is, how long it takes and what was shared', async () => {
    const { drawing, asked, mean, state } = studio()
    await mean(FOUR_BY_TWO)
    expect(asked).toHaveLength(0)
    drawing.go()
    await settle()
    expect(asked[0]!.settings.map(({ scale, seed }) => [scale, seed])).toEqual([1, 2, 3, 4].map((scale) => [scale, 7]))
    expect(state().under.size).toBe(4)
    await asked[0]!.done()
    expect(progressWords(state())).toBe('4 of 8 pictures, about 1 s left')
    await asked[1]!.done()
    expect(state()).toMatchObject({ state: 'done', rows: { asked: 80, evaluated: 72 }, millisecondsLeft: null })
    expect(savedWords(state())).toContain('72 evaluations of the network; 8 more (10 %) were saved')
    const json = gridJson({
      ...state(),
      plan: state().plan!,
      model,
      models: [model],
      caption: '',
      link: 'http://page/#g',
    })
    expect(json).toMatchObject({
      link: 'http://page/#g',
      axes: [
        { slot: 'x', key: 'scale' },
        { slot: 'y', key: 'seed' },
      ],
    })
    expect((json.cells as readonly object[])[5]).toMatchObject({
      at: [1, 1],
      preset: toPreset({ ...settings, scale: 2, seed: 8 }),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it('that was left in the middle goes on by itself where its address is opened again, with what is missing', async () => {
    const storage = memoryStorage()
    const before = studio(storage)
    await before.mean(FOUR_BY_TWO)
    before.drawing.go()
    await settle()
    await before.asked[0]!.done()
    expect(await keptGrids(storage)).toMatchObject([{ state: 'drawing', done: 4, total: 8, title: 'A grid' }])
    // The page is gone: nobody stops anything.
    const after = studio(storage)
    await after.mean(FOUR_BY_TWO)
    await settle()
    expect(after.asked.map((batch) => batch.settings.map(({ seed }) => seed))).toEqual([[8, 8, 8, 8]])
    expect(progressWords(after.state())).toBe('4 of 8 pictures, 4 of them from before')
    await after.asked[0]!.done()
    expect(after.state()).toMatchObject({ state: 'done', rows: { asked: 80, evaluated: 72 } })
    expect(await keptGrids(storage)).toEqual([])
    // Another grid that has some of the same cells finds them.
    await after.mean({ x: { key: 'scale', text: '3, 4, 5' }, y: { key: 'seed', text: '8' } })
    expect(after.state()).toMatchObject({ state: 'idle', before: 2, total: 3 })
  })

  it('whose page ends as soon as pictures are kept has counted what they took', async () => {
    const storage = memoryStorage()
    let gone = false
    const before = studio({
      ...storage,
      async put(entries) {
        if (gone) return
        gone = entries.pictures !== undefined
        await storage.put(entries)
      },
    })
    await before.mean(FOUR_BY_TWO)
    before.drawing.go()
    await settle()
    await before.asked[0]!.done()
    expect(gone).toBe(true)
    const after = studio(storage)
    await after.mean(FOUR_BY_TWO)
    await settle()
    expect(after.state()).toMatchObject({ before: 4, rows: { asked: 40, evaluated: 36 } })
  })

  it('that was paused waits to be gone on with, and one that was cancelled is gone', async () => {
    const storage = memoryStorage()
    const { drawing, asked, mean, state } = studio(storage)
    await mean(FOUR_BY_TWO)
    drawing.go()
    await settle()
    drawing.pause()
    expect(asked[0]!.signal.aborted).toBe(true)
    await settle()
    expect(state()).toMatchObject({ state: 'paused', rows: { asked: 0, evaluated: 0 } })
    const after = studio(storage)
    await after.mean(FOUR_BY_TWO)
    expect(after.asked).toHaveLength(0)
    expect(after.state().state).toBe('paused')
    after.drawing.go()
    await settle()
    expect(after.asked).toHaveLength(1)
    after.drawing.cancel()
    await settle()
    expect(after.state().state).toBe('idle')
    expect(await keptGrids(storage)).toEqual([])
  })

  it('rests while the lab is not seen', async () => {
    const { drawing, asked, mean, state } = studio()
    await mean(FOUR_BY_TWO)
    drawing.go()
    await settle()
    drawing.show(false)
    expect(asked[0]!.signal.aborted).toBe(true)
    expect(state().state).toBe('drawing')
    drawing.show(true)
    await settle()
    expect(asked).toHaveLength(2)
    expect(asked[1]!.signal.aborted).toBe(false)
  })

  it('of which a cell fails draws the others one by one, and says why', async () => {
    const { drawing, asked, mean, state } = studio()
    await mean({ x: { key: 'scale', text: '1, 20' } })
    drawing.go()
    await settle()
    await asked[0]!.fail('numbers left the range')
    await asked[1]!.done()
    await asked[2]!.fail('numbers left the range')
    expect(state()).toMatchObject({ state: 'done', under: new Set() })
    expect([...state().failures.values()]).toEqual(['numbers left the range'])
    expect(state().pictures.size).toBe(1)
  })

  it('stops where the engine fails, and is kept to be gone on with', async () => {
    const storage = memoryStorage()
    const { drawing, asked, mean, state } = studio(storage, () => true)
    await mean(FOUR_BY_TWO)
    drawing.go()
    await settle()
    await asked[0]!.fail('the device was lost')
    await settle()
    expect(asked).toHaveLength(1)
    expect(progressWords(state())).toBe('Stopped at 0 of 8 pictures: the device was lost')
    expect(await keptGrids(storage)).toMatchObject([{ state: 'paused' }])
  })
})

it('leaves a cell whose method is known but can’t run here, and says why in it', () => {
  const alone = { ...model, networks: model.networks.slice(0, 1) }
  const made = planOf({ x: { key: 'method', text: 'pag, autoguidance' } }, settings, () => alone)
  expect(made.kind === 'ready' && made.cells.map(({ kind }) => kind)).toEqual(['ready', 'refused'])
})

it('says on the saved picture, too, which setting a method does not have, under its cell and over the next', () => {
  const own = ready({ x: { key: 'sigma', text: '1, 5' }, y: { key: 'method', text: 'pag, seg' } })
  const parts: SheetParts = {
    plan: own,
    model,
    models: [model],
    caption: '',
    link: '',
    pictures: new Map(),
    failures: new Map(),
    rows: { asked: 0, evaluated: 0 },
  }
  const words = wordsOf(parts)
  const lacks = words.filter(({ text }) => text.startsWith('has no'))
  expect(lacks).toHaveLength(2)
  expect(new Set(lacks.map(({ x }) => x)).size).toBe(2)
  const rowOf = (name: string) => words.find(({ text }) => text.startsWith(name))!.y
  const [first, second] = [rowOf('PAG'), rowOf('SEG')]
  for (const { y } of lacks) expect(first < y && y < second).toBe(true)
  // Nothing is lacking, so nothing is left free for it.
  const plain = wordsOf({
    ...parts,
    plan: ready({ x: { key: 'scale', text: '1, 2' }, y: { key: 'method', text: 'pag, seg' } }),
  })
  const gap = (all: typeof words) =>
    all.find(({ text }) => text.startsWith('SEG'))!.y - all.find(({ text }) => text.startsWith('PAG'))!.y
  expect(gap(words)).toBeGreaterThan(gap(plain))
})

it('breaks labels between words', () => {
  expect(wrapped('one two three', 7)).toEqual(['one two', 'three'])
  expect(wrapped('incomprehensible', 5)).toEqual(['incomprehensible'])
})
