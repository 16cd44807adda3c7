import { describe, expect, it } from 'vitest'
import { decodeLink, encodeLink, withMethod } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import { createSession, type SessionWindow } from '../../../src/ui/app/session'
import { createPageStore } from '../../../src/ui/app/state'
import { termOf } from '../../../src/ui/equation/terms'
import { filesOf, missingBytes } from '../../../src/ui/method/methods'
import type { Lone } from '../../../src/sampling/records'
import { foresee } from '../../../src/ui/run/foresee'
import type { Run } from '../../../src/ui/run/run'
import type { EngineFailure } from '../../../src/core/failure'
import type { Engine, EngineListener, RunPass } from '../../../src/worker/protocol'
import { finals, model, record, run, settings } from './fixtures'
import { listeners, never, stillEngine, stillWindow } from './still'

const failure: EngineFailure = { code: 'device-lost', message: 'Lost.', remedy: 'Goes on.', retryable: true }

/** A session on an engine that does only what the test tells it to, and a window whose clock stands still until told. */
function open(start: Settings = settings, own: Partial<SessionWindow> = {}, more: Partial<Engine> = {}) {
  const entries: string[] = [`#${encodeLink(start, model)}`]
  const asked: { run: number; settings: Settings; preview: boolean; alone: readonly Lone[] | undefined }[] = []
  let listener: EngineListener = () => undefined
  const { tell, listening, ...events } = listeners()
  let timers = new Map<number, () => void>()
  let frame: ((now: number) => void) | null = null
  let cancelled = 0
  let reopened = 0
  let starts = 0
  const engine = stillEngine({
    start: () => void starts++,
    run: (of, { preview, alone }) => {
      asked.push({ run: asked.length + 1, settings: of, preview, alone })
      return asked.length
    },
    cancel: () => void cancelled++,
    ...more,
  })
  const window = stillWindow(entries, {
    ...events,
    ...own,
    setTimeout: (callback) => {
      timers.set(timers.size + 1, callback)
      return timers.size
    },
    clearTimeout: (timer) => void timers.delete(timer),
    requestAnimationFrame: (callback) => {
      frame = callback
      return 1
    },
    cancelAnimationFrame: () => void (frame = null),
  })
  const store = createPageStore(model, start, [], 'system')
  const session = createSession({
    store,
    window,
    models: [model],
    publishedOf: () => Promise.resolve([]),
    owns: (hash) => !hash.includes('room='),
    reopen: () => void reopened++,
    judging: {
      bytes: 0,
      fetch: never,
      meter: async () => ({ measure: never, measured: never, distances: never, dispose: () => undefined }),
    },
    connect: (hears) => {
      listener = hears
      return engine
    },
  })
  const emit: EngineListener = (event) => listener(event)
  return {
    session,
    store,
    entries,
    asked,
    tell,
    listening,
    emit,
    cancelled: () => cancelled,
    starts: () => starts,
    online: () => tell('online'),
    reopened: () => reopened,
    ready: () => emit({ kind: 'ready', model, backend: { id: 'wasm', label: 'WASM', threads: 1, goldenError: 0 } }),
    started: (pass: RunPass = 'full') =>
      emit({ kind: 'run-started', run: asked.length, pass, settings: asked.at(-1)!.settings }),
    step: (index: number, pass: RunPass = 'full') =>
      emit({ kind: 'step', run: asked.length, pass, record: record(index, asked.at(-1)!.settings) }),
    finished: (pass: RunPass = 'full') =>
      emit({
        kind: 'run-finished',
        run: asked.length,
        pass,
        samples: finals(asked.at(-1)!.settings),
        summary: { digests: [], evaluatedRows: 0, milliseconds: 0 },
      }),
    back: () => {
      entries.pop()
      tell('popstate')
    },
    runTimers: () => {
      const due = [...timers.values()]
      timers = new Map()
      for (const callback of due) callback()
    },
    animate: (now: number) => frame?.(now),
  }
}

/** Ready, with the first full run on the stage. */
function settled(own: Partial<SessionWindow> = {}, more: Partial<Engine> = {}) {
  const page = open(settings, own, more)
  page.ready()
  page.started()
  for (let i = 0; i < settings.steps; i++) page.step(i)
  page.finished()
  return page
}

