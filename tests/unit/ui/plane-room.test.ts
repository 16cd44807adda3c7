/** The room of the plane: where points are between two steps, what is said of them, and workers that share them. */
import { describe, expect, it, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { contour } from '../../../src/plane/grid'
import type { Measures } from '../../../src/plane/measures'
import { cellsNear, momentAt, pointNear, pointsAt, trace } from '../../../src/ui/rooms/plane/geometry'
import type { Done, Reply } from '../../../src/ui/rooms/plane/messages'
import { createWalking, type PlaneState, type Shown, START } from '../../../src/ui/rooms/plane/plane'
import { planeFacts } from '../../../src/ui/rooms/plane/facts'
import { likelihoodText, verdict } from '../../../src/ui/rooms/plane/words'
import { createAsked, createWorkers, shared, together, type WorkerPort } from '../../../src/ui/rooms/plane/workers'
import { planeModel } from '../../../src/plane/model'
import { firstSettings } from '../../../src/settings'
import mixtureFile from '../../../models/plane/mixture.json'
import networksFile from '../../../models/plane/networks.json'

const model = planeModel(networksFile, mixtureFile.classes)
const settings = firstSettings(model)
const sigmas = [4, 1, 0.25, 0]
const path = [4, 1, 0.25, 0].map((at) => Float32Array.of(at, -at, 1, 1))

describe('between two steps', () => {
  it('the noise falls by factors, to 0 evenly, and points go straight', () => {
    expect(momentAt(0.5 / 3, sigmas)).toEqual({ step: 0, share: 0.5, sigma: 2, nearest: 1 })
    expect(momentAt(1, sigmas)).toMatchObject({ step: 2, share: 1, sigma: 0, nearest: 3 })
    const half = momentAt(2.5 / 3, sigmas)
    expect(half.sigma).toBeCloseTo(0.125)
    // On the way of this path x is σ.
    for (const at of [0, 0.1, 0.5, 0.77, 1]) {
      const moment = momentAt(at, sigmas)
      expect(pointsAt(path, moment, sigmas)[0]).toBeCloseTo(moment.sigma, 5)
    }
  })

  it('a way is seen through the view of each level', () => {
    const way = trace(path, 1, momentAt(0.5, sigmas), sigmas, 0.5)
    expect(way).toHaveLength(3)
    expect(way[0]![0]).toBeCloseTo(1 / (1.4 * Math.sqrt(65)), 6)
  })

  it('the nearest point is found, and none far off', () => {
    expect(pointNear(Float32Array.of(0, 0, 1, 1), 2, 0.48, 0.5)).toBe(1)
    expect(pointNear(Float32Array.of(0, 0, 1, 1), 2, -0.5, 0.5)).toBeNull()
    const near = cellsNear(Float32Array.of(-0.99, -0.99), 1, 4)
    expect(near.flatMap((is, i) => (is ? i : []))).toEqual([0, 1, 4, 5])
  })
})

it('a contour of a cone is a circle', () => {
  const values = Float64Array.from({ length: 81 }, (_, i) => -Math.hypot((i % 9) - 4, Math.floor(i / 9) - 4))
  const line = contour(values, 9, -2.5)
  expect(line.length).toBeGreaterThan(4 * 12)
  for (let at = 0; at < line.length; at += 2) expect(Math.hypot(line[at]! - 4, line[at + 1]! - 4)).toBeCloseTo(2.5, 0)
})

const measures = (outside: number, covered: number): Measures => ({
  flags: Uint8Array.from({ length: 10 }, (_, i) => (i < outside ? 1 : 0)),
  logLikelihood: -outside,
  logMedian: 0,
  outside: outside / 10,
  covered,
  twigs: 16,
})

const shown = (positive: Measures, guided: Measures): Shown => ({
  settings,
  sigmas,
  paths: { positive: path, negative: null, guided: path },
  evaluations: 7,
  push: 0,
  milliseconds: 1,
  measures: { positive, negative: null, guided },
})

it.each([
  [measures(5, 16), measures(2, 16), 'Guidance brings 3 of 5 stray points back in.'],
  [measures(5, 16), measures(2, 15), 'Guidance brings 3 of 5 stray points back in, and 1 twig is no longer reached.'],
  [
    measures(2, 16),
    measures(6, 13),
    /^Guidance overshoots: 4 more points .* 6 instead of 2, and 3 twigs are no longer/,
  ],
  [measures(2, 16), measures(2, 16), 'As many points lie outside as without guidance: 2.'],
])('says what guidance did', (positive, guided, said) => expect(verdict(shown(positive, guided))).toMatch(said))

it('tells lessons of points that are those of the settings', () => {
  const facts = planeFacts(shown(measures(5, 8), measures(2, 16)), true)
  expect(facts).toMatchObject({
    'outside.guided': 0.2,
    'covered.positive': 0.5,
    'loglik.guided': -2,
    method: 'autoguidance',
  })
  expect(facts).not.toHaveProperty('outside.negative')
  expect(planeFacts(shown(measures(5, 8), measures(2, 16)), false)).toEqual({})
})

/** A worker that answers when it is told to. */
function fakeWorker() {
  const asked: Parameters<WorkerPort['postMessage']>[0][] = []
  const port: WorkerPort = {
    postMessage: (message) => void asked.push(message),
    terminate: () => undefined,
    onmessage: null,
    onerror: null,
  }
  const reply = (data: Reply) => port.onmessage?.(new MessageEvent('message', { data }))
  return { asked, port, reply }
}

const part = (values: readonly number[], push: number): Done<'walk'>['answer'] => {
  const own = [Float32Array.from(values)]
  return {
    sigmas: [0],
    paths: { positive: own, negative: null, guided: own },
    evaluations: 5,
    push,
    milliseconds: push,
  }
}

it('says how likely points are in few digits, also of those that were pushed out of all bounds', () => {
  expect([-1.214, -9999, -5.7e57, NaN].map((logLikelihood) => likelihoodText({ logLikelihood }))).toEqual([
    '−1.21',
    '−9999.00',
    '< −9999',
    '< −9999',
  ])
})

describe('the walk', () => {
  /** A store whose points are walked by one worker, which answers when it is told to. */
  function walking() {
    const { asked, port, reply } = fakeWorker()
    const store = createStore<PlaneState>(() => START)
    const walk = createWalking(
      model,
      store,
      createWorkers(1, () => port),
    )
    const answer = async () => {
      reply({ id: asked.length, kind: 'done', job: 'walk', answer: part([1, 2], 1) })
      await vi.waitFor(() => expect(asked.at(-1)?.job).toBe('measure'))
      const measured = { positive: null, negative: null, guided: measures(0, 16) }
      reply({ id: asked.length, kind: 'done', job: 'measure', answer: measured })
    }
    return { asked, store, walk, reply, answer }
  }
  const refused = { ...settings, rescale: 0.5 }

  it('of several settings goes the first and the last, whose points are current', async () => {
    const { asked, store, walk, answer } = walking()
    const scales = [1, 2, 3].map((scale) => ({ ...settings, scale }))
    scales.forEach(walk)
    await answer()
    await vi.waitFor(() => expect(asked).toHaveLength(3))
    expect(store.getState()).toMatchObject({ current: false, shown: { settings: { scale: 1 } } })
    await answer()
    await vi.waitFor(() => expect(store.getState()).toMatchObject({ current: true, shown: { settings: { scale: 3 } } }))
  })

  it('does not take points for those of settings that were refused meanwhile, nor walks what waited before', async () => {
    const { asked, store, walk, answer } = walking()
    walk(settings)
    walk({ ...settings, scale: 3 })
    walk(refused)
    await answer()
    await vi.waitFor(() => expect(store.getState().shown).not.toBeNull())
    expect(store.getState().current).toBe(false)
    expect(asked).toHaveLength(2)
  })

  it('tells what went wrong with what is asked for, and nothing of what no longer is', async () => {
    const { asked, store, walk, reply } = walking()
    walk(settings)
    walk({ ...settings, scale: 3 })
    reply({ id: 1, kind: 'failed', job: 'walk', why: 'the first' })
    await vi.waitFor(() => expect(asked).toHaveLength(2))
    expect(store.getState().failure).toBeNull()
    reply({ id: 2, kind: 'failed', job: 'walk', why: 'the last' })
    await vi.waitFor(() => expect(store.getState().failure).toBe('the last'))
  })
})

describe('workers', () => {
  it('share the rows, and their parts are put together in order', async () => {
    expect(shared(20, 3)).toEqual([
      [0, 7],
      [7, 6],
      [13, 7],
    ])
    const workers = [fakeWorker(), fakeWorker()]
    let made = 0
    const walking = createWorkers(2, () => workers[made++]!.port).walk(settings)
    workers[1]!.reply({ id: 1, kind: 'done', job: 'walk', answer: part([3, 4], 4) })
    workers[0]!.reply({ id: 1, kind: 'done', job: 'walk', answer: part([1, 2, 7, 8, 9, 10], 0) })
    const cloud = await walking
    expect([...cloud.paths.guided![0]!]).toEqual([1, 2, 7, 8, 9, 10, 3, 4])
    expect(cloud).toMatchObject({ evaluations: 10, push: 2, milliseconds: 4, paths: { negative: null } })
    expect(workers.map(({ asked }) => asked[0]?.asked)).toMatchObject([
      { first: 0, rows: 10 },
      { first: 10, rows: 10 },
    ])
    expect(together([part([1, 2], 1)])).toEqual(part([1, 2], 1))
  })

  it('reject what they can’t do, and all when they stop', async () => {
    const { port, reply } = fakeWorker()
    const { ask } = createAsked(port)
    const asked = { sigma: 1, label: 0 }
    const refused = ask('lines', asked)
    reply({ id: 1, kind: 'failed', job: 'lines', why: 'no such class' })
    await expect(refused).rejects.toThrow('no such class')
    const waiting = ask('lines', asked)
    port.onerror?.(Object.assign(new Event('error'), { message: 'out of memory' }) as ErrorEvent)
    await expect(waiting).rejects.toThrow('stopped: out of memory')
    await expect(ask('lines', asked)).rejects.toThrow('Reload the page')
  })
})
