/** Scales that are drawn ahead: which, in what order, and what ends them. */
import { describe, expect, it } from 'vitest'
import { methodById } from '../../../src/guidance'
import { lowestScale } from '../../../src/guidance/scale'
import type { Settings } from '../../../src/settings/types'
import { createPageStore } from '../../../src/ui/app/state'
import { Ladder, type Power } from '../../../src/ui/scale/ladder'
import { rungsAround } from '../../../src/ui/scale/rungs'
import { roomAhead } from '../../../src/ui/run/run-cache'
import { model, run, settings } from './fixtures'

const method = methodById(settings.method)!
const reach = { stops: 3, lowest: lowestScale(method), highest: method.scale.max, upwards: true }

describe('the rungs', () => {
  it('are the slider’s stops, the nearest first, and where the hand went before those as near', () => {
    expect(rungsAround(1, reach)).toEqual([1.1, 0.95, 1.2, 0.9, 1.3, 0.85])
    expect(rungsAround(0.25, { ...reach, upwards: false })).toEqual([0.24, 0.3, 0.23, 0.35, 0.22, 0.4])
  })

  it('are stops around a scale between two', () => {
    expect(rungsAround(1.04, { ...reach, stops: 1 })).toEqual([1.1, 1])
  })

  it('end where the slider ends', () => {
    expect(rungsAround(method.scale.max, reach).every((scale) => scale < method.scale.max)).toBe(true)
    expect(rungsAround(-1, reach)).toEqual([-0.9, -0.8, -0.7])
  })
})

/** At rest on the settings, with an engine that draws when it is told to. */
function open(start: Settings = settings, power: Power | null = null) {
  const store = createPageStore(model, start, [], 'system')
  const asked: { readonly scale: number; readonly signal: AbortSignal; readonly give: () => void }[] = []
  let timer: (() => void) | null = null
  let hidden = false
  const rest = (own: Settings) => {
    const done = run(own)
    store.patch({ settings: own, run: { shown: done, settled: done, coming: null } })
  }
  store.patch({ engine: { status: { kind: 'ready', backend: { id: 'wasm', label: '', threads: 1, goldenError: 0 } } } })
  rest(start)
  const ladder = new Ladder(
    {
      store,
      foresee: (own, signal) =>
        new Promise<void>((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
          asked.push({ scale: own.scale, signal, give: resolve })
        }),
    },
    method,
    {
      hidden: () => hidden,
      power: () => Promise.resolve(power),
      setTimeout: (callback) => {
        timer = callback
        return 1
      },
      clearTimeout: () => void (timer = null),
    },
  )
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
  return {
    store,
    ladder,
    asked,
    rest,
    hide: (now: boolean) => void (hidden = now),
    waits: () => timer !== null,
    /** The hand has rested. */
    async rested() {
      const due = timer
      timer = null
      due?.()
      await settle()
    },
    async give() {
      asked.at(-1)!.give()
      await settle()
    },
    scales: () => asked.map(({ scale }) => scale),
  }
}

describe('a ladder', () => {
  it('is drawn rung by rung once the hand rests, and ends by itself', async () => {
    const page = open()
    page.ladder.look()
    expect(page.asked).toEqual([])
    await page.rested()
    for (let i = 0; i < 6; i++) await page.give()
    expect(page.scales()).toEqual([1.6, 1.4, 1.7, 1.3, 1.8, 1.2])
  })

  it.each<[string, (page: ReturnType<typeof open>) => void]>([
    ['another setting', ({ store }) => store.patch({ settings: { ...settings, seed: 7 } })],
    ['a run', ({ store }) => store.patch({ run: { coming: { ...run(settings, 1, null), id: 5 } } })],
    ['an unseen page', ({ hide }) => hide(true)],
    [
      'a lost engine',
      ({ store }) => store.patch({ engine: { status: { kind: 'loading', backend: null, phase: null } } }),
    ],
  ])('ends at once for %s', async (_, wish) => {
    const page = open()
    page.ladder.look()
    await page.rested()
    expect(page.asked).toHaveLength(1)
    wish(page)
    page.ladder.look()
    expect(page.asked[0]!.signal.aborted).toBe(true)
    await page.rested()
    expect(page.asked).toHaveLength(1)
    expect(page.waits()).toBe(false)
  })

  it('goes on where a drag met a finished picture, around the new scale, and further on the side that it goes to', async () => {
    const page = open()
    page.ladder.look()
    await page.rested()
    page.rest({ ...settings, scale: 1.4 })
    page.ladder.look()
    expect(page.asked[0]!.signal.aborted).toBe(false)
    for (let i = 0; i < 12; i++) await page.give()
    expect(page.scales()).toEqual([1.6, 1.3, 1.5, 1.2, 1.6, 1.1, 1.7, 1, 1.8, 0.95, 1.9, 0.9, 2])
    page.rest({ ...settings, scale: 4 })
    page.ladder.look()
    await page.rested()
    expect(page.scales().at(-1)).toBe(4.2)
  })

  it('is short on a battery, and none on a low one', async () => {
    const battery = open(settings, { charging: false, level: 0.6 })
    battery.ladder.look()
    await battery.rested()
    for (let i = 0; i < 4; i++) await battery.give()
    expect(battery.scales()).toHaveLength(4)
    const low = open(settings, { charging: false, level: 0.1 })
    low.ladder.look()
    await low.rested()
    expect(low.asked).toEqual([])
  })

  it('leaves what a person has seen its half of the memory', async () => {
    const many = { ...settings, samples: 9, steps: 16 }
    expect(roomAhead(many)).toBe(1)
    const page = open(many)
    page.ladder.look()
    await page.rested()
    await page.give()
    expect(page.scales()).toEqual([1.6])
  })

  it('waits for a live run: the stored one has no way to share', async () => {
    const page = open()
    const stored = { ...run(settings), origin: 'stored' as const }
    page.store.patch({ run: { shown: stored, settled: stored } })
    page.ladder.look()
    expect(page.waits()).toBe(false)
  })
})
