/** Curves of the lab: what is drawn when, what goes on after a reload, and who is dropped. */
import { describe, expect, it } from 'vitest'
import { normals } from '../../../src/core/random'
import { measured, type Judged } from '../../../src/evaluation/metrics'
import { defaultSettings } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import { memoryStorage, type LabStorage } from '../../../src/storage/lab'
import { nextTurn, milestone } from '../../../src/ui/rooms/lab/judged/turns'
import { drawnOf, plainOf } from '../../../src/lab/point'
import { isPlain, pointOf } from '../../../src/ui/rooms/lab/judged/point'
import { createPointWork } from '../../../src/ui/rooms/lab/judged/work'
import { readAddress } from '../../../src/ui/rooms/lab/address'
import { createCurvesDesk, unfinished } from '../../../src/ui/rooms/lab/tabs/curves/desk'
import {
  ADDRESS_KEYS,
  axesOf,
  axesRead,
  firstWish,
  saidOf,
  wishOf,
  type Wish,
} from '../../../src/ui/rooms/lab/tabs/curves/curve'
import { stepsOf, triedOf } from '../../../src/ui/rooms/lab/tabs/curves/search'
import { createSearchDesk } from '../../../src/ui/rooms/lab/tabs/curves/search-desk'
import { acrossOf, beyond, upOf } from '../../../src/ui/rooms/lab/plot/scales'
import { storedOf } from '../../../src/ui/rooms/lab/tabs/curves/stored'
import { unguidedText } from '../../../src/ui/rooms/lab/tabs/curves/Search'
import { against, hasLook } from '../../../src/ui/rooms/lab/tabs/curves/view'
import { fakeModel } from '../../browser/page/fake-engine'

const model = fakeModel
const settings: Settings = { ...defaultSettings(model, 'pag', 0), scale: 1, seed: 1 }
const WIDTH = 2
const JUDGE = 'a digest of a judge'
const real = {
  width: WIDTH,
  moments: { mean: new Float64Array(WIDTH), covariance: Float64Array.of(1, 0, 0, 1) },
  count: 1000,
  features: Float32Array.from(normals(7, 0, 2 * 8)),
}

/** A page on an imitation: the best scale is 1, and the further from it, the further the images are from the real ones. */
function page(storage: LabStorage) {
  const drawn: Settings[] = []
  const alone: (readonly string[])[] = []
  let held: (() => void) | null = null
  let holding = Infinity
  const work = createPointWork({
    storage,
    engine: () => ({
      draw: async (asked, lone, signal) => {
        if (drawn.length >= holding) await new Promise<void>((resolve) => (held = resolve))
        signal.throwIfAborted()
        drawn.push(...asked)
        alone.push(lone)
        return asked.map((own) => ({
          positive: null,
          negative: null,
          guided: Float32Array.of(own.method === 'none' ? 0 : own.scale, own.seed),
        }))
      },
      judge: async (_, images) =>
        images.map(([scale, seed]) => ({
          features: Float32Array.from(normals(seed!, 0, WIDTH), (value) => value + 0.5 * (scale! - 1)),
          seen: seed! % 3,
        })),
    }),
    open: async () => ({
      kit: { info: {} as never, graph: new Uint8Array(), weights: new Uint8Array(), statistics: new Uint8Array() },
      meter: {
        measure: () => Promise.reject(new Error('nobody asks')),
        measured: async (sets: readonly (readonly Judged[])[]) => sets.map((set) => measured(set, real)),
        distances: () => Promise.reject(new Error('nobody asks')),
        dispose: () => undefined,
      },
    }),
    together: () => 1,
    now: () => 0,
    date: () => 0,
    onMeasured: () => undefined,
  })
  const parts = { work, storage, judgeOf: async () => JUDGE, date: () => 0 }
  const desk = createCurvesDesk(parts)
  const search = createSearchDesk(parts)
  const state = () => desk.store.getState()
  /** Until it is done, or failed. */
  const ended = async ({
    store,
  }: { readonly store: { getState(): { stage: string; message: string | null } } } = desk) => {
    while (!['done', 'failed'].includes(store.getState().stage)) await new Promise((resolve) => setTimeout(resolve))
    expect(store.getState().message).toBeNull()
  }
  return {
    work,
    desk,
    search,
    state,
    drawn,
    alone,
    ended,
    holdAfter: (images: number) => (holding = images),
    heldNow: async () => {
      while (held === null) await new Promise((resolve) => setTimeout(resolve))
    },
  }
}

const wish = (change: Partial<Wish> = {}): Wish => ({
  along: { key: 'scale', text: '0..3 by 0.5' },
  lines: null,
  images: 100,
  stop: false,
  ...change,
})

