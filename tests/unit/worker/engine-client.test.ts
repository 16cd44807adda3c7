import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { ModelFile, ModelInfo } from '../../../src/model/types'
import { defaultSettings } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import { EngineError, type EngineFailure } from '../../../src/core/failure'
import type { EngineParts, ModelPackage } from '../../../src/worker/client/parts'
import type { BackendChoice, MapRequest } from '../../../src/worker/protocol'
import {
  bytes,
  failure,
  FakeWorker,
  info,
  loaded,
  model,
  ready,
  scene,
  settings,
  settle,
  summary,
  x,
  type Scene,
} from '../../support/engine-scene'
import { stepRecord } from '../../support/step-record'

const finish = (worker: FakeWorker, job = worker.last('sample').job) =>
  worker.say({ kind: 'finished', job, samples: [{ positive: x, negative: null, guided: x }], summary })

describe('start', () => {
  test('opens the first candidate while the model downloads, then loads it', async () => {
    let deliver: (loaded: ModelPackage) => void = () => {}
    const play = scene({ fetchModel: () => new Promise((resolve) => (deliver = resolve)) })
    play.engine.start('avatars', 'auto')
    expect(play.events).toEqual([])
    await settle()
    expect(play.worker.received).toEqual([{ kind: 'open', backend: 'webgpu', threads: 1, acceptSoftware: false }])
    deliver(loaded)
    await settle()
    expect(play.worker.last('load')).toMatchObject({ model: { id: 'avatars' }, files: { 'weights-main': bytes } })
    play.worker.say({ kind: 'phase', phase: 'verify' })
    play.worker.say({ kind: 'ready', backend: info('webgpu') })
    expect(play.kinds()).toEqual(['phase', 'phase', 'ready'])
  })

  test('tells which files an earlier visit kept, unless another model is asked for by then', async () => {
    const keep: ((files: readonly string[]) => void)[] = []
    const play = scene({
      fetchModel: ({ onKept }) => {
        keep.push(onKept)
        return new Promise(() => undefined)
      },
    })
    for (const model of ['avatars', 'toys']) {
      play.engine.start(model, 'wasm')
      await settle()
    }
    keep[0]!(['feedc0de'])
    keep[1]!(['0ddba11'])
    expect(play.events).toEqual([{ kind: 'kept', files: ['0ddba11'] }])
  })

  test('fails with a way on where the browser allows no worker', async () => {
    const play = scene({
      spawn: () => {
        throw new Error('cannot be accessed from origin null')
      },
    })
    const run = play.engine.run(settings, { preview: true })
    play.engine.start('avatars', 'auto')
    await settle()
    expect(play.events.filter(({ kind }) => kind !== 'phase')).toMatchObject([
      {
        kind: 'failed',
        failure: {
          code: 'worker-died',
          message: expect.stringContaining('origin null'),
          remedy: expect.stringContaining('tab of its own'),
        },
      },
      { kind: 'run-failed', run },
    ])
  })

  test('reports download progress for the candidate', async () => {
    const play = scene()
    play.engine.start('avatars', 'wasm')
    await settle()
    expect(play.events[0]).toEqual({ kind: 'phase', backend: 'wasm', phase: { kind: 'download', loaded: 3, total: 9 } })
  })

  test('tries every candidate in a fresh worker and says why each was given up', async () => {
    const play = scene()
    play.engine.start('avatars', 'auto')
    await settle()
    play.worker.say({ kind: 'refused', failure: failure('no-webgpu') })
    await settle()
    play.worker.die()
    await settle()
    play.worker.say({ kind: 'refused', failure: failure('golden-mismatch') })
    await settle()
    expect(play.workers.map((worker) => worker.last('open'))).toEqual([
      { kind: 'open', backend: 'webgpu', threads: 1, acceptSoftware: false },
      { kind: 'open', backend: 'runner', threads: 2, acceptSoftware: false, lanes: 1 },
      { kind: 'open', backend: 'wasm-threads', threads: 2, acceptSoftware: false },
      { kind: 'open', backend: 'wasm', threads: 1, acceptSoftware: false },
    ])
    expect(play.workers.map(({ terminated }) => terminated)).toEqual([true, true, true, false])
    play.worker.say({ kind: 'refused', failure: failure('golden-mismatch') })
    await settle()
    const rejected = play.events.flatMap((event) =>
      event.kind === 'backend-rejected' ? [[event.backend, event.failure.code]] : [],
    )
    expect(rejected).toEqual([
      ['webgpu', 'no-webgpu'],
      ['runner', 'worker-died'],
      ['wasm-threads', 'golden-mismatch'],
    ])
    expect(play.events.at(-1)).toEqual({ kind: 'failed', failure: failure('golden-mismatch') })
    expect(play.workers.every(({ terminated }) => terminated)).toBe(true)
  })

  test('passes over a candidate that the page knows would not start, while files come, and asks about no chosen one', async () => {
    let tell: (failure: EngineFailure | null) => void = () => undefined
    const asked: string[] = []
    let fetched = 0
    const lacking = (backend: string) => {
      asked.push(backend)
      return new Promise<EngineFailure | null>((resolve) => (tell = resolve))
    }
    const fetchModel = async () => {
      fetched++
      return loaded
    }
    const play = scene({ lacking, fetchModel })
    play.engine.start('avatars', 'auto')
    await settle()
    expect(asked).toEqual(['webgpu'])
    expect([play.workers.length, fetched]).toEqual([0, 1])
    tell(failure('no-webgpu'))
    await settle()
    expect(play.workers.map((worker) => worker.last('open').backend)).toEqual(['runner'])
    expect(play.worker.last('load').model.id).toBe('avatars')
    expect(fetched).toBe(1)
    expect(play.events).toContainEqual({
      kind: 'backend-rejected',
      backend: 'webgpu',
      failure: failure('no-webgpu'),
    })
    // What was told too late concerns nobody.
    play.engine.start('avatars', 'auto')
    await settle()
    const late = tell
    play.engine.start('avatars', 'webgpu')
    await settle()
    late(failure('no-webgpu'))
    await settle()
    expect(asked).toEqual(['webgpu', 'webgpu'])
    expect(play.workers.map((worker) => worker.last('open').backend)).toEqual(['runner', 'webgpu'])
  })

  test('a chosen backend that fails is not replaced in silence', async () => {
    const play = scene()
    play.engine.start('avatars', 'webgpu')
    await settle()
    play.worker.say({ kind: 'refused', failure: failure('no-webgpu') })
    await settle()
    expect(play.workers).toHaveLength(1)
    expect(play.worker.last('open').acceptSoftware).toBe(true)
    const failed = play.events.at(-1)
    expect(failed).toMatchObject({
      kind: 'failed',
      failure: { code: 'no-webgpu', remedy: expect.stringContaining('automatic') },
    })
  })

  test('lanes are handed on as they come, done without where they do not, and end with their worker', async () => {
    const cores = { most: 4, kept: () => null, keep: () => undefined }
    const play = scene({ cores })
    play.engine.start('avatars', 'runner')
    await settle()
    const [first, second, third] = play.lanes
    expect(play.lanes).toHaveLength(3)
    expect(play.worker.all('lane')).toEqual([])
    const { port1, port2 } = new MessageChannel()
    first!.come(port2)
    second!.die()
    // It counts from when the model has come, and that of the third ends.
    play.timers
      .filter(({ cancelled, milliseconds }) => !cancelled && milliseconds === 10_000)
      .at(-1)!
      .callback()
    expect(play.worker.all('lane').map(({ port }) => port instanceof MessagePort)).toEqual([true, false, false])
    // One that comes too late is not handed on.
    const late = new MessageChannel()
    third!.come(late.port2)
    expect(play.worker.all('lane')).toHaveLength(3)
    expect(play.lanes.map(({ terminated }) => terminated)).toEqual([false, true, true])
    const port = play.worker.all('lane')[0]!.port!
    const heard = new Promise((resolve) => port1.addEventListener('message', ({ data }) => resolve(data)))
    port1.start()
    port.postMessage('through it')
    expect(await heard).toBe('through it')
    play.worker.say({ kind: 'ready', backend: info('runner') })
    await settle()
    // What the engine asked of a lane that ended would never be answered.
    first!.die()
    await settle()
    expect(play.kinds()).toContain('recovering')
    expect([play.workers[0]!.terminated, first!.terminated]).toEqual([true, true])
    expect(play.lanes).toHaveLength(6)
    play.engine.dispose()
    expect(play.lanes.every(({ terminated }) => terminated)).toBe(true)
    for (const one of [port1, port, late.port1, late.port2]) one.close()
  })

  test('lanes are waited for as long as the model is on its way', async () => {
    let resolve: (model: ModelPackage) => void = () => undefined
    const play = scene({ fetchModel: () => new Promise((come) => (resolve = come)) })
    play.engine.start('avatars', 'runner')
    await settle()
    const patience = () => play.timers.filter(({ milliseconds }) => milliseconds === 10_000)
    expect([play.lanes.length, patience().length]).toEqual([1, 0])
    resolve(loaded)
    await settle()
    expect(patience()).toMatchObject([{ cancelled: false }])
    // It comes after all, and nothing waits any more.
    const { port1, port2 } = new MessageChannel()
    play.lanes[0]!.come(port2)
    expect(patience()).toMatchObject([{ cancelled: true }])
    const [lane] = play.worker.all('lane')
    expect(lane!.port).toBeInstanceOf(MessagePort)
    for (const one of [port1, lane!.port!]) one.close()
  })

  test('where the page may share no memory, or no worker can be had, there is no lane', async () => {
    const alone = scene({ page: { isolated: false, cores: 4 } })
    alone.engine.start('avatars', 'runner')
    await settle()
    expect(alone.lanes).toHaveLength(0)
    expect(alone.worker.last('open')).not.toHaveProperty('lanes')
    const refused = scene({
      spawnLane: () => {
        throw new Error('no more workers')
      },
    })
    refused.engine.start('avatars', 'runner')
    await settle()
    expect(refused.worker.all('lane')).toEqual([{ kind: 'lane', port: null }])
  })

  test('a backend finds out on how many cores it is fastest, which is kept, and is opened so from then on', async () => {
    let kept: number | null = null
    const cores = { most: 4, kept: () => kept, keep: (count: number) => void (kept = count) }
    const play = scene({ cores })
    play.engine.start('avatars', 'runner')
    await settle()
    expect(play.worker.last('open')).toEqual({
      kind: 'open',
      backend: 'runner',
      threads: 2,
      most: 4,
      acceptSoftware: true,
      lanes: 3,
    })
    play.worker.say({ kind: 'ready', backend: info('runner') })
    play.worker.say({ kind: 'tuned', label: 'Processor · 3 cores', threads: 3 })
    expect(play.events.at(-1)).toEqual({ kind: 'tuned', label: 'Processor · 3 cores', threads: 3 })
    play.engine.start('avatars', 'runner')
    await settle()
    expect(play.worker.last('open')).toEqual({
      kind: 'open',
      backend: 'runner',
      threads: 3,
      acceptSoftware: true,
      lanes: 2,
    })
    // Others do not find it out.
    play.engine.start('avatars', 'wasm-threads')
    await settle()
    expect(play.worker.last('open').threads).toBe(2)
  })

  test('threads that the page cannot have fail with a remedy, and no worker is started', async () => {
    const play = scene({ page: { isolated: false, cores: 4 } })
    play.engine.start('avatars', 'wasm-threads')
    await settle()
    expect(play.events).toMatchObject([{ kind: 'failed', failure: { code: 'no-threads' } }])
    expect(play.workers).toEqual([])
  })

  test('a download that fails ends in failed; a storage notice does not', async () => {
    const play = scene({
      fetchModel: async ({ onNotice }) => {
        onNotice(failure('storage-full'))
        throw new EngineError(failure('integrity'))
      },
    })
    play.engine.start('avatars', 'auto')
    await settle()
    expect(play.events).toEqual([
      { kind: 'recovering', failure: failure('storage-full') },
      { kind: 'failed', failure: failure('integrity') },
    ])
    expect(play.worker.terminated).toBe(true)
  })

  test('a second start replaces the first, whose download is aborted and whose events no longer come', async () => {
    const signals: AbortSignal[] = []
    const progress: ((loaded: number, total: number) => void)[] = []
    const play = scene({
      fetchModel: ({ signal, onProgress }) => {
        signals.push(signal)
        progress.push(onProgress)
        return new Promise(() => {})
      },
    })
    play.engine.start('avatars', 'auto')
    await settle()
    play.engine.start('avatars', 'wasm')
    await settle()
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    progress[0]!(1, 2)
    play.workers[0]!.say({ kind: 'refused', failure: failure('internal') })
    expect(play.events).toEqual([])
    expect(play.workers.map(({ terminated }) => terminated)).toEqual([true, false])
  })
})