/** As the engine gives a run of which nothing but the guided trajectory was asked. */
const withoutLones = ({ records, final }: Run) => ({
  records: records.map((own) => ({
    ...own,
    samples: own.samples.map((sample) => ({ ...sample, positive: null, negative: null })),
  })),
  final: final?.map(({ guided }) => ({ guided, positive: null, negative: null })),
})

const shownSettings = (page: ReturnType<typeof open>) => page.store.getState().run.shown?.settings

describe('runs', () => {
  it('samples once the engine is ready, and watches the first run form', () => {
    const page = open()
    expect(page.asked).toEqual([])
    page.ready()
    expect(page.asked).toEqual([{ run: 1, settings, preview: false, alone: ['positive', 'negative'] }])
    page.started()
    page.step(0)
    expect(page.store.getState().run.shown?.records.length).toBe(1)
  })

  it('holds the finished pictures until the new run reaches the playhead', () => {
    const page = settled()
    page.session.change({ layers: [2] })
    expect(page.asked.at(-1)?.preview).toBe(true)
    page.started('preview')
    page.step(0, 'preview')
    expect(shownSettings(page)?.layers).toBe('all')
    page.finished('preview')
    expect(shownSettings(page)?.layers).toEqual([2])
    expect(page.store.getState().run.settled?.settings.layers).toBe('all')
  })

  it.each<[string, Partial<Settings>]>([
    ['the scale', { scale: 3 }],
    ['the window', { window: [0, 5] }],
    ['the rescaling', { rescale: 0.5 }],
    ['a further negative', { stack: [termOf(withMethod(settings, 'seg', model), 0)] }],
  ])('has no preview where only the guided picture is another one: %s', (_, change) => {
    const page = settled()
    page.session.change(change)
    expect(page.asked.at(-1)?.preview).toBe(false)
    page.started()
    for (let i = 0; i < settings.steps; i++) page.step(i)
    expect(page.store.getState().run.coming?.records).toHaveLength(settings.steps)
    expect(shownSettings(page)).toEqual(settings)
    page.finished()
    expect(shownSettings(page)).toMatchObject(change)
  })

  it('takes the new run at once where the playhead stands at its beginning', () => {
    const page = settled()
    page.session.seek(0)
    page.session.change({ scale: 3 })
    page.started()
    page.step(0)
    expect(shownSettings(page)?.scale).toBe(3)
  })

  it('watches another subject form, since there is nothing to compare with', () => {
    const page = settled()
    page.session.nextSeed()
    page.started('preview')
    page.step(0, 'preview')
    expect(shownSettings(page)?.seed).toBe(2)
  })

  it('lets a preview finish during a drag, then follows the hand, and at once when it rests', () => {
    const page = settled()
    page.session.change({ layers: [1] }, 'drag')
    page.started('preview')
    page.session.change({ layers: [2] }, 'drag')
    page.session.change({ layers: [3] }, 'drag')
    expect(page.asked.length).toBe(2)
    page.finished('preview')
    expect(page.asked.at(-1)?.settings.layers).toEqual([3])
    page.started('preview')
    page.session.change({ layers: [4] }, 'drag')
    expect(page.asked.length).toBe(3)
    page.session.settle()
    expect(page.asked.at(-1)?.settings.layers).toEqual([4])
  })

  it('asks for each scale of a drag at once, whatever is under way', () => {
    const page = settled()
    for (const scale of [2, 2.5, 3]) {
      page.session.change({ scale }, 'drag')
      page.started()
      page.step(0)
    }
    expect(page.asked.slice(1).map(({ settings: { scale }, preview }) => [scale, preview])).toEqual([
      [2, false],
      [2.5, false],
      [3, false],
    ])
    page.session.settle()
    expect(page.asked).toHaveLength(4)
    // A preview of other layers does not hold it up.
    page.session.change({ layers: [1], scale: 1.5 }, 'drag')
    page.started('preview')
    page.session.change({ layers: 'all', scale: 2 }, 'drag')
    expect(page.asked.at(-1)).toMatchObject({ settings: { layers: 'all', scale: 2 }, preview: false })
  })

  it('shows at once what was drawn ahead, with the lone pictures that are there, and asks for nothing', async () => {
    const ahead: { readonly of: Settings; readonly alone: readonly Lone[] }[] = []
    const page = settled(
      {},
      {
        foresee: async (of, alone) => {
          ahead.push({ of, alone })
          const { records, final } = withoutLones(run(of))
          return { records, samples: final!, summary: { digests: ['there'], evaluatedRows: 1, milliseconds: 1 } }
        },
      },
    )
    const before = page.store.getState().run.settled!
    const asked = page.asked.length
    const wanted = { ...settings, scale: 1.6 }
    const { signal } = new AbortController()
    await foresee(page.session.ahead, wanted, signal)
    // Nothing is seen of it, and what is there is not drawn again.
    expect(shownSettings(page)?.scale).toBe(1.5)
    await foresee(page.session.ahead, wanted, signal)
    expect(ahead).toEqual([{ of: wanted, alone: [] }])
    page.session.change({ scale: 1.6 }, 'drag')
    const { shown, settled: now, coming } = page.store.getState().run
    expect(shown).toMatchObject({ settings: wanted, summary: { digests: ['there'] } })
    expect([now, coming, page.asked.length]).toEqual([shown, null, asked])
    expect(shown!.records[2]!.samples[0]!.positive).toBe(before.records[2]!.samples[0]!.positive)
    expect(shown!.final![0]!.negative).toBe(before.final![0]!.negative)
    await foresee(page.session.ahead, { ...settings, scale: 1.7 }, AbortSignal.abort())
    page.session.change({ scale: 1.7 }, 'drag')
    expect(page.asked).toHaveLength(asked + 1)
  })

  it('asks for no trajectory that the last run has, and shows that one’s pictures', () => {
    const page = settled()
    const before = page.store.getState().run.settled!
    page.session.change({ scale: 3 })
    expect(page.asked.at(-1)?.alone).toEqual([])
    page.started()
    const { records, final } = withoutLones(run({ ...settings, scale: 3 }))
    for (const own of records) page.emit({ kind: 'step', run: page.asked.length, pass: 'full', record: own })
    page.emit({
      kind: 'run-finished',
      run: page.asked.length,
      pass: 'full',
      samples: final!,
      summary: { digests: [], evaluatedRows: 0, milliseconds: 0 },
    })
    const { shown } = page.store.getState().run
    expect(shown!.settings.scale).toBe(3)
    for (const which of ['positive', 'negative'] as const) {
      expect(shown!.final![0]![which]).toBe(before.final![0]![which])
      expect(shown!.records[1]!.samples[0]![which]).toBe(before.records[1]!.samples[0]![which])
    }
    for (const [change, alone] of [
      [{ layers: [1] }, ['negative']],
      // Without a method there is no negative to walk.
      [{ method: 'none' }, ['negative']],
      [{ seed: 5 }, ['positive', 'negative']],
      [{ steps: 4 }, ['positive', 'negative']],
    ] as const) {
      page.session.change({ ...settings, ...change })
      expect(page.asked.at(-1)?.alone).toEqual(alone)
    }
  })

  /** The run that was asked for last ends, as far as it was asked for. */
  function ends(page: ReturnType<typeof open>) {
    const { run: id, settings: of, alone } = page.asked.at(-1)!
    page.started()
    const { final } = run(of)
    const only = (which: Lone, image: Float32Array | null) => (alone!.includes(which) ? image : null)
    const samples = final!.map(({ guided, positive, negative }) => ({
      guided,
      positive: only('positive', positive),
      negative: only('negative', negative),
    }))
    const summary = { digests: [], evaluatedRows: 0, milliseconds: 0 }
    page.emit({ kind: 'run-finished', run: id, pass: 'full', samples, summary })
  }

  it('walks nothing for pictures that a view leaves out, and brings them when they are shown or asked for', () => {
    const page = settled()
    const asked = () => page.asked.slice(1).map(({ settings: { seed }, alone }) => [seed, ...alone!])
    page.session.see(false)
    page.session.change({ seed: 5 })
    ends(page)
    expect(asked()).toEqual([[5]])
    page.session.see(true)
    ends(page)
    expect(asked().slice(1)).toEqual([[5, 'positive', 'negative']])
    expect(page.store.getState().run.settled?.final?.[0]?.negative).not.toBeNull()
    // What a run has from the one before is there without another.
    page.session.see(false)
    page.session.change({ seed: 5, scale: 3 })
    ends(page)
    page.session.see(true)
    expect(asked().slice(2)).toEqual([[5]])
    // The judge looks at all three, and so does whoever asks; one of them is enough.
    page.session.see(false)
    page.session.change({ seed: 6 })
    ends(page)
    void page.session.judge.open()
    ends(page)
    const leave = page.session.ask()
    page.session.judge.close()
    page.session.change({ seed: 7 })
    ends(page)
    leave()
    page.session.change({ seed: 8 })
    expect(asked().slice(3)).toEqual([[6], [6, 'positive', 'negative'], [7, 'positive', 'negative'], [8]])
  })

  it('shows known settings at once, without the engine', () => {
    const page = settled()
    page.session.change({ scale: 3 })
    const asked = page.asked.length
    page.session.change({ scale: 1.5 })
    expect(page.asked.length).toBe(asked)
    expect(page.cancelled()).toBe(1)
    expect(shownSettings(page)?.scale).toBe(1.5)
  })

  it('does not ask again for a run that the engine resumes, but does for settings changed meanwhile', () => {
    const page = settled()
    page.session.change({ scale: 3 })
    page.emit({ kind: 'recovering', failure })
    page.ready()
    expect(page.asked.length).toBe(2)
    page.emit({ kind: 'recovering', failure })
    page.session.change({ scale: 4 })
    page.ready()
    expect(page.asked.at(-1)?.settings.scale).toBe(4)
  })

  it('knows files from when they come, also of a run that never ends; what failed to come is still missing', () => {
    const page = settled()
    const weak = { ...settings, network: 'small' }
    const missing = () => missingBytes(weak, model, page.store.getState().engine.fetched)
    page.session.change({ network: 'small' })
    const before = missing()
    expect(before).toBeGreaterThan(0)
    page.emit({ kind: 'fetched', network: { id: 'small' }, came: [] })
    expect(missing()).toBe(before)
    page.emit({ kind: 'fetched', network: { id: 'small' }, came: filesOf(weak, model).map(({ sha256 }) => sha256) })
    page.session.change({ network: 'main' })
    expect(missing()).toBe(0)
  })

  it('knows files that an earlier visit kept, before they are asked for', () => {
    const page = settled()
    const weak = { ...settings, network: 'small' }
    page.emit({ kind: 'kept', files: filesOf(weak, model).map(({ sha256 }) => sha256) })
    expect(missingBytes(weak, model, page.store.getState().engine.fetched)).toBe(0)
    expect(missingBytes(settings, model, page.store.getState().engine.fetched)).toBe(0)
  })

  it('reports a failed run and goes on with the next change', () => {
    const page = settled()
    page.session.change({ scale: 3 })
    page.started()
    page.emit({ kind: 'run-failed', run: 2, failure })
    expect(page.store.getState().run.failure).toEqual(failure)
    expect(shownSettings(page)?.scale).toBe(1.5)
    page.session.change({ scale: 2 })
    expect(page.store.getState().run.failure).toBeNull()
    expect(page.asked.at(-1)?.settings.scale).toBe(2)
  })

  it('keeps full storage apart from what stops the page', () => {
    const page = open()
    page.emit({ kind: 'recovering', failure: { ...failure, code: 'storage-full' } })
    expect(page.store.getState().engine.status.kind).toBe('loading')
    expect(page.store.getState().notices.warning?.code).toBe('storage-full')
  })

  it('shows the stored run only where it is what was asked for and nothing better is there', () => {
    const stored = { ...run(settings), origin: 'stored' as const }
    const fresh = open()
    fresh.session.showStored(stored)
    expect(fresh.store.getState().run.shown).toBe(stored)
    const other = open({ ...settings, seed: 5 })
    other.session.showStored(stored)
    expect(other.store.getState().run.shown).toBeNull()
    const late = settled()
    late.session.showStored(stored)
    expect(late.store.getState().run.shown).not.toBe(stored)
  })
})

