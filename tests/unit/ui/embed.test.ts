/** The messages between an embed and the page around it: what is heard, what is answered, and to whom. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { decodeLink, encodeLink, toPreset } from '../../../src/settings'
import { NO_VIEW } from '../../../src/settings/view'
import { createAddressPort } from '../../../src/ui/embed/address-port'
import { createDesk, type EmbedPort, type Heard } from '../../../src/ui/embed/desk'
import { createPlayPort } from '../../../src/ui/embed/play-port'
import { readRequest, type Told, TYPE, VERSION } from '../../../src/ui/embed/protocol'
import { createPlay } from '../../../src/ui/rooms/play/play'
import { tellHeight } from '../../../src/ui/view/height'
import { rulesOf } from '../../../src/ui/view/rules'
import { pageView, PLAIN } from '../../../src/ui/view/state'
import { model, run, settings } from './fixtures'
import { listeners, never, stillEngine, stillWindow } from './still'

const message = (rest: object) => ({ type: TYPE, version: VERSION, ...rest })

/** A desk in a frame, with what it posts and where to. */
function desk(port?: EmbedPort) {
  const posted: { told: Told; to: string }[] = []
  const around = {}
  let listener: ((event: Heard) => void) | null = null
  const made = createDesk(
    {
      parent: around,
      addEventListener: (_, heard) => void (listener = heard),
      removeEventListener: () => void (listener = null),
    },
    (told, to) => posted.push({ told, to }),
  )
  if (port) made.attach(port)
  return {
    ...made,
    posted,
    say: (data: unknown, origin = 'https://blog.example', source: unknown = around) =>
      listener?.({ data, origin, source }),
    kinds: () => posted.map(({ told }) => told.kind),
    last: () => posted.at(-1),
  }
}

const other = { ...model, id: 'toys', name: 'Toys' }

/** A playground in a frame, served. */
function served() {
  const entries = [`#${encodeLink(settings, model)}&embed=1&show=scale`]
  const { tell, ...events } = listeners()
  const timers: (() => void)[] = []
  const begun: number[] = []
  const window = Object.assign(
    stillWindow(entries, { ...events, parent: {}, setTimeout: (callback) => timers.push(callback) }),
    { dispatchEvent: ({ type }: Event) => (tell(type), true) },
  )
  const play = createPlay({
    port: {
      models: [model, other],
      watchModels: () => () => undefined,
      publishedOf: () => Promise.resolve([]),
      curvesOf: () => Promise.resolve([]),
      connect: () => stillEngine({ run: (of) => begun.push(of.scale) }),
      judgingOf: () => null,
      rendersOf: never,
    },
    window,
    theme: 'system',
    owns: () => true,
    firstLight: () => Promise.resolve(null),
  })
  const port = createPlayPort(play, window)
  const finish = () => {
    const { settings: wanted } = play.session().store.getState()
    play.session().set({ run: { shown: run(wanted), settled: run(wanted) } })
  }
  return { ...desk(port), play, entries, port, finish, timers, state: () => play.session().store.getState() }
}

describe('a message from around', () => {
  it.each([
    ['of somebody else', { type: 'react-devtools', kind: 'get' }],
    ['that is text', 'hello'],
    ['that is nothing', null],
    ['without a type', { kind: 'get', version: 1 }],
  ])('%s is not answered', (_, data) => {
    expect(readRequest(data)).toEqual({ kind: 'foreign' })
  })

  it.each([
    [message({ kind: 'get', version: 2, id: 7 }), 'version 1', 7],
    [message({ kind: 'erase', id: 'a' }), 'kind', 'a'],
    [message({ kind: 'set' }), 'needs a link', undefined],
    [message({ kind: 'set', link: 'v=3', settings: {} }), 'not both', undefined],
    [message({ kind: 'set', at: 1.5 }), 'at', undefined],
    [message({ kind: 'set', link: 'x'.repeat(20_001) }), 'link', undefined],
    [message({ kind: 'image', of: 'noise' }), 'of', undefined],
    [message({ kind: 'get', id: {} }), 'id', undefined],
  ])('that is not understood is refused with why: %j', (data, why, id) => {
    expect(readRequest(data)).toMatchObject({ kind: 'refused', why: expect.stringContaining(why), id })
  })

  it('is heard from the window around only', () => {
    const page = served()
    const before = page.posted.length
    page.say(message({ kind: 'set', settings: { scale: 0.5 } }), 'https://blog.example', {})
    page.say(message({ kind: 'get' }), 'https://evil.example', null)
    expect(page.posted).toHaveLength(before)
    expect(page.state().settings.scale).toBe(1.5)
    page.say(message({ kind: 'set', settings: { scale: 0.5 } }))
    expect(page.state().settings.scale).toBe(0.5)
  })
})