describe('run', () => {
  test('preview first, then the full run', async () => {
    const play = await ready()
    const id = play.engine.run(settings, { preview: true })
    expect(play.events).toEqual([])
    await settle()
    expect(play.worker.last('sample').settings).toMatchObject({ steps: 6, solver: 'euler' })
    play.worker.say({ kind: 'step', job: play.worker.last('sample').job, record: stepRecord })
    finish(play.worker)
    expect(play.worker.last('sample').settings).toEqual(settings)
    finish(play.worker)
    expect(
      play.events.map((event) => [event.kind, 'run' in event && event.run, 'pass' in event && event.pass]),
    ).toEqual([
      ['run-started', id, 'preview'],
      ['step', id, 'preview'],
      ['run-finished', id, 'preview'],
      ['run-started', id, 'full'],
      ['run-finished', id, 'full'],
    ])
  })

  test.each([
    [['positive', 'negative'], 6],
    [['negative'], 8],
    [[], 12],
  ] as const)('a preview has as many steps as few trajectories leave room for (%j)', async (alone, steps) => {
    const play = await ready()
    play.engine.run({ ...settings, steps: 16 }, { preview: true, alone })
    await settle()
    expect(play.worker.last('sample')).toMatchObject({ settings: { steps }, alone })
    // The page is told what was asked for.
    expect(play.events).toMatchObject([{ kind: 'run-started', pass: 'preview', settings: { steps: 16 } }])
    finish(play.worker)
    expect(play.worker.last('sample')).toMatchObject({ settings: { steps: 16 }, alone })
  })

  test('a preview that would be the run itself is left out', async () => {
    const play = await ready()
    play.engine.run({ ...settings, steps: 5 }, { preview: true })
    await settle()
    finish(play.worker)
    expect(play.events).toMatchObject([
      { kind: 'run-started', pass: 'full' },
      { kind: 'run-finished', pass: 'full' },
    ])
  })

  test('latest wins: one in flight, one waiting, nothing from superseded runs', async () => {
    const play = await ready()
    const ids = [1, 2, 3].map((scale) => play.engine.run({ ...settings, scale }, { preview: false }))
    await settle()
    expect(play.worker.all('sample').map((command) => command.settings.scale)).toEqual([3])
    const running = play.worker.last('sample').job
    const later = [4, 5].map((scale) => play.engine.run({ ...settings, scale }, { preview: false }))
    await settle()
    // Cancelled once, and the next one is not sent before the worker is free.
    expect(play.worker.all('cancel')).toEqual([{ kind: 'cancel', job: running }])
    expect(play.worker.all('sample')).toHaveLength(1)
    play.worker.say({ kind: 'step', job: running, record: stepRecord })
    play.worker.say({ kind: 'cancelled', job: running })
    finish(play.worker)
    expect(play.worker.all('sample').map((command) => command.settings.scale)).toEqual([3, 5])
    expect(ids).toEqual([1, 2, 3])
    expect(play.events.map((event) => [event.kind, 'run' in event && event.run])).toEqual([
      ['run-started', ids[2]],
      ['run-started', later[1]],
      ['run-finished', later[1]],
    ])
  })

  test('a cancel that crosses the end of the run drops that end', async () => {
    const play = await ready()
    play.engine.run(settings, { preview: true })
    await settle()
    play.engine.cancel()
    finish(play.worker)
    await settle()
    expect(play.kinds()).toEqual(['run-started'])
    expect(play.worker.all('sample')).toHaveLength(1)
    const next = play.engine.run(settings, { preview: false })
    await settle()
    finish(play.worker)
    expect(play.events.at(-1)).toMatchObject({ kind: 'run-finished', run: next })
  })

  test('a run asked for before the engine is ready waits for it', async () => {
    const play = scene()
    const id = play.engine.run(settings, { preview: false })
    play.engine.start('avatars', 'auto')
    await settle()
    play.worker.say({ kind: 'ready', backend: info('webgpu') })
    await settle()
    expect(play.kinds().slice(-2)).toEqual(['ready', 'run-started'])
    finish(play.worker)
    expect(play.events.at(-1)).toMatchObject({ kind: 'run-finished', run: id })
  })

  test('a run after the engine failed fails too, with the engine’s failure, after the call returned', async () => {
    const play = scene({ fetchModel: () => Promise.reject(new EngineError(failure('integrity'))) })
    play.engine.start('avatars', 'auto')
    await settle()
    const id = play.engine.run(settings, { preview: true })
    expect(play.events.at(-1)).toMatchObject({ kind: 'failed' })
    await settle()
    expect(play.events.at(-1)).toEqual({ kind: 'run-failed', run: id, failure: failure('integrity') })
  })

  test('a failed run leaves the engine ready for the next', async () => {
    const play = await ready()
    const id = play.engine.run(settings, { preview: true })
    await settle()
    play.worker.say({ kind: 'failed', job: play.worker.last('sample').job, failure: failure('not-finite') })
    expect(play.events.at(-1)).toEqual({ kind: 'run-failed', run: id, failure: failure('not-finite') })
    play.engine.run(settings, { preview: false })
    await settle()
    expect(play.worker.all('sample')).toHaveLength(2)
  })

  test('settings outside their range fail that run in a sentence, and the worker goes on', async () => {
    const play = await ready()
    const run = play.engine.run({ ...settings, scale: Number.MAX_VALUE }, { preview: false })
    await settle()
    expect(play.events).toMatchObject([
      { kind: 'run-failed', run, failure: { code: 'unusable', message: expect.stringContaining('scale') } },
    ])
    play.engine.run(settings, { preview: false })
    await settle()
    expect(play.worker.all('sample')).toHaveLength(1)
    expect(play.workers).toHaveLength(1)
  })

  test('a run started from within an event takes the place of the finished run’s next pass', async () => {
    const play = await ready()
    play.engine.run(settings, { preview: true })
    let second = 0
    play.onEvent = (event) => {
      if (event.kind === 'run-finished' && second === 0)
        second = play.engine.run({ ...settings, scale: 9 }, { preview: false })
    }
    await settle()
    finish(play.worker)
    await settle()
    expect(play.worker.last('sample').settings.scale).toBe(9)
    expect(play.worker.all('sample')).toHaveLength(2)
  })

  test('changing the backend carries the run in flight over', async () => {
    const play = await ready()
    const id = play.engine.run(settings, { preview: false })
    await settle()
    play.engine.start('avatars', 'wasm')
    await settle()
    play.worker.say({ kind: 'ready', backend: info('wasm') })
    finish(play.worker)
    expect(play.events.at(-1)).toMatchObject({ kind: 'run-finished', run: id })
  })

  test('changing the model drops the run in flight', async () => {
    const play = await ready()
    play.engine.run(settings, { preview: false })
    await settle()
    play.engine.start('other', 'wasm')
    await settle()
    play.worker.say({ kind: 'ready', backend: info('wasm') })
    await settle()
    expect(play.worker.all('sample')).toEqual([])
  })
})

