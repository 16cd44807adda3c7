/** The lab's wall of seeds: what is drawn and kept, what the judge says of it, and the orders. */
import { describe, expect, it, vi } from 'vitest'
import { relativeDistance } from '../../../src/core/image'
import type { FinalSample, Lone } from '../../../src/sampling/records'
import { defaultSettings } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import { type LabStorage, memoryStorage } from '../../../src/storage/lab'
import { balance, type Measured, orderById, ORDERS, sorted } from '../../../src/ui/rooms/lab/tabs/seeds/orders'
import { createWall, type WallState } from '../../../src/ui/rooms/lab/tabs/seeds/wall'
import { image, model } from './fixtures'
import { stillEngine } from './still'

const settings: Settings = { ...defaultSettings(model, 'pag'), seed: 10, samples: 9 }

const one = (seed: number, change: number | null, guided: number | null, unguided = 1): Measured => ({
  seed,
  change,
  distances: guided === null ? null : { guided, unguided },
})

describe('the orders', () => {
  const all = [one(1, 0.1, 1.5), one(2, 0.3, 0.5), one(3, null, null), one(4, 0.2, 1)]
  it.each([
    ['seed', [1, 2, 3, 4]],
    ['change', [2, 4, 1, 3]],
    ['distance', [1, 4, 2, 3]],
    ['improvement', [2, 4, 1, 3]],
    ['harm', [1, 4, 2, 3]],
  ])('%s', (id, seeds) => {
    expect(sorted(all, orderById(id)).map(({ seed }) => seed)).toEqual(seeds)
  })

  it('say what their number is, harm as what the distance rose by', () => {
    const texts = ORDERS.map((order) => [order.id, order.text(order.value(all[0]!)!)])
    expect(Object.fromEntries(texts)).toMatchObject({
      change: '10 %',
      distance: '1.50',
      improvement: '−0.50',
      harm: '+0.50',
    })
    for (const { help } of ORDERS) expect(help).toMatch(/^[A-Z].*\.$/)
    expect(orderById('none').id).toBe('seed')
  })

  it('are summed up: where guidance helped, and where it harmed', () => {
    expect(balance(all)).toEqual({ helped: 1, harmed: 1, same: 1 })
    expect(balance([one(1, 0.5, null)])).toBeNull()
  })
})

const none = { file: 'none', bytes: 0, sha256: '' }
const kit = {
  info: { graph: none, weights: none, statistics: none, width: 1, images: 1, stored: 1 },
  graph: new Uint8Array(),
  weights: new Uint8Array(),
  statistics: new Uint8Array(),
}

function studio(storage: LabStorage = memoryStorage()) {
  const asked: { readonly seeds: readonly number[]; readonly alone: readonly Lone[]; readonly signal: AbortSignal }[] =
    []
  let hold = false
  const wall = createWall({
    storage,
    now: () => 0,
    judge: {
      bytes: () => 1000,
      open: () =>
        Promise.resolve({
          kit,
          meter: {
            measure: () => Promise.reject(new Error('not here')),
            measured: () => Promise.reject(new Error('not here')),
            distances: (features) => Promise.resolve(features.map(([value]) => value!)),
            dispose: () => undefined,
          },
        }),
      dispose: () => undefined,
    },
    engine: () =>
      stillEngine({
        draw: (all, alone, signal) => {
          asked.push({ seeds: all.map(({ seed }) => seed), alone, signal })
          const drawn = all.map((own): FinalSample => ({
            positive: image(own.seed),
            negative: null,
            guided: image(-own.seed),
          }))
          return hold
            ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
            : Promise.resolve(drawn)
        },
        judge: (_, images) =>
          Promise.resolve(images.map((pixels) => ({ features: Float32Array.of(pixels[0]!), seen: 0 }))),
      }),
  })
  const state = () => wall.store.getState()
  return { wall, asked, state, hold: (held: boolean) => (hold = held) }
}

const until = (state: () => WallState, check: (state: WallState) => boolean) =>
  vi.waitFor(() => expect(check(state())).toBe(true), { interval: 1 })

it('draws seeds that count up, each with its unguided picture, and finds them again', async () => {
  const storage = memoryStorage()
  const { wall, asked, state } = studio(storage)
  await wall.mean({ model, settings, count: 6 })
  wall.go()
  await until(state, ({ state: kind }) => kind === 'done')
  expect(asked.map(({ seeds, alone }) => [seeds, alone])).toEqual([
    [[10, 11, 12, 13], ['positive']],
    [[14, 15], ['positive']],
  ])
  expect(state().samples[1]!.change).toBe(relativeDistance(image(-11), image(11)))
  const again = studio(storage)
  await again.wall.mean({ model, settings: { ...settings, samples: 1 }, count: 8 })
  expect(again.state().samples.filter(({ guided }) => guided)).toHaveLength(6)
  again.wall.go()
  await until(again.state, ({ state: kind }) => kind === 'done')
  expect(again.asked.map(({ seeds }) => seeds)).toEqual([[16, 17]])
})

it('has the judge look at all that there is once it is asked, and at what comes after', async () => {
  const { wall, state } = studio()
  await wall.mean({ model, settings, count: 4 })
  wall.go()
  await until(state, ({ state: kind }) => kind === 'done')
  expect(state().samples[0]!.distances).toBeNull()
  wall.askJudge()
  await until(state, ({ samples }) => samples.every(({ distances }) => distances))
  expect(state().samples[2]!.distances).toEqual({ guided: image(-12)[0], unguided: image(12)[0] })
  await wall.mean({ model, settings, count: 5 })
  wall.go()
  await until(state, ({ samples }) => samples.length === 5 && samples.every(({ distances }) => distances))
})

it('stops, rests while the lab is not seen, and does not begin anew under the same settings', async () => {
  const { wall, asked, state, hold } = studio()
  hold(true)
  await wall.mean({ model, settings, count: 4 })
  wall.go()
  await wall.mean({ model, settings: { ...settings }, count: 4 })
  expect(asked[0]!.signal.aborted).toBe(false)
  wall.show(false)
  expect(asked[0]!.signal.aborted).toBe(true)
  wall.show(true)
  expect(asked).toHaveLength(2)
  wall.stop()
  expect(asked[1]!.signal.aborted).toBe(true)
  expect(state().state).toBe('idle')
})
