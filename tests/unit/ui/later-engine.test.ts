/** An engine whose code comes later answers as one that is there. */
import { expect, it } from 'vitest'
import { laterEngine } from '../../../src/ui/engine/later-engine'
import type { EngineEvent, EngineListener } from '../../../src/worker/protocol'
import { settings } from './fixtures'
import { stillEngine } from './still'

function open() {
  const told: string[] = []
  const heard: EngineEvent[] = []
  let runs = 0
  let loads = 0
  let arrive: (create: (listener: EngineListener) => ReturnType<typeof stillEngine>) => void = () => undefined
  let miss: (reason: Error) => void = () => undefined
  const real = stillEngine({
    start: (model) => void told.push(`start ${model}`),
    run: ({ seed }) => {
      told.push(`run ${seed}`)
      return ++runs
    },
    cancel: () => void told.push('cancel'),
    draw: async (of) => {
      told.push(`draw ${of.length}`)
      return []
    },
    dispose: () => void told.push('dispose'),
  })
  const engine = laterEngine(
    (event) => heard.push(event),
    () => {
      loads += 1
      return new Promise((resolve, reject) => ([arrive, miss] = [resolve, reject]))
    },
  )
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    engine,
    told,
    heard,
    loads: () => loads,
    arrive: () => (arrive(() => real), settle()),
    miss: () => (miss(new Error('no network')), settle()),
  }
}

it('is told everything in its order once it comes, with the numbers that runs were given', async () => {
  const page = open()
  expect(page.loads()).toBe(0)
  page.engine.start('avatars', 'auto')
  const ids = [7, 8].map((seed) => page.engine.run({ ...settings, seed }, { preview: false }))
  page.engine.cancel()
  const drawn = page.engine.draw([settings], [], new AbortController().signal)
  expect(page.told).toEqual([])
  await page.arrive()
  expect(await drawn).toEqual([])
  ids.push(page.engine.run({ ...settings, seed: 9 }, { preview: false }))
  expect(page.told).toEqual(['start avatars', 'run 7', 'run 8', 'cancel', 'draw 1', 'run 9'])
  expect(ids).toEqual([1, 2, 3])
  expect(page.loads()).toBe(1)
  page.engine.dispose()
  expect(page.told.at(-1)).toBe('dispose')
})

it('that does not come says so, and the next start asks again', async () => {
  const page = open()
  page.engine.start('avatars', 'auto')
  const drawn = page.engine.draw([settings], [], new AbortController().signal).catch(String)
  await page.miss()
  expect(await drawn).toContain('no network')
  expect(page.heard).toMatchObject([
    { kind: 'failed', failure: { retryable: true, message: expect.stringContaining('no network') } },
  ])
  page.engine.start('avatars', 'wasm')
  expect(page.loads()).toBe(2)
  await page.arrive()
  expect(page.told).toEqual(['start avatars'])
})

it('that was given up before it came is never made', async () => {
  const page = open()
  page.engine.start('avatars', 'auto')
  page.engine.dispose()
  await page.arrive()
  expect([page.told, page.heard]).toEqual([[], []])
})