describe('a start that hangs', () => {
  test('gives the candidate up for the next one', async () => {
    const play = scene()
    play.engine.start('avatars', 'auto')
    await settle()
    play.worker.say({ kind: 'phase', phase: 'verify' })
    play.fireTimer()
    await settle()
    expect(play.workers).toHaveLength(2)
    expect(play.events).toContainEqual(expect.objectContaining({ kind: 'backend-rejected', backend: 'webgpu' }))
    play.lanes.at(-1)!.die()
    play.worker.say({ kind: 'ready', backend: info('runner') })
    // Nothing is watched while nothing is asked of the engine.
    expect(play.timers.every(({ cancelled }) => cancelled)).toBe(true)
  })

  test('of a chosen backend is waited for longer, and then fails', async () => {
    const patience = (play: Scene) => play.timers.filter(({ cancelled }) => !cancelled).at(-1)!.milliseconds
    const auto = scene()
    auto.engine.start('avatars', 'auto')
    await settle()
    const chosen = scene()
    chosen.engine.start('avatars', 'webgpu')
    await settle()
    expect(patience(chosen)).toBeGreaterThan(patience(auto))
    chosen.fireTimer()
    expect(chosen.events.at(-1)).toMatchObject({ kind: 'failed' })
  })
})

describe('recovery', () => {
  const running = async (choice: BackendChoice = 'auto') => {
    const play = await ready(choice)
    const id = play.engine.run(settings, { preview: false })
    await settle()
    play.events.length = 0
    return { play, id }
  }

  test.each([
    [
      'a lost device',
      (worker: FakeWorker) => worker.say({ kind: 'lost', failure: failure('device-lost') }),
      'device-lost',
    ],
    ['a worker that died', (worker: FakeWorker) => worker.die(), 'worker-died'],
    ['a message that cannot be read', (worker: FakeWorker) => worker.garble(), 'worker-died'],
    ['a message that is none', (worker: FakeWorker) => worker.say({ kind: 'nonsense' }), 'internal'],
  ] as const)('%s: the same run goes on in a fresh worker', async (_, harm, code) => {
    const { play, id } = await running()
    harm(play.worker)
    await settle()
    expect(play.workers.map(({ terminated }) => terminated)).toEqual([true, false])
    play.worker.say({ kind: 'ready', backend: info('webgpu') })
    finish(play.worker)
    expect(play.kinds()).toEqual(['recovering', 'phase', 'ready', 'run-started', 'run-finished'])
    expect(play.events[0]).toMatchObject({ failure: { code } })
    expect(play.events.at(-1)).toMatchObject({ run: id })
  })

  test('silence during a job counts as death, and every message starts the wait afresh', async () => {
    const { play } = await running()
    const { job } = play.worker.last('sample')
    play.worker.say({ kind: 'step', job, record: stepRecord })
    // The watches over the start, the job, and the job since its last message.
    expect(play.timers.map(({ cancelled }) => cancelled)).toEqual([true, true, false])
    play.fireTimer()
    await settle()
    expect(play.events.at(-2)).toMatchObject({ kind: 'recovering', failure: { code: 'worker-died' } })
    expect(play.workers).toHaveLength(2)
  })

  test('a job may be silent for as long as this worker was slow before, and a page that slept listens again', async () => {
    const patience = (play: Scene) => play.timers.filter(({ cancelled }) => !cancelled).at(-1)!.milliseconds
    const { play: quick } = await running()
    const { play: slow } = await running()
    expect(patience(quick)).toBeLessThanOrEqual(20_000)
    slow.clock += 4000
    slow.worker.say({ kind: 'evaluating' })
    expect(patience(slow)).toBe(40_000)
    // What is slower than all before it is believed, too, but not without end.
    slow.clock += 39_000
    slow.worker.say({ kind: 'evaluating' })
    expect(patience(slow)).toBe(120_000)
    slow.clock += 3_600_000
    slow.fireTimer()
    expect(slow.workers).toHaveLength(1)
    expect(patience(slow)).toBe(120_000)
    slow.clock += 120_000
    slow.fireTimer()
    expect(slow.workers).toHaveLength(2)
  })

  test('what a worker says out of turn ends no run and no watch', async () => {
    const { play, id } = await running()
    const { job } = play.worker.last('sample')
    play.worker.say({ kind: 'drawn', job, samples: [] })
    play.worker.say({ kind: 'phase', phase: 'compile' })
    play.worker.say({ kind: 'ready', backend: info('webgpu') })
    expect(play.events).toEqual([])
    expect(play.timers.filter(({ cancelled }) => !cancelled)).toHaveLength(1)
    play.worker.say({ kind: 'cancelled', job })
    expect(play.events).toMatchObject([{ kind: 'run-failed', run: id, failure: { code: 'internal' } }])
  })

  test('a worker that is ready without a model is given up for the next', async () => {
    const play = scene({ fetchModel: () => new Promise(() => {}) })
    play.engine.start('avatars', 'auto')
    await settle()
    play.worker.say({ kind: 'ready', backend: info('webgpu') })
    expect(play.workers.map(({ terminated }) => terminated)).toEqual([true, false])
    expect(play.events).toMatchObject([{ kind: 'backend-rejected', failure: { code: 'internal' } }])
  })

  test('a worker that the browser ended without a word is noticed by its lock, at rest too', async () => {
    const { play, id } = await running()
    play.worker.say({ kind: 'living', lock: 'engine 7' })
    expect(play.locks.map(({ lock }) => lock)).toEqual(['engine 7'])
    finish(play.worker)
    play.events.length = 0
    play.locks[0]!.callback()
    await settle()
    expect(play.kinds()).toContain('recovering')
    expect(play.events[0]).toMatchObject({ failure: { code: 'worker-died' } })
    expect(play.workers).toHaveLength(2)
    // Nobody waits for the lock of the one that was replaced, and its late release ends no other.
    expect(play.locks[0]!.signal.aborted).toBe(true)
    play.locks[0]!.callback()
    await settle()
    expect(play.workers).toHaveLength(2)
    expect(id).toBeGreaterThan(0)
  })

  test('no watch is kept while nothing runs', async () => {
    const { play } = await running()
    finish(play.worker)
    expect(play.timers.every(({ cancelled }) => cancelled)).toBe(true)
  })

  test('after a second loss the next candidate takes over the run', async () => {
    const { play, id } = await running()
    for (let loss = 0; loss < 2; loss++) {
      play.worker.say({ kind: 'lost', failure: failure('device-lost') })
      await settle()
      if (loss === 0) play.worker.say({ kind: 'ready', backend: info('webgpu') })
    }
    expect(play.worker.last('open').backend).toBe('runner')
    play.worker.say({ kind: 'ready', backend: info('runner') })
    finish(play.worker)
    expect(play.kinds()).toContain('backend-rejected')
    expect(play.events.at(-1)).toMatchObject({ kind: 'run-finished', run: id })
  })

  test('after a second loss of a chosen backend the run and the engine fail', async () => {
    const { play, id } = await running('webgpu')
    play.worker.die()
    await settle()
    play.worker.say({ kind: 'ready', backend: info('webgpu') })
    play.worker.die()
    await settle()
    expect(play.kinds().slice(-2)).toEqual(['failed', 'run-failed'])
    expect(play.events.at(-1)).toMatchObject({ run: id, failure: { code: 'worker-died' } })
  })

  test('a loss is forgiven once a worker has been ready for ten minutes, by no start however long', async () => {
    const { play, id } = await running('webgpu')
    for (let night = 0; night < 3; night++) {
      play.clock += 600_000
      play.worker.say({ kind: 'lost', failure: failure('device-lost') })
      await settle()
      play.worker.say({ kind: 'ready', backend: info('webgpu') })
    }
    finish(play.worker)
    expect(play.events.at(-1)).toMatchObject({ kind: 'run-finished', run: id })
    // The next worker takes ten minutes to start, and then works for less.
    play.clock += 600_000
    play.worker.die()
    await settle()
    play.clock += 600_000
    play.worker.say({ kind: 'ready', backend: info('webgpu') })
    expect(play.events.at(-1)).toMatchObject({ kind: 'ready' })
    play.clock += 599_000
    play.worker.die()
    await settle()
    expect(play.events.at(-1)).toMatchObject({ kind: 'failed', failure: { code: 'worker-died' } })
  })

  test('a newer run waiting at the loss is the one that goes on', async () => {
    const { play } = await running()
    const newer = play.engine.run({ ...settings, scale: 7 }, { preview: false })
    await settle()
    play.worker.die()
    await settle()
    play.worker.say({ kind: 'ready', backend: info('webgpu') })
    expect(play.worker.all('sample').map((command) => command.settings.scale)).toEqual([7])
    finish(play.worker)
    expect(play.events.at(-1)).toMatchObject({ kind: 'run-finished', run: newer })
  })

  test('a cancelled run does not come back', async () => {
    const { play } = await running()
    play.engine.cancel()
    play.worker.die()
    await settle()
    play.worker.say({ kind: 'ready', backend: info('webgpu') })
    await settle()
    expect(play.worker.all('sample')).toEqual([])
  })

  test('the page may start anew from within the recovering event', async () => {
    const { play } = await running()
    play.onEvent = (event) => {
      if (event.kind === 'recovering') play.engine.start('avatars', 'wasm')
    }
    play.worker.die()
    await settle()
    expect(play.worker.last('open').backend).toBe('wasm')
    expect(play.workers.filter(({ terminated }) => !terminated)).toHaveLength(1)
  })
})

