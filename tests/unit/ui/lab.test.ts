/** The lab: its tabs, its address, and what it keeps. */
import { describe, expect, it } from 'vitest'
import { firstSettings } from '../../../src/settings'
import { browserStorage, memoryStorage } from '../../../src/storage/lab'
import { createLab, type LabParts } from '../../../src/ui/rooms/lab/lab'
import { tabsOf } from '../../../src/ui/rooms/lab/tab'
import type { EngineEvent } from '../../../src/worker/protocol'
import { model } from './fixtures'
import { listeners, stillEngine, stillWindow } from './still'

const shapes = { ...model, id: 'shapes', family: { ...model.family, unnamedInLinks: false, order: 2 } }
const TABS = [
  { id: 'grid', keys: ['x', 'y'] },
  { id: 'curves', keys: ['c'] },
]

function open(hash: string, parts: Partial<LabParts['port']> = {}) {
  const entries = [hash]
  const { tell, ...events } = listeners()
  const lab = createLab({
    port: {
      models: [model, shapes],
      publishedOf: () => Promise.resolve([]),
      curvesOf: () => Promise.resolve([]),
      judgingOf: () => null,
      connect: () => stillEngine(),
      ...parts,
    },
    window: stillWindow(entries, events),
    owns: (address) => address.includes('room=lab'),
    storage: memoryStorage(),
    tabs: TABS,
  })
  return { lab, entries, tell, state: () => lab.store.getState() }
}

describe('the lab’s address', () => {
  it('names a tab, what it says, and the settings, and is read as it was written', () => {
    const { lab, entries, state } = open(
      '#room=lab&tab=grid&x=scale:0..2 by 0.5&y=method:pag, cfg%2b%2b&v=2&method=seg&scale=2',
    )
    expect(state().subject).toMatchObject({ tab: 'grid', settings: { method: 'seg', scale: 2 }, notes: [] })
    expect(state().subject.said).toEqual({ x: 'scale:0..2 by 0.5', y: 'method:pag, cfg++' })
    expect(open(lab.hash('grid')).state().subject).toEqual(state().subject)
    lab.write('grid', { x: 'seed:1..3 by 1' }, 'new')
    expect(entries).toHaveLength(2)
    lab.write('grid', { x: 'seed:1..4 by 1' })
    expect(entries).toHaveLength(2)
    expect(open(entries.at(-1)!).state().subject.said).toEqual({ x: 'seed:1..4 by 1' })
  })

  it('keeps what a tab said while another is seen, and writes nothing for one that is not', () => {
    const { lab, entries, tell, state } = open('#room=lab&tab=grid&x=seed:1')
    lab.write('curves', { c: '7' })
    expect(entries).toHaveLength(1)
    entries.push(lab.hash('curves'))
    tell('popstate')
    expect(state().subject).toMatchObject({ tab: 'curves', said: { c: '7' } })
    expect(lab.hash('grid')).toContain('x=seed%3A1&')
    // Another room's address says nothing here.
    entries.push('#room=plane&seed=9')
    tell('popstate')
    expect(state().subject.tab).toBe('curves')
  })

  it('says what it does not know, and opens the first tab', () => {
    const { subject } = open('#room=lab&tab=attic&model=shapes&scale=high').state()
    expect(subject).toMatchObject({ tab: 'grid', model: { id: 'shapes' } })
    expect(subject.notes).toEqual([expect.stringContaining('attic'), expect.stringContaining('scale')])
  })

  it('varies other settings, of another model too', () => {
    const { lab, entries, state } = open('#room=lab')
    lab.vary({ model: shapes, settings: { ...firstSettings(shapes), seed: 77 } })
    expect(state().subject).toMatchObject({ model: { id: 'shapes' }, settings: { seed: 77 } })
    expect(entries.at(-1)).toMatch(/room=lab&tab=grid&.*model=shapes.*seed=77/)
  })
})

it('has one engine, of one model at a time, and none while it is not seen', () => {
  const log: string[] = []
  const hearing: ((event: EngineEvent) => void)[] = []
  const { lab, state } = open('#room=lab', {
    connect: (listener) => {
      hearing.push(listener)
      return stillEngine({ start: (id) => void log.push(id), dispose: () => void log.push('end') })
    },
  })
  const engine = lab.engine(model)
  expect(lab.engine(model)).toBe(engine)
  lab.engine(shapes)
  expect(log).toEqual([model.id, 'end', 'shapes'])
  hearing.at(-1)!({ kind: 'failed', failure: { code: 'internal', message: 'No.', remedy: '', retryable: true } })
  expect(state().engine.kind).toBe('failed')
  // Who asks again has it started again.
  lab.engine(shapes)
  expect(log.at(-1)).toBe('shapes')
  expect(state().engine.kind).toBe('loading')
  lab.show(false)
  expect(log.at(-1)).toBe('end')
})

it('has its tabs from their folders, in their order', () => {
  const load = () => Promise.resolve({ default: () => null })
  const about = (place: number) => ({ about: { label: '', what: '', place, keys: [] } })
  const files = { './tabs/b/tab.tsx': load, './tabs/a/tab.tsx': load }
  const abouts = { './tabs/a/about.ts': about(2), './tabs/b/about.ts': about(1) }
  expect(tabsOf(abouts, files).map(({ id }) => id)).toEqual(['b', 'a'])
  expect(() => tabsOf({}, files)).toThrow('no about.ts')
})

describe('what the lab keeps', () => {
  const entry = (id: string, made: number) => ({ id, made, value: { id } })

  it('lies with the page where the browser keeps nothing, and is said to', async () => {
    const storage = browserStorage(() => Promise.reject(new Error('forbidden')))
    await storage.put({ jobs: [entry('b', 2), entry('a', 1)] })
    expect((await storage.all('jobs')).map(({ id }) => id)).toEqual(['a', 'b'])
    expect(await storage.get('pictures', 'a')).toBeUndefined()
    expect(storage.lasting()).toBe(false)
    await storage.remove('jobs', ['a'])
    expect(await storage.get('jobs', 'a')).toBeUndefined()
  })

  it('lies in the browser as long as that takes it, and beside it from then on', async () => {
    const own = memoryStorage()
    let full = false
    const storage = browserStorage(() =>
      Promise.resolve({
        ...own,
        put: (...put: Parameters<typeof own.put>) => (full ? Promise.reject(new Error('full')) : own.put(...put)),
      }),
    )
    await storage.put({ results: [entry('a', 2)] })
    expect(storage.lasting()).toBe(true)
    full = true
    await storage.put({ results: [entry('b', 1)] })
    expect(storage.lasting()).toBe(false)
    expect((await storage.all('results')).map(({ id }) => id)).toEqual(['b', 'a'])
    expect(await own.get('results', 'b')).toBeUndefined()
  })
})