describe('turns', () => {
  it('give the point with the fewest images the next ones', () => {
    const points = [
      { key: 'a', have: 8, want: 10 },
      { key: 'b', have: 5, want: 10 },
      { key: 'c', have: 2, want: 2 },
    ]
    expect(nextTurn(points)).toEqual({ key: 'b', from: 5, count: 3 })
    expect(nextTurn(points.slice(0, 1))).toEqual({ key: 'a', from: 8, count: 2 })
    expect(nextTurn(points.slice(2))).toBeNull()
  })

  it.each([
    [19, 100, 0],
    [20, 100, 20],
    [99, 100, 50],
    [100, 100, 100],
    [130, 500, 100],
    [150, 500, 150],
    [399, 500, 300],
    [500, 500, 500],
    [500, 100, 100],
    [15, 10, 0],
  ])('with %d of %d images %d are measured', (have, want, images) => expect(milestone(have, want)).toBe(images))
})

describe('points', () => {
  it('at s = 0 are no guidance, by the same network, whatever their method', () => {
    const zero = { ...settings, scale: 0 }
    const plain = plainOf(settings, model)
    expect(drawnOf(zero, model)).toEqual({ ...plain, seed: 1 })
    const seg = { ...defaultSettings(model, 'seg', 3), scale: 0, seed: 1, network: 'small' }
    expect(pointOf(zero, model, JUDGE).key).toBe(pointOf(plain, model, JUDGE).key)
    expect(pointOf(seg, model, JUDGE).key).not.toBe(pointOf(plain, model, JUDGE).key)
    expect(isPlain(pointOf(seg, model, JUDGE))).toBe(true)
    expect(isPlain(pointOf(settings, model, JUDGE))).toBe(false)
  })

  it('have one key for all classes, which take turns, and another for another judge', () => {
    const key = (own: Settings, judge = JUDGE) => pointOf(own, model, judge).key
    expect(key({ ...settings, class: 4, samples: 9 })).toBe(key(settings))
    expect(key({ ...settings, seed: 2 })).not.toBe(key(settings))
    expect(key(settings, 'another')).not.toBe(key(settings))
  })
})

describe('a curve', () => {
  it('draws all points on the same seeds in turn, guided alone, and no guidance once', async () => {
    const { desk, drawn, alone, ended, state, work } = page(memoryStorage())
    desk.start(wish(), settings, model)
    await ended()
    expect(drawn).toHaveLength(700)
    expect(new Set(drawn.map(({ seed }) => seed)).size).toBe(100)
    expect(drawn.filter(({ method }) => method === 'none')).toHaveLength(100)
    expect(alone.every((lone) => lone.length === 0)).toBe(true)
    // After as many images as a turn of all takes, all have as many.
    const [first] = [drawn.slice(0, 28)]
    expect(new Set(first!.map(({ scale, method }) => `${method} ${scale}`)).size).toBe(7)
    const { points } = work.store.getState()
    const { curve, plain } = state()
    for (const { point, text } of curve!.places) {
      const difference = against(points[point!.key], points[plain!.key])!
      expect(difference.samples).toBe(100)
      if (text === '0') expect(difference.frechet).toEqual({ value: 0, margin: 0 })
      else expect(difference.frechet.margin).toBeGreaterThan(0)
    }
  })

  it('goes on after a reload in the middle, and draws no image twice', async () => {
    const storage = memoryStorage()
    const before = page(storage)
    before.holdAfter(301)
    before.desk.start(wish(), settings, model)
    await before.heldNow()
    // The page is gone; nothing is said to it.
    const after = page(storage)
    await after.desk.resume(wish(), settings, model)
    await after.ended()
    expect(before.drawn.length + after.drawn.length).toBe(700)
    const whole = page(memoryStorage())
    whole.desk.start(wish(), settings, model)
    await whole.ended()
    const sets = (one: typeof whole) => Object.values(one.work.store.getState().points).map((own) => own.sets[100])
    expect(sets(after)).toEqual(sets(whole))
  })

  it('does not go on with another curve, nor with one that was paused', async () => {
    const storage = memoryStorage()
    const before = page(storage)
    before.holdAfter(150)
    before.desk.start(wish(), settings, model)
    await before.heldNow()
    before.desk.pause()
    expect(before.state().stage).toBe('paused')
    // The way back is an address that says it whole.
    const left = readAddress(
      `#room=lab&tab=curves&${await unfinished(storage)}`,
      [model],
      [{ id: 'curves', keys: ADDRESS_KEYS }],
    )
    expect(wishOf(left.said)).toEqual(wish())
    expect(left.settings).toMatchObject({ method: 'pag', scale: 1, seed: 1 })
    const after = page(storage)
    await after.desk.resume(wish({ images: 200 }), settings, model)
    expect(after.state().stage).toBe('idle')
    await after.desk.resume(wish(), settings, model)
    expect(after.state().stage).toBe('paused')
    expect(after.drawn).toEqual([])
    after.desk.start(wish(), settings, model)
    await after.ended()
    expect(before.drawn.length + after.drawn.length).toBe(700)
    expect(await unfinished(storage)).toBeNull()
  })

  it('rests while its room is not seen', async () => {
    const one = page(memoryStorage())
    one.holdAfter(60)
    one.desk.start(wish({ images: 20 }), settings, model)
    await one.heldNow()
    one.desk.show(false)
    one.holdAfter(Infinity)
    one.desk.show(true)
    await one.ended()
    expect(one.drawn).toHaveLength(140)
  })

  it('stops where it is decided, and refines the point that a person asks for', async () => {
    const { desk, drawn, ended, state, work } = page(memoryStorage())
    desk.start(wish({ stop: true, images: 400 }), settings, model)
    await ended()
    const best = state().curve!.places.find(({ text }) => text === '1')!.point!.key
    expect(state().left!.map(({ id }) => id)).toEqual([best])
    expect(Object.keys(state().beaten)).toHaveLength(6)
    expect(drawn.length).toBeLessThan(7 * 400)
    const before = drawn.length
    const out = state().curve!.places.find(({ text }) => text === '3')!.point!.key
    const had = work.store.getState().points[out]!.have
    desk.refine(out, 100)
    await ended()
    expect(drawn.length - before).toBe(100)
    expect(work.store.getState().points[out]!.have).toBe(had + 100)
  })

  it('says of a place that can’t be run why, and draws the others', async () => {
    const { desk, drawn, ended, state } = page(memoryStorage())
    desk.start(wish({ along: { key: 'layers', text: '0, 99' }, images: 20 }), settings, model)
    await ended()
    expect(state().curve!.places[1]).toMatchObject({ point: null, why: expect.stringMatching(/99/) })
    expect(drawn).toHaveLength(40)
  })
})