describe('link', () => {
  it('pushes for a choice; a drag makes one entry and keeps rewriting it', () => {
    const page = settled()
    page.session.change({ class: 3 })
    expect(page.entries.length).toBe(2)
    page.session.change({ scale: 2 }, 'drag')
    page.session.change({ scale: 2.5 }, 'drag')
    page.session.change({ scale: 3 }, 'drag')
    expect(page.entries.length).toBe(3)
    page.session.settle()
    expect(decodeLink(page.entries.at(-1)!, model).settings.scale).toBe(3)
    page.session.change({ scale: 4 }, 'drag')
    expect(page.entries.length).toBe(4)
  })

  it('makes one entry of a key that is held, whatever it moves, and the next of the next', () => {
    const page = settled()
    const press = (held: number, gesture: 'drag' | 'discrete') => {
      for (let i = 0; i < held; i++) {
        page.tell('keydown', i > 0)
        page.session.change({ scale: page.store.getState().settings.scale + 0.1 }, gesture)
        if (gesture === 'drag') page.session.settle()
      }
      page.tell('keyup')
    }
    press(30, 'drag')
    expect(page.entries.length).toBe(2)
    expect(decodeLink(page.entries[1]!, model).settings.scale).toBeCloseTo(4.5)
    expect(page.asked.at(-1)?.settings.scale).toBeCloseTo(4.5)
    press(30, 'discrete')
    expect(page.entries.length).toBe(3)
    press(1, 'drag')
    press(1, 'drag')
    expect(page.entries.length).toBe(5)
  })

  it.each(['pointerdown', 'blur'])('a key that is never let go ends with %s', (sign) => {
    const page = settled()
    page.tell('keydown')
    page.session.change({ scale: 2 })
    page.tell(sign)
    page.session.change({ scale: 3 })
    page.session.change({ scale: 4 })
    expect(page.entries.length).toBe(4)
  })

  it('in a frame replaces the address', () => {
    const page = settled({ parent: {} })
    page.session.change({ class: 3 })
    page.session.change({ scale: 2 }, 'drag')
    page.session.settle()
    expect(page.entries).toEqual([`#${encodeLink({ ...settings, class: 3, scale: 2 }, model)}`])
  })

  it.each([
    ['throws', true],
    ['is silent', false],
  ])('draws and goes on where the browser’s limit of writing addresses %s, and writes later', (_, throws) => {
    let limited = true
    const entries: string[] = ['#']
    const write = (push: boolean) => (_data: unknown, _title: string, url?: string | URL | null) => {
      if (limited && throws) throw new DOMException('more than 100 times per 30 seconds', 'SecurityError')
      if (!limited) entries.splice(push ? entries.length : entries.length - 1, 1, String(url))
    }
    const page = settled({
      history: { state: null, pushState: write(true), replaceState: write(false) },
      location: {
        href: 'http://page/',
        get hash() {
          return entries.at(-1)!
        },
      },
    })
    page.session.change({ class: 3 })
    page.session.change({ scale: 2 })
    expect(page.asked.at(-1)?.settings).toMatchObject({ class: 3, scale: 2 })
    page.runTimers()
    limited = false
    page.runTimers()
    const wanted = `#${encodeLink(page.store.getState().settings, model)}`
    expect(entries).toEqual(['#', wanted])
    expect(page.session.link()).toBe(`http://page/${wanted}`)
    page.runTimers()
    expect(entries).toHaveLength(2)
  })

  it('leaves unwritten what another address has overtaken, and listens to nothing after its end', () => {
    let limited = false
    const entries: string[] = []
    const { history } = stillWindow(entries)
    const write: History['pushState'] = (...entry) => {
      if (limited) throw new DOMException('more than 100 times per 30 seconds', 'SecurityError')
      history.pushState(...entry)
    }
    const page = settled({
      history: { state: null, pushState: write, replaceState: history.replaceState },
      location: {
        href: 'http://page/',
        get hash() {
          return entries.at(-1) ?? ''
        },
      },
    })
    page.session.change({ class: 3 })
    const before = [...entries]
    limited = true
    page.session.change({ scale: 2 }, 'drag')
    page.session.change({ scale: 2.5 }, 'drag')
    limited = false
    entries.push('#room=measured')
    page.tell('popstate')
    page.runTimers()
    expect(entries).toEqual([...before, '#room=measured'])
    entries.pop()
    page.tell('popstate')
    page.session.keepSeeds(true)
    expect(entries).toEqual(before)
    page.session.change({ scale: 3 }, 'drag')
    page.session.change({ scale: 4 }, 'drag')
    page.session.dispose()
    page.runTimers()
    expect(decodeLink(entries.at(-1)!, model).settings.scale).toBe(3)
    expect(page.listening()).toBe(0)
  })

  it('rewrites the link at rest inside a drag', () => {
    const page = settled()
    page.session.change({ scale: 2 }, 'drag')
    page.session.change({ scale: 2.5 }, 'drag')
    page.runTimers()
    expect(decodeLink(page.entries.at(-1)!, model).settings.scale).toBe(2.5)
  })

  it('goes back to what was there, and says what it cannot read', () => {
    const page = settled()
    page.session.change({ class: 3 })
    page.back()
    expect(page.store.getState().settings.class).toBe(0)
    page.entries.push('#v=1&method=pag&seed=7&scale=many', '')
    page.back()
    expect(page.store.getState().settings.seed).toBe(7)
    expect(page.store.getState().notices.problems).toEqual([expect.stringContaining('scale')])
    // The same settings, and another part that means nothing.
    page.entries.push('#v=1&method=pag&seed=7&colour=red', '')
    page.back()
    expect(page.store.getState().notices.problems).toEqual([expect.stringContaining('colour')])
  })

  it('opens the page anew for a link to another model', () => {
    const page = settled()
    page.entries.push('#v=1&method=pag&model=another', '')
    page.back()
    expect(page.reopened()).toBe(1)
    expect(page.store.getState().settings).toEqual(settings)
  })

  it('leaves an address of another room to that room', () => {
    const page = settled()
    page.entries.push('#room=plane&seed=7', '')
    page.back()
    expect(page.store.getState().settings).toEqual(settings)
    expect(page.reopened()).toBe(0)
  })

  it('names the page and all settings', () => {
    const page = settled()
    page.session.change({ scale: 3, seed: 12 })
    expect(page.session.link()).toBe(`http://page/#${encodeLink({ ...settings, scale: 3, seed: 12 }, model)}`)
  })
})