describe('attention maps', () => {
  const request: MapRequest = { settings, layer: 1, x, sigma: 2, sample: 0, step: 3 }
  const result = { positive: new Float32Array(16), negative: null, height: 2, width: 2 }

  test('are asked for at once, even during a run, and answered by id', async () => {
    const play = await ready()
    play.engine.run(settings, { preview: false })
    await settle()
    const first = play.engine.attentionMap(request)
    const second = play.engine.attentionMap({ ...request, layer: 2 })
    const [a, b] = play.worker.all('map')
    play.worker.say({ kind: 'map', id: b!.id, result: { ...result, height: 4 } })
    play.worker.say({ kind: 'map-failed', id: a!.id, message: 'no such layer' })
    await expect(first).rejects.toThrow('no such layer')
    expect((await second).height).toBe(4)
  })

  test('survive a lost worker', async () => {
    const play = await ready()
    const map = play.engine.attentionMap(request)
    play.worker.die()
    await settle()
    expect(play.worker.all('map')).toEqual([])
    play.worker.say({ kind: 'ready', backend: info('webgpu') })
    play.worker.say({ kind: 'map', id: play.worker.last('map').id, result })
    expect(await map).toEqual(result)
  })

  test('are rejected when the engine fails or is disposed', async () => {
    const play = await ready('webgpu')
    const failing = play.engine.attentionMap(request)
    play.worker.die()
    await settle()
    play.worker.say({ kind: 'refused', failure: failure('no-webgpu') })
    await expect(failing).rejects.toThrow('no-webgpu')
    await expect(play.engine.attentionMap(request)).rejects.toThrow('no-webgpu')
    const other = await ready()
    const disposed = other.engine.attentionMap(request)
    other.engine.dispose()
    await expect(disposed).rejects.toThrow('disposed')
    await expect(other.engine.attentionMap(request)).rejects.toThrow('disposed')
  })
})

