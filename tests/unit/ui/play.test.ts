import { expect, it } from 'vitest'
import { encodeLink } from '../../../src/settings'
import type { SessionWindow } from '../../../src/ui/app/session'
import { createPlay } from '../../../src/ui/rooms/play/play'
import type { Engine } from '../../../src/worker/protocol'
import { model, settings } from './fixtures'

const other = {
  ...model,
  id: 'toys',
  name: 'Toys',
  family: { ...model.family, order: 2, unnamedInLinks: false },
}

/** The playground with two models, and a window whose history can be gone back in. */
function open(start: string) {
  const entries = [start]
  const listeners = new Set<() => void>()
  const begun: string[] = []
  let disposed = 0
  const never = () => Promise.reject(new Error('not here'))
  const engine: Engine = {
    start: (id) => void begun.push(id),
    run: () => 1,
    cancel: () => undefined,
    attentionMap: never,
    useVision: never,
    draw: never,
    judge: never,
    dispose: () => void disposed++,
  }
  const window: SessionWindow = {
    history: {
      pushState: (_data, _title, url) => void entries.push(String(url)),
      replaceState: (_data, _title, url) => void (entries[entries.length - 1] = String(url)),
    },
    location: {
      get hash() {
        return entries.at(-1)!
      },
      href: 'http://page/',
    },
    performance: { now: () => 0 },
    addEventListener: (_type, listener) => void listeners.add(listener),
    removeEventListener: (_type, listener) => void listeners.delete(listener),
    setTimeout: () => 1,
    clearTimeout: () => undefined,
    requestAnimationFrame: () => 1,
    cancelAnimationFrame: () => undefined,
  }
  const play = createPlay({
    port: {
      models: [model, other],
      publishedOf: () => Promise.resolve([]),
      connect: () => engine,
      judgingOf: () => null,
    },
    window,
    theme: 'system',
    owns: () => true,
    firstLight: () => Promise.resolve(null),
  })
  const back = () => {
    entries.pop()
    // Those added meanwhile are not called, as in a browser.
    const listening = Array.from(listeners)
    for (const listener of listening) listener()
  }
  return { play, entries, begun, back, disposed: () => disposed, state: () => play.session().store.getState() }
}

it('opens the model that the address names', () => {
  expect(open('').state().model).toBe(model)
  expect(open('#model=toys&method=pag&seed=4').state()).toMatchObject({ model: other, settings: { seed: 4 } })
})

it('goes to another model without leaving the page, and Back returns to what was there', () => {
  const page = open(`#${encodeLink({ ...settings, seed: 9 }, model)}`)
  let told = 0
  page.play.subscribe(() => void told++)
  page.play.session().set({ shell: { presenting: true } })
  page.play.session().openModel(other)
  expect(page.entries).toHaveLength(2)
  expect(page.state()).toMatchObject({ model: other, settings: { model: 'toys' }, shell: { presenting: true } })
  expect(page.begun).toEqual(['avatars', 'toys'])
  page.back()
  expect(page.state()).toMatchObject({ model, settings: { seed: 9 } })
  expect(told).toBe(2)
  expect(page.disposed()).toBe(2)
})