describe('the page around', () => {
  it('is told nothing of what a person does before it has spoken, and then only at its origin', () => {
    const page = served()
    page.play.session().change({ scale: 2 })
    expect(page.posted).toEqual([{ told: { kind: 'ready' }, to: '*' }])
    page.say(message({ kind: 'get', id: 1 }))
    page.play.session().change({ scale: 0.5 })
    expect(page.posted.slice(1).map(({ to }) => to)).toEqual(['https://blog.example', 'https://blog.example'])
    expect(page.last()?.told).toMatchObject({ kind: 'changed', by: 'reader', state: { settings: { scale: 0.5 } } })
  })

  it('costs nothing before it has spoken: no state is written at each step of a drag', () => {
    const { port, play } = served()
    let written = 0
    const page = desk({ ...port, state: () => (written++, port.state()) })
    play.session().change({ scale: 2 }, 'drag')
    expect(written).toBe(0)
    page.say(message({ kind: 'get' }))
    play.session().change({ scale: 0.5 }, 'drag')
    expect(written).toBe(2)
  })

  it('of no origin is answered where it is', () => {
    const page = served()
    page.say(message({ kind: 'get' }), 'null')
    expect(page.last()).toMatchObject({ told: { kind: 'state' }, to: '*' })
  })

  it('is told who changed what, so that two embeds do not answer each other without end', () => {
    const page = served()
    page.say(message({ kind: 'set', id: 'x', settings: { scale: 0.5 } }))
    expect(page.kinds()).toEqual(['ready', 'changed', 'state'])
    expect(page.posted[1]?.told).toMatchObject({ by: 'page', state: { drawn: false } })
    expect(page.last()?.told).toMatchObject({ id: 'x', state: { settings: { scale: 0.5 } } })
    // What is drawn of it later is still the page's.
    page.finish()
    expect(page.last()?.told).toMatchObject({ kind: 'changed', by: 'page', state: { drawn: true } })
    page.play.session().seek(0.2)
    expect(page.last()?.told).toMatchObject({ kind: 'changed', by: 'reader', state: { at: 1 } })
  })

  it('waits while one room goes and another comes', () => {
    const page = desk()
    for (let i = 0; i < 40; i++) page.say(message({ kind: 'get', id: i }))
    expect(page.kinds()).toEqual(Array.from({ length: 8 }, () => 'error'))
    page.attach(served().port)
    expect(page.posted.slice(9).map(({ told }) => told.kind === 'state' && told.id)).toEqual([...Array(32).keys()])
  })
})

describe('set', () => {
  it('keeps what is not named, and says what is wrong without changing anything', () => {
    const page = served()
    page.say(message({ kind: 'set', settings: { seed: 9, class: 3 } }))
    expect(page.state().settings).toEqual({ ...settings, seed: 9, class: 3 })
    page.say(message({ kind: 'set', id: 2, settings: { scale: 'much' } }))
    expect(page.last()?.told).toMatchObject({ kind: 'error', id: 2, message: expect.stringContaining('scale') })
    page.say(message({ kind: 'set', settings: { model: 'ghost' } }))
    expect(page.last()?.told).toMatchObject({ kind: 'error', message: 'There is no model “ghost”.' })
    expect(page.state().settings).toEqual({ ...settings, seed: 9, class: 3 })
  })

  it('takes another method with that method’s own defaults', () => {
    const page = served()
    page.say(message({ kind: 'set', settings: { method: 'seg' } }))
    const expected = decodeLink(`#v=3&model=avatars&method=seg&seed=${settings.seed}&steps=5`, model).settings
    expect(page.state().settings).toEqual({ ...expected, scale: page.state().settings.scale })
  })

  it('of another model opens that one, and goes on telling', () => {
    const page = served()
    page.say(message({ kind: 'set', settings: { model: 'toys', seed: 4 } }))
    expect(page.state()).toMatchObject({ model: other, settings: { seed: 4 } })
    page.play.session().change({ seed: 5 })
    expect(page.last()?.told).toMatchObject({ kind: 'changed', by: 'reader', state: { settings: { seed: 5 } } })
  })

  it('of a stream of values ends as a drag ends', () => {
    const page = served()
    for (const scale of [0.1, 0.2, 0.3]) page.say(message({ kind: 'set', settings: { scale } }))
    expect(page.entries).toHaveLength(1)
    page.timers.at(-1)?.()
    expect(page.state().settings.scale).toBe(0.3)
  })

  it('passes what is held for the reader', () => {
    const page = served()
    pageView.setState({ rules: rulesOf({ ...NO_VIEW, lock: ['scale', 'model'] }, null) })
    page.play.session().change({ scale: 3 })
    expect(page.state().settings.scale).toBe(1.5)
    page.say(message({ kind: 'set', settings: { scale: 0.5 } }))
    expect(page.state().settings.scale).toBe(0.5)
    page.say(message({ kind: 'set', settings: { model: 'toys' } }))
    expect(page.state().model).toBe(other)
    pageView.setState(PLAIN)
  })

  it('by a link keeps how the embed is shown, unless the link says otherwise', () => {
    const page = served()
    page.say(message({ kind: 'set', link: 'https://x.example/#v=3&model=avatars&method=pag&seed=77&show=seed' }))
    expect(page.state().settings).toMatchObject({ method: 'pag', seed: 77 })
    expect(page.entries.at(-1)).toBe('#v=3&model=avatars&method=pag&seed=77&show=seed&embed=1')
    page.say(message({ kind: 'set', at: 2 }))
    expect(page.last()?.told).toMatchObject({ state: { at: 2 } })
  })

  it('by a text that is no link changes nothing and says so; a link without settings is that of the page as it first is', () => {
    const page = served()
    page.say(message({ kind: 'set', settings: { seed: 77 } }))
    const before = page.entries.length
    for (const link of ['javascript:alert(1)', '#nonsense', 'x&y']) {
      page.say(message({ kind: 'set', link, id: link }))
      expect(page.last()?.told).toMatchObject({ kind: 'error', id: link, message: expect.stringContaining('no link') })
    }
    expect(page.entries.length).toBe(before)
    expect(page.state().settings.seed).toBe(77)
    page.say(message({ kind: 'set', link: 'https://x.example/' }))
    expect(page.last()?.told.kind).not.toBe('error')
  })
})