/** A server of further files that answers when the test says so. */
function shelf() {
  const asked: {
    readonly file: string
    readonly signal: AbortSignal
    readonly progress: (loaded: number) => void
    readonly give: () => void
    readonly fail: (error: Error) => void
  }[] = []
  const fetchFile: EngineParts['fetchFile'] = ({ file, signal, onProgress }) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error))
      asked.push({
        file: file.file,
        signal,
        progress: onProgress,
        give: () => resolve(new TextEncoder().encode(file.file)),
        fail: reject,
      })
    })
  const find = (name: string) => asked.filter(({ file }) => file === name).at(-1)!
  return { asked, fetchFile, find, names: () => asked.map(({ file }) => file) }
}

describe('a run that needs another network', () => {
  const small: Settings = { ...settings, network: 'small' }
  const early: Settings = { ...settings, network: 'main-1-16' }
  const start = async (run: Settings, overrides: Partial<EngineParts> = {}) => {
    const files = shelf()
    const play = await ready('auto', { fetchFile: files.fetchFile, ...overrides })
    const id = play.engine.run(run, { preview: false })
    await settle()
    return { play, files, id }
  }

  test('fetches exactly its files, tells how far they are, and hands them over before it samples', async () => {
    const { play, files, id } = await start(small)
    expect(files.names()).toEqual(['weights-small'])
    expect(play.worker.all('sample')).toEqual([])
    files.find('weights-small').progress(40)
    files.find('weights-small').give()
    await settle()
    expect(play.worker.received.slice(-2)).toMatchObject([
      { kind: 'files', files: { 'weights-small': new TextEncoder().encode('weights-small') }, drop: [] },
      { kind: 'sample', settings: { network: 'small' } },
    ])
    const network = { id: 'small' }
    expect(play.events).toMatchObject([
      { kind: 'fetching', network, loaded: 0, total: 100 },
      { kind: 'fetching', network, loaded: 40, total: 100 },
      { kind: 'fetched', network, came: ['feedc0de'.repeat(8)] },
      { kind: 'run-started', run: id },
    ])
    finish(play.worker)
    play.engine.run({ ...small, scale: 2 }, { preview: true })
    await settle()
    finish(play.worker)
    expect(files.asked).toHaveLength(1)
    expect(play.worker.all('files')).toHaveLength(1)
    expect(play.worker.all('sample')).toHaveLength(3)
  })

  test('of a made length fetches the averages that it is made of', async () => {
    const { play, files } = await start({ ...settings, ema: 0.07 })
    expect(files.names()).toEqual(
      [0.05, 0.1]
        .flatMap((sigmaRel) => [`weights-main-${sigmaRel}-800`, `weights-main-${sigmaRel}-1600`])
        .sort((a, b) => Number(a.endsWith('1600')) - Number(b.endsWith('1600'))),
    )
    files.find('weights-main-0.1-800').progress(30)
    files.find('weights-main-0.05-1600').progress(50)
    expect(play.events.at(-1)).toMatchObject({
      kind: 'fetching',
      network: { id: 'main', sigmaRel: 0.07 },
      loaded: 80,
      total: 400,
    })
    for (const { give } of files.asked) give()
    await settle()
    const { job } = play.worker.last('sample')
    play.worker.say({ kind: 'combining', network: { id: 'main', sigmaRel: 0.07 }, done: 1, total: 5 })
    expect(play.events.at(-1)).toEqual({
      kind: 'combining',
      network: { id: 'main', sigmaRel: 0.07 },
      done: 1,
      total: 5,
    })
    finish(play.worker, job)
  })

  test('fails alone where a file can’t be had, and can be tried again', async () => {
    const { play, files, id } = await start(small)
    files.find('weights-small').fail(new EngineError(failure('download-failed')))
    await settle()
    expect(play.events.slice(-2)).toEqual([
      { kind: 'fetched', network: { id: 'small' }, came: [] },
      { kind: 'run-failed', run: id, failure: failure('download-failed') },
    ])
    play.engine.run(settings, { preview: false })
    await settle()
    finish(play.worker)
    play.engine.run(small, { preview: false })
    await settle()
    files.find('weights-small').give()
    await settle()
    finish(play.worker)
    expect(play.events.at(-1)).toMatchObject({ kind: 'run-finished' })
    expect(play.workers).toHaveLength(1)
  })

  test('that gives way to one that needs it too leaves the download going', async () => {
    const { play, files, id } = await start(small)
    files.find('weights-small').progress(70)
    const newer = play.engine.run({ ...small, scale: 3 }, { preview: false })
    expect(play.events.at(-1)).toMatchObject({ kind: 'fetching', loaded: 70 })
    await settle()
    expect(play.events.slice(-2)).toMatchObject([{ kind: 'fetched' }, { kind: 'fetching', loaded: 70 }])
    files.find('weights-small').give()
    await settle()
    expect(files.asked).toHaveLength(1)
    expect(play.events.slice(-2)).toMatchObject([{ kind: 'fetched' }, { kind: 'run-started', run: newer }])
    expect(play.events.some((event) => 'run' in event && event.run === id)).toBe(false)
    expect(play.worker.all('files')).toHaveLength(1)
  })

  test('that gives way to one that does not need it ends the download', async () => {
    const { play, files } = await start(small)
    const newer = play.engine.run(early, { preview: false })
    await settle()
    expect(files.find('weights-small').signal.aborted).toBe(true)
    expect(files.names()).toEqual(['weights-small', 'weights-main-1-16'])
    files.find('weights-main-1-16').give()
    await settle()
    expect(play.kinds()).toEqual(['fetching', 'fetched', 'fetching', 'fetched', 'run-started'])
    expect(play.events.at(-1)).toMatchObject({ run: newer })
  })

  test.each([
    ['cancelled', (play: Scene) => play.engine.cancel()],
    ['disposed of with the engine', (play: Scene) => play.engine.dispose()],
    ['left by another start', (play: Scene) => play.engine.start('other', 'wasm')],
  ])('and is %s ends the download and says nothing more of it', async (_, end) => {
    const { play, files } = await start(small)
    end(play)
    await settle()
    expect(files.find('weights-small').signal.aborted).toBe(true)
    files.find('weights-small').give()
    await settle()
    expect(play.events.filter((event) => 'run' in event)).toEqual([])
    expect(play.workers.flatMap((worker) => worker.all('sample'))).toEqual([])
  })

  test('gets its files again in a fresh worker', async () => {
    const { play, files, id } = await start(small)
    files.find('weights-small').give()
    await settle()
    play.worker.die()
    await settle()
    play.worker.say({ kind: 'ready', backend: info('webgpu') })
    await settle()
    expect(files.names()).toEqual(['weights-small', 'weights-small'])
    expect(play.worker.all('sample')).toEqual([])
    files.find('weights-small').give()
    await settle()
    expect(play.worker.last('files').files).toHaveProperty('weights-small')
    finish(play.worker)
    expect(play.events.at(-1)).toMatchObject({ kind: 'run-finished', run: id })
  })

  test('goes on with a download that outlives the worker', async () => {
    const { play, files } = await start(small)
    play.worker.die()
    await settle()
    files.find('weights-small').progress(90)
    play.worker.say({ kind: 'ready', backend: info('webgpu') })
    await settle()
    expect(files.asked).toHaveLength(1)
    files.find('weights-small').give()
    await settle()
    expect(play.worker.all('sample')).toHaveLength(1)
  })

  test('that the model lacks fails in a sentence', async () => {
    const { play, id } = await start({ ...settings, network: 'small', ema: 0.1 })
    expect(play.events).toMatchObject([
      {
        kind: 'run-failed',
        run: id,
        failure: { code: 'unusable', message: expect.stringMatching(/^No averages of these weights .*\.$/) },
      },
    ])
  })

  test('lets the worker drop what was used longest ago, and nothing that it needs', async () => {
    const large = (file: ModelFile): ModelFile => ({ ...file, bytes: 50 * 2 ** 20 })
    const heavy: ModelInfo = {
      ...model,
      networks: model.networks.map((network) => ({
        ...network,
        weights: network.id === 'main' ? network.weights : large(network.weights),
      })),
    }
    const { play, files } = await start(small, { fetchModel: async () => ({ ...loaded, model: heavy }) })
    const dropped: string[][] = []
    const serve = async (network: string) => {
      for (const { give } of files.asked) give()
      await settle()
      finish(play.worker)
      dropped.push(play.worker.last('files').drop)
      play.engine.run({ ...settings, network }, { preview: false })
      await settle()
    }
    for (const network of ['main-1-16', 'small', 'dropout', 'sims-1', 'main-1-16']) await serve(network)
    await serve('main')
    expect(dropped).toEqual([[], [], [], ['weights-main-1-16'], ['weights-small'], ['weights-dropout']])
    expect(files.names()).toEqual(['small', 'main-1-16', 'dropout', 'sims-1', 'main-1-16'].map((id) => `weights-${id}`))
  })

  test('says only once that files are not kept', async () => {
    const notices: ((notice: EngineFailure) => void)[] = []
    const { play } = await start(small, {
      fetchFile: async ({ file, onNotice }) => {
        notices.push(onNotice)
        onNotice(failure('storage-full'))
        return new TextEncoder().encode(file.file)
      },
    })
    finish(play.worker)
    play.engine.run(early, { preview: false })
    await settle()
    expect(notices).toHaveLength(2)
    expect(play.kinds().filter((kind) => kind === 'recovering')).toHaveLength(1)
  })

  test('shares its files with a map of it', async () => {
    const { play, files } = await start(small)
    const request: MapRequest = { settings: small, layer: 1, x, sigma: 2, sample: 0, step: 3 }
    const map = play.engine.attentionMap(request)
    await settle()
    expect(play.worker.all('map')).toEqual([])
    // The map still needs it.
    play.engine.cancel()
    expect(files.find('weights-small').signal.aborted).toBe(false)
    files.find('weights-small').give()
    await settle()
    expect(files.asked).toHaveLength(1)
    const result = { positive: new Float32Array(16), negative: null, height: 2, width: 2 }
    play.worker.say({ kind: 'map', id: play.worker.last('map').id, result })
    expect(await map).toEqual(result)
  })

  test('takes a map down with it where its file can’t be had', async () => {
    const { play, files } = await start(settings)
    const map = play.engine.attentionMap({ settings: small, layer: 1, x, sigma: 2, sample: 0, step: 3 })
    await settle()
    files.find('weights-small').fail(new EngineError(failure('integrity')))
    await expect(map).rejects.toThrow('it was integrity')
    finish(play.worker)
    expect(play.events.at(-1)).toMatchObject({ kind: 'run-finished' })
  })
})