describe('seed and playhead', () => {
  it('goes to the chosen seed of another class, and never replaces the person’s own', () => {
    const page = settled()
    const seed = () => page.store.getState().settings.seed
    page.session.set({ controls: { seedKept: false } })
    page.session.want({ class: 2 })
    expect(seed()).toBe(21)
    page.session.want({ class: null })
    expect(seed()).toBe(21)
    // The default network always saw a class.
    expect(page.store.getState().settings).toMatchObject({ class: null, network: 'dropout' })
    page.session.keepSeed(7)
    page.session.want({ class: 3 })
    expect(seed()).toBe(7)
    page.session.chooseSeed()
    expect(seed()).toBe(31)
    page.session.want({ class: 4 })
    expect(seed()).toBe(41)
  })

  it('goes from a chosen seed to all others in turn, and skips none', () => {
    const page = settled()
    const next = () => {
      page.session.nextSeed()
      return page.store.getState().settings.seed
    }
    page.session.set({ controls: { seedKept: false } })
    page.session.want({ class: 1 })
    expect(Array.from({ length: 12 }, next)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    page.session.want({ class: 5 })
    expect(page.store.getState().settings).toMatchObject({ class: 5, seed: 12 })
  })

  it('takes a seed of an opened address for the person’s own, and a chosen one that Back returns to for no one’s', () => {
    const page = settled()
    page.session.set({ controls: { seedKept: false } })
    page.session.want({ class: 2 })
    page.entries.push('#v=1&method=pag&seed=7', '')
    page.back()
    expect(page.store.getState().controls.seedKept).toBe(true)
    page.back()
    page.session.want({ class: 3 })
    expect(page.store.getState().settings.seed).toBe(31)
  })

  it('remembers with each entry of the history whether the seed is the person’s own', () => {
    const page = settled()
    const kept = () => page.store.getState().controls.seedKept
    page.session.set({ controls: { seedKept: false } })
    page.session.want({ class: 2 })
    // Of a chosen seed, too.
    page.session.keepSeeds(true)
    page.session.change({ scale: 3 })
    page.session.keepSeeds(false)
    page.back()
    expect(kept()).toBe(true)
    // As on the way back from another room: the same settings, at an address that the page did not write.
    page.session.keepSeeds(false)
    const same = page.entries.at(-1)!
    page.entries.push(same, same, '')
    page.back()
    expect(kept()).toBe(false)
    page.session.want({ class: 3 })
    expect(page.store.getState().settings.seed).toBe(31)
  })

  it('takes back the network that "any" had to leave, unless another one was chosen since', () => {
    const page = settled()
    const asked = () => {
      const { network, ema } = page.store.getState().settings
      return { network, ema }
    }
    page.session.change({ ema: 0.1 })
    const before = asked()
    page.session.want({ class: null })
    expect(asked()).toEqual({ network: 'dropout', ema: null })
    page.session.want({ class: 3 })
    expect(asked()).toEqual(before)
    page.session.want({ class: null })
    page.session.change({ network: 'main-1-16', ema: null, class: 2 })
    page.session.want({ class: 4 })
    expect(asked()).toEqual({ network: 'main-1-16', ema: null })
  })

  it('steps by frames and stays on the way', () => {
    const page = settled()
    page.session.stepBy(1)
    expect(page.store.getState().playhead.position).toBe(1)
    page.session.stepBy(-2)
    expect(page.store.getState().playhead.position).toBeCloseTo(3 / 5)
    page.session.stepBy(-9)
    expect(page.store.getState().playhead.position).toBe(0)
  })

  it('plays from the beginning to the end and stops; seeking stops it too', () => {
    const page = settled()
    page.session.togglePlay()
    expect(page.store.getState().playhead).toEqual({ playing: true, position: 0 })
    page.animate(625)
    expect(page.store.getState().playhead.position).toBeCloseTo(0.5)
    page.animate(1250)
    expect(page.store.getState().playhead).toEqual({ playing: false, position: 1 })
    page.session.togglePlay()
    page.session.seek(0.2)
    expect(page.store.getState().playhead.playing).toBe(false)
  })
})

describe('a network that is back', () => {
  const lacking = (code: EngineFailure['code'], retryable = true): EngineFailure => ({ ...failure, code, retryable })

  it('starts an engine again that failed for lack of it, and samples what is wanted then', () => {
    const page = settled()
    page.emit({ kind: 'backend-rejected', backend: 'webgpu', failure: lacking('worker-died') })
    page.emit({ kind: 'failed', failure: lacking('worker-died') })
    page.session.change({ seed: 77 })
    page.online()
    expect(page.starts()).toBe(1)
    expect(page.store.getState().engine).toMatchObject({ status: { kind: 'loading' }, rejected: [] })
    page.ready()
    expect(page.asked.at(-1)!.settings.seed).toBe(77)
    // Another such event begins nothing that is under way.
    page.online()
    expect(page.starts()).toBe(1)
  })

  it('samples again where files of the run did not come', () => {
    const page = settled()
    page.session.change({ seed: 5 })
    const asked = page.asked.length
    page.emit({ kind: 'run-failed', run: asked, failure: lacking('download-failed') })
    // It never started, and the page says so all the same.
    expect(page.store.getState().run.failure).toMatchObject({ code: 'download-failed' })
    page.online()
    expect(page.asked.length).toBe(asked + 1)
    expect(page.asked.at(-1)!.settings.seed).toBe(5)
  })

  it.each([lacking('golden-mismatch'), lacking('download-failed', false)])(
    'leaves other failures to the person',
    (why) => {
      const page = settled()
      page.emit({ kind: 'failed', failure: why })
      page.online()
      expect(page.starts()).toBe(0)
      expect(page.store.getState().engine.status.kind).toBe('failed')
    },
  )
})