describe('image', () => {
  it('waits for the pictures of the settings, and is a PNG with them inside', async () => {
    const page = served()
    const asked = page.port.image('guided')
    page.play.session().set({ run: { shown: run({ ...settings, seed: 99 }) } })
    page.say(message({ kind: 'set', settings: { seed: 3 } }))
    page.finish()
    const bytes = new Uint8Array(await (await asked).arrayBuffer())
    expect([...bytes.subarray(1, 4)]).toEqual([...new TextEncoder().encode('PNG')])
    const text = new TextDecoder('latin1').decode(bytes)
    expect(text).toContain(JSON.stringify(toPreset({ ...settings, seed: 3 })))
  })

  it('that the page does not show is waited for until it was drawn', async () => {
    const page = served()
    page.play.session().see(false)
    const lone = run(settings)
    const without = lone.final!.map((sample) => ({ ...sample, positive: null }))
    page.play.session().set({ run: { shown: { ...lone, final: without } } })
    let came = false
    const asked = page.port.image('positive').finally(() => (came = true))
    expect(page.state().stage.asked).toBe(1)
    await Promise.resolve()
    expect(came).toBe(false)
    page.finish()
    await asked
    expect(page.state().stage.asked).toBe(0)
  })

  it('that cannot come is answered with why', async () => {
    const page = served()
    page.say(message({ kind: 'image', id: 5, of: 'guided' }))
    const failure = { code: 'device-lost', message: 'Lost.', remedy: 'Goes on.', retryable: true } as const
    page.play.session().set({ run: { failure } })
    await expect.poll(page.last).toMatchObject({ told: { kind: 'error', id: 5, message: 'Lost.' } })
  })
})

it('a room without a port of its own is set by a link, and says so', async () => {
  const entries = ['#room=plane&v=3&embed=1']
  const { tell, ...events } = listeners()
  const window = { ...stillWindow(entries), ...events, dispatchEvent: ({ type }: Event) => (tell(type), true) }
  const page = desk(createAddressPort('plane', window))
  page.say(message({ kind: 'set', settings: { scale: 2 } }))
  expect(page.last()?.told).toMatchObject({ kind: 'error', message: 'The room “plane” is set by a link only.' })
  page.say(message({ kind: 'set', link: 'room=plane&v=3&scale=2' }))
  expect(entries).toEqual(['#room=plane&v=3&scale=2&embed=1'])
  expect(page.last()?.told).toMatchObject({
    state: { room: 'plane', link: 'room=plane&v=3&scale=2&embed=1', settings: null },
  })
  page.say(message({ kind: 'image', id: 1 }))
  await expect.poll(page.last).toMatchObject({ told: { kind: 'error', id: 1 } })
})

describe('the height', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('is told once the playground stands, not while “Loading.” stands in its place', () => {
    const posted: unknown[] = []
    let [height, coming] = [68, true]
    let resized = () => {}
    const root = {
      querySelector: () => (coming ? {} : null),
      getBoundingClientRect: () => ({ height }),
    }
    vi.stubGlobal('document', { getElementById: () => root, documentElement: { style: {}, clientWidth: 600 } })
    vi.stubGlobal('window', { innerWidth: 600, parent: { postMessage: (told: unknown) => posted.push(told) } })
    vi.stubGlobal(
      'ResizeObserver',
      class {
        constructor(heard: () => void) {
          resized = heard
        }
        observe() {}
      },
    )
    tellHeight()
    resized()
    expect(posted).toEqual([])
    ;[height, coming] = [399, false]
    resized()
    resized()
    expect(posted).toEqual([expect.objectContaining({ kind: 'height', height: 399 })])
  })
})