describe('a vision transformer of the reader’s own', () => {
  const graph = new Uint8Array([7])

  test('is taken once the worker accepted it, and goes to every fresh worker', async () => {
    const play = await ready()
    const taken = play.engine.useVision(graph)
    play.worker.say({ kind: 'vision', id: play.worker.last('vision').id, message: null })
    await taken
    play.worker.die()
    await settle()
    expect(play.worker.all('vision')).toEqual([])
    play.worker.say({ kind: 'ready', backend: info('webgpu') })
    expect(play.worker.all('vision').map((command) => command.graph)).toEqual([graph])
  })

  test('that is none is refused in the worker’s words, and the one before stays', async () => {
    const play = await ready()
    const first = play.engine.useVision(graph)
    play.worker.say({ kind: 'vision', id: play.worker.last('vision').id, message: null })
    await first
    const second = play.engine.useVision(new Uint8Array([8]))
    play.worker.say({ kind: 'vision', id: play.worker.last('vision').id, message: 'it is no ONNX file' })
    await expect(second).rejects.toThrow('it is no ONNX file')
    play.worker.die()
    await settle()
    play.worker.say({ kind: 'ready', backend: info('webgpu') })
    expect(play.worker.all('vision').map((command) => command.graph)).toEqual([graph])
  })

  test('chosen before the engine is ready waits for it; a newer choice takes its place', async () => {
    const play = scene()
    const first = play.engine.useVision(new Uint8Array([8]))
    const second = play.engine.useVision(graph)
    await expect(first).rejects.toThrow('another file was chosen')
    play.engine.start('avatars', 'auto')
    await settle()
    play.worker.say({ kind: 'ready', backend: info('webgpu') })
    expect(play.worker.all('vision')).toHaveLength(1)
    play.worker.say({ kind: 'vision', id: play.worker.last('vision').id, message: null })
    await second
    play.engine.dispose()
    await expect(play.engine.useVision(graph)).rejects.toThrow('disposed')
  })
})