describe('a search', () => {
  const from: Settings = { ...settings, scale: 0.5 }

  it('goes from scale to layers to window, hands its leader on, and keeps what it tried', async () => {
    const { search, ended } = page(memoryStorage())
    search.start(from, model, 100)
    await ended(search)
    const { steps, best } = search.store.getState()
    expect(steps.map(({ step }) => step)).toEqual(['scale', 'layers', 'window'])
    expect(steps[0]!.tried.map(({ text }) => text)).toEqual(['0', '0.125', '0.25', '0.5', '1', '2'])
    expect(best).toMatchObject({ method: 'pag', scale: 1, layers: 'all', window: [0, Infinity] })
    const leads = steps[0]!.left![0]!.id
    expect(steps[0]!.tried.find(({ point }) => point!.key === leads)!.text).toBe('1')
    // What makes no difference is not told apart: nothing is dropped, and the settings stay as they were.
    for (const { tried, left } of steps.slice(1)) expect(left).toHaveLength(tried.length)
    for (const { tried } of steps.slice(1)) expect(tried.every(({ point }) => point!.settings.scale === 1)).toBe(true)
  })

  it('goes on after a reload, and draws no image twice', async () => {
    const storage = memoryStorage()
    const whole = page(memoryStorage())
    whole.search.start(from, model, 100)
    await whole.ended(whole.search)
    const before = page(storage)
    before.holdAfter(500)
    before.search.start(from, model, 100)
    await before.heldNow()
    const after = page(storage)
    await after.search.resume(from, model)
    await after.ended(after.search)
    expect(before.drawn.length + after.drawn.length).toBe(whole.drawn.length)
    expect(after.search.store.getState().best).toEqual(whole.search.store.getState().best)
  })

  it('asks nothing of layers where the method has none, and nothing at all of no guidance', () => {
    expect(stepsOf(defaultSettings(model, 'autoguidance', 0), model)).toEqual(['scale', 'window'])
    expect(stepsOf(defaultSettings(model, 'none', 0), model)).toEqual([])
    const texts = triedOf('layers', { ...settings, layers: [2, 3] }, model, JUDGE).map(({ text }) => text)
    expect(texts).toEqual(['2_3', 'all', '0', '1', '2', '3', '4', '5', '6'])
  })
})