test('a disposed engine ends its worker and says nothing more', async () => {
  const play = await ready()
  play.engine.run(settings, { preview: false })
  await settle()
  play.events.length = 0
  play.engine.dispose()
  expect(play.worker.terminated).toBe(true)
  finish(play.worker, 1)
  await settle()
  expect(play.events).toEqual([])
})

describe('images in the background', () => {
  const two = [settings, { ...settings, seed: 2 }]
  const sample = { positive: x, negative: null, guided: x }
  const drawn = (worker: FakeWorker) =>
    worker.say({ kind: 'drawn', job: worker.last('draw').job, samples: [sample, sample] })
  const forever = new AbortController().signal

  test('are drawn while nothing runs', async () => {
    const play = await ready()
    const images = play.engine.draw(two, ['positive'], forever)
    await settle()
    expect(play.worker.last('draw').settings).toEqual(two)
    play.worker.say({ kind: 'evaluating' })
    drawn(play.worker)
    expect(await images).toHaveLength(2)
    expect(play.events).toEqual([])
  })

  test('wait while something runs, and until the hand rests', async () => {
    const play = await ready()
    play.engine.run(settings, { preview: false })
    await settle()
    void play.engine.draw(two, ['positive'], forever)
    await settle()
    expect(play.worker.all('draw')).toHaveLength(0)
    finish(play.worker)
    await settle()
    expect(play.worker.all('draw')).toHaveLength(0)
    play.fireTimer()
    expect(play.worker.all('draw')).toHaveLength(1)
  })

  test('give way to a run at once, and are drawn again after it', async () => {
    const play = await ready()
    const images = play.engine.draw(two, ['positive'], forever)
    await settle()
    const first = play.worker.last('draw').job
    play.engine.run(settings, { preview: false })
    await settle()
    expect(play.worker.last('cancel').job).toBe(first)
    expect(play.worker.all('sample')).toHaveLength(0)
    play.worker.say({ kind: 'cancelled', job: first })
    expect(play.worker.all('sample')).toHaveLength(1)
    finish(play.worker)
    play.fireTimer()
    expect(play.worker.last('draw').job).toBeGreaterThan(first)
    drawn(play.worker)
    expect(await images).toHaveLength(2)
    expect(play.kinds()).toEqual(['run-started', 'run-finished'])
  })

  test('are not disturbed where the page only stops its run', async () => {
    const play = await ready()
    void play.engine.draw(two, ['positive'], forever)
    await settle()
    play.engine.cancel()
    expect(play.worker.all('cancel')).toEqual([])
  })

  test('end with their signal, and a failure with its sentence', async () => {
    const play = await ready()
    const abort = new AbortController()
    const images = play.engine.draw(two, ['positive'], abort.signal)
    await settle()
    abort.abort(new Error('enough'))
    await expect(images).rejects.toThrow('enough')
    expect(play.worker.all('cancel')).toHaveLength(1)
    play.worker.say({ kind: 'cancelled', job: play.worker.last('draw').job })
    expect(play.worker.all('draw')).toHaveLength(1)
    const broken = play.engine.draw(two, ['positive'], forever)
    await settle()
    play.worker.say({ kind: 'failed', job: play.worker.last('draw').job, failure: failure('not-finite') })
    await expect(broken).rejects.toThrow('it was not-finite Do better.')
    expect(play.events).toEqual([])
  })

  test('stop listening to their signal, which many share, once they are drawn or refused', async () => {
    const play = await ready()
    const { signal } = new AbortController()
    const images = play.engine.draw(two, ['positive'], signal)
    await settle()
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    drawn(play.worker)
    await images
    const refused = play.engine.draw(two, ['positive'], signal)
    play.engine.dispose()
    await expect(refused).rejects.toThrow('disposed')
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('survive a worker, and fall with the engine', async () => {
    const play = await ready('wasm')
    const images = play.engine.draw(two, ['positive'], forever)
    await settle()
    play.worker.die()
    await settle()
    play.worker.say({ kind: 'ready', backend: info('wasm') })
    expect(play.worker.all('draw')).toHaveLength(1)
    play.worker.die()
    await expect(images).rejects.toThrow('worker stopped')
    await expect(play.engine.draw(two, ['positive'], forever)).rejects.toThrow('worker stopped')
  })

  test('are given up as dead after a long silence only', async () => {
    const play = await ready('wasm')
    void play.engine.draw(two, ['positive'], forever)
    await settle()
    const before = play.timers.length
    play.worker.say({ kind: 'evaluating' })
    expect(play.timers.length).toBe(before + 1)
    play.fireTimer()
    expect(play.workers).toHaveLength(2)
  })

  test('fetch their network first', async () => {
    let deliver: (file: Uint8Array<ArrayBuffer>) => void = () => undefined
    const play = await ready('auto', { fetchFile: () => new Promise((resolve) => (deliver = resolve)) })
    void play.engine.draw([{ ...defaultSettings(model, 'autoguidance'), steps: 16 }], ['positive'], forever)
    await settle()
    expect(play.worker.all('draw')).toHaveLength(0)
    deliver(bytes)
    await settle()
    expect(play.worker.received.map(({ kind }) => kind).slice(-2)).toEqual(['files', 'draw'])
  })

  test('have the networks of all of their settings, and tell how far they are', async () => {
    const fetched: string[] = []
    const play = await ready('auto', {
      fetchFile: ({ file: { file } }) => {
        fetched.push(file)
        return Promise.resolve(bytes)
      },
    })
    const told: unknown[] = []
    const all = ['pag', 'autoguidance'].map((id) => ({ ...defaultSettings(model, id), steps: 16 }))
    void play.engine.draw(all, [], forever, (rows) => told.push(rows)).catch(() => undefined)
    await settle()
    expect(fetched.length).toBeGreaterThan(0)
    const { job } = play.worker.last('draw')
    play.worker.say({ kind: 'drawing', job, rows: { asked: 4, evaluated: 3 } })
    expect(told).toEqual([{ asked: 4, evaluated: 3 }])
    // Of one that was cancelled nothing is told any more.
    play.engine.run(settings, { preview: false })
    play.worker.say({ kind: 'drawing', job, rows: { asked: 8, evaluated: 6 } })
    expect(told).toHaveLength(1)
  })
})

describe('a run that nobody has asked for yet', () => {
  const both = ['positive', 'negative'] as const
  const forever = new AbortController().signal
  const record = (index: number) => ({ ...stepRecord, index })
  const draw = (worker: FakeWorker) =>
    worker.say({ kind: 'drawn', job: worker.last('draw').job, samples: [{ positive: x, negative: null, guided: x }] })

  test('comes with its steps, and no event tells of it', async () => {
    const play = await ready()
    const foreseen = play.engine.foresee(settings, both, forever)
    await settle()
    const { job, alone } = play.worker.last('sample')
    expect(alone).toEqual(both)
    for (const index of [0, 1]) play.worker.say({ kind: 'step', job, record: record(index) })
    finish(play.worker)
    expect((await foreseen).records.map(({ index }) => index)).toEqual([0, 1])
    expect(play.events).toEqual([])
  })

  test('gives way to a run at once, and ends with its signal', async () => {
    const play = await ready()
    const abort = new AbortController()
    const foreseen = play.engine.foresee(settings, both, abort.signal)
    await settle()
    const first = play.worker.last('sample').job
    play.worker.say({ kind: 'step', job: first, record: record(0) })
    play.engine.run({ ...settings, scale: 3 }, { preview: false })
    await settle()
    expect(play.worker.last('cancel').job).toBe(first)
    play.worker.say({ kind: 'cancelled', job: first })
    expect(play.worker.last('sample').settings.scale).toBe(3)
    finish(play.worker)
    play.fireTimer()
    const again = play.worker.last('sample').job
    play.worker.say({ kind: 'step', job: again, record: record(0) })
    abort.abort(new Error('no longer wanted'))
    await expect(foreseen).rejects.toThrow('no longer wanted')
    expect(play.worker.last('cancel').job).toBe(again)
    expect(play.kinds()).toEqual(['run-started', 'run-finished'])
  })

  test('gives way to pictures that are wanted, and begins anew after them', async () => {
    const play = await ready()
    const foreseen = play.engine.foresee(settings, both, forever)
    await settle()
    const { job } = play.worker.last('sample')
    play.worker.say({ kind: 'step', job, record: record(0) })
    const images = play.engine.draw([settings], [], forever)
    expect(play.worker.last('cancel').job).toBe(job)
    play.worker.say({ kind: 'cancelled', job })
    draw(play.worker)
    await images
    await settle()
    const again = play.worker.last('sample').job
    expect(again).toBeGreaterThan(job)
    play.worker.say({ kind: 'step', job: again, record: record(0) })
    finish(play.worker)
    expect((await foreseen).records).toHaveLength(1)
  })
})

describe('the judge', () => {
  const files = { info: { width: 2, weights: {} } as never, graph: bytes, weights: bytes }
  const judgements = [{ features: new Float32Array(2), seen: 1 }]

  test('gets its files once, answers, and says what is wrong', async () => {
    const play = await ready()
    const first = play.engine.judge(files, [x])
    const second = play.engine.judge(files, [x, x])
    expect(play.worker.all('judge-files')).toHaveLength(1)
    const [one, two] = play.worker.all('judge')
    play.worker.say({ kind: 'judge-failed', id: two!.id, message: 'too small' })
    play.worker.say({ kind: 'judged', id: one!.id, judgements })
    expect(await first).toEqual(judgements)
    await expect(second).rejects.toThrow('too small')
  })

  test('is asked again in a fresh worker', async () => {
    const play = await ready('wasm')
    const answer = play.engine.judge(files, [x])
    play.worker.die()
    await settle()
    play.worker.say({ kind: 'ready', backend: info('wasm') })
    expect(play.worker.all('judge-files')).toHaveLength(1)
    play.worker.say({ kind: 'judged', id: play.worker.last('judge').id, judgements })
    expect(await answer).toEqual(judgements)
  })
})