describe('what is wished', () => {
  it('goes through the address and back, and begins with seven scales', () => {
    const two = wish({ lines: { key: 'layers', text: '0, 2_3: all' }, stop: true, images: 500 })
    expect(wishOf(saidOf(two))).toEqual(two)
    expect(axesOf(firstWish(settings))[0]!.values).toEqual(['0', '0.5', '1', '1.5', '2', '2.5', '3'])
    expect(wishOf({ curve: 'seed:1, 2' })).toBeNull()
    expect(wishOf({ curve: 'scale:0, 1', each: '1e9' })!.images).toBe(100)
  })

  it('is refused in a sentence', () => {
    expect(() => axesOf(wish({ along: { key: 'scale', text: '0..60 by 1' } }))).toThrow('61 points')
    expect(() => axesOf(wish({ lines: { key: 'scale', text: '0, 1' } }))).toThrow('Both axes vary')
    const strange = wish({ lines: { key: 'method', text: 'pag, pga' } })
    expect(axesRead(strange, settings, model)).toEqual({
      axes: null,
      why: expect.stringContaining('“pga” is not understood'),
    })
  })
})

describe('the drawing', () => {
  it('places numbers by their size, wide ranges by their logarithm, infinity at the end, and others in a row', () => {
    const { of, kind } = acrossOf(['0', '1', '4'])
    expect([kind, of('1'), of('2'), of('5')]).toEqual(['linear', 0.25, 0.5, null])
    expect(acrossOf(['0.01', '1', '100']).of('1')).toBeCloseTo(0.5)
    const open = acrossOf(['0', '1', 'inf'])
    expect([open.of('1'), open.of('inf')]).toEqual([0.5, 1])
    expect(acrossOf(['all', '2_3', '4']).of('2_3')).toBe(0.5)
  })

  it('cuts what is far worse than most, and shows intervals whole', () => {
    const at = (value: number, margin: number | null = 1) => ({ value, margin })
    const { low, high } = upOf([at(4), at(5), at(6), at(7), at(90)], { better: 'lower', share: false })
    expect(low).toBeLessThan(3)
    expect(high).toBeGreaterThan(8)
    expect(high).toBeLessThan(20)
    // Where higher is better, the other way round; and no share is cut.
    const turned = upOf([at(-4), at(-5), at(-6), at(-7), at(-90)], { better: 'higher', share: false })
    expect([turned.high, turned.low]).toEqual([-low, -high])
    expect([-90, -5, 0].map((value) => beyond(value, turned))).toEqual(['below', null, 'above'])
    const shares = [at(0.99, null), at(0.95, null), at(0.1, null)]
    expect(upOf(shares, { better: 'higher', share: true }).low).toBeLessThan(0.1)
  })

  it('has under it what was stored of the same settings, of one number of images', () => {
    const point = (scale: number, images: number) => ({
      x: scale,
      settings: { ...settings, class: 5, seed: 9, scale },
      frechet: { value: scale, margin: 0.1 },
      against: null,
      images,
    })
    const curve = (images: number, scales: readonly number[]) => ({
      name: '',
      title: '',
      key: 'scale',
      across: '',
      images,
      points: scales.map((scale) => point(scale, images)),
    })
    const stored = storedOf([], [curve(500, [0, 1, 2]), curve(5000, [1])], settings, 'scale')
    expect(stored.map(({ text, images }) => [text, images])).toEqual([
      ['0', 500],
      ['1', 500],
      ['2', 500],
    ])
    expect(storedOf([], [curve(500, [0, 1])], { ...settings, steps: 4 }, 'scale')).toEqual([])
    expect(storedOf([], [curve(500, [2, 0, 1])], settings, 'scale').map(({ text }) => text)).toEqual(['0', '1', '2'])
  })
})

it('says of no guidance whether scales are worse, or only not told apart', () => {
  const step = (left: number) => ({
    step: 'scale' as const,
    tried: [],
    beaten: {},
    left: Array.from({ length: left }, (_, i) => ({ id: String(i), behind: { value: i, margin: 9 } })),
    images: 100,
  })
  expect(unguidedText({ steps: [step(3)] })).toContain('told apart')
  expect(unguidedText({ steps: [step(1)] })).toContain('every other scale is worse')
})

it('offers a look only where some point has it', () => {
  const blocked = { whole: 1, without: [] }
  const set = { indices: [0], frechet: blocked, agreement: null, precision: blocked, recall: blocked }
  const state = { have: 20, want: 20, pictures: [], failure: null }
  const without = { a: { ...state, sets: { 20: { ...set, clarity: null, shift: null } } } }
  const withSome = { ...without, b: { ...state, sets: { 20: { ...set, clarity: blocked, shift: blocked } } } }
  expect([hasLook('clarity', without), hasLook('clarity', withSome), hasLook('recall', without)]).toEqual([
    false,
    true,
    true,
  ])
})
