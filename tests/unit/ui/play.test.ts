import { describe, expect, it } from 'vitest'
import { encodeLink } from '../../../src/settings'
import { openFile, openText } from '../../../src/ui/share/open'
import { createPlay } from '../../../src/ui/rooms/play/play'
import { model, settings } from './fixtures'
import { listeners, never, stillEngine, stillWindow } from './still'

const other = {
  ...model,
  id: 'toys',
  name: 'Toys',
  family: { ...model.family, order: 2, unnamedInLinks: false },
}

/** The playground with two models, and a window whose history can be gone back in. */
function open(start: string) {
  const entries = [start]
  const { tell, ...events } = listeners()
  const begun: string[] = []
  let disposed = 0
  const engine = stillEngine({ start: (id) => void begun.push(id), dispose: () => void disposed++ })
  const window = stillWindow(entries, {
    ...events,
  })
  const play = createPlay({
    port: {
      models: [model, other],
      watchModels: () => () => undefined,
      publishedOf: () => Promise.resolve([]),
      curvesOf: () => Promise.resolve([]),
      connect: () => engine,
      judgingOf: () => null,
      rendersOf: never,
    },
    window,
    theme: 'system',
    owns: () => true,
    firstLight: () => Promise.resolve(null),
  })
  const back = () => {
    entries.pop()
    tell('popstate')
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
  page.play.session().set({ shell: { more: true } })
  page.play.session().openModel(other)
  expect(page.entries).toHaveLength(2)
  expect(page.state()).toMatchObject({ model: other, settings: { model: 'toys' }, shell: { more: true } })
  expect(page.begun).toEqual(['avatars', 'toys'])
  page.back()
  expect(page.state()).toMatchObject({ model, settings: { seed: 9 } })
  expect(told).toBe(2)
  expect(page.disposed()).toBe(2)
})

it('comes back over another model to whether the seed was the person’s own', () => {
  const page = open('#v=2&method=seg&seed=7')
  page.play.session().want({ class: 2 })
  page.play.session().keepSeeds(false)
  page.play.session().openModel(other)
  page.back()
  expect(page.state()).toMatchObject({ model, settings: { seed: 7 }, controls: { seedKept: false } })
})

it('goes to the chosen seed of a class where the address names none', () => {
  const seedOf = (address: string) => {
    const page = open(address)
    page.play.session().want({ class: 4 })
    return page.state().settings.seed
  }
  expect(seedOf('')).toBe(41)
  expect(seedOf('#method=seg')).toBe(41)
  expect(seedOf('#method=seg&seed=1')).toBe(1)
  // Links leave out seed 1 and mean it.
  expect(seedOf('#v=2&method=seg')).toBe(1)
  const page = open('#v=2&method=seg&seed=7')
  page.play.session().openModel(other)
  page.play.session().want({ class: 4 })
  expect(page.state().settings).toMatchObject({ model: 'toys', seed: 41 })
})

describe('what a person brings', () => {
  const link = 'https://example.org/#room=measured&model=toys&method=pag&seed=4'
  const preset = JSON.stringify({ model: 'toys', method: 'pag', seed: 4 })

  it.each([link, preset])('of another model opens that one, and Back returns: %s', (text) => {
    const page = open('#v=2&method=seg&seed=7')
    page.play.session().keepSeeds(false)
    openText(page.play.session(), text)
    expect(page.state()).toMatchObject({
      model: other,
      settings: { method: 'pag', seed: 4 },
      controls: { seedKept: true },
    })
    page.back()
    expect(page.state()).toMatchObject({ model, settings: { method: 'seg', seed: 7 } })
  })

  it('of the page’s model changes the settings, and the seed is the person’s own', () => {
    for (const text of [link, preset].map((given) => given.replace('toys', 'avatars'))) {
      const page = open('#method=seg')
      openText(page.play.session(), text)
      expect(page.state()).toMatchObject({ model, settings: { method: 'pag', seed: 4 }, controls: { seedKept: true } })
      expect(page.entries).toHaveLength(2)
      expect(page.begun).toEqual(['avatars'])
    }
  })

  it('says what is wrong, clears what was said before, and is silent about a text of something else', async () => {
    const page = open('')
    const session = page.play.session()
    openText(session, '{"method": "pag"')
    expect(page.state().notices.refusal).toMatch(/^The text: it is not JSON/)
    openText(session, '#v=2&method=pag&colour=red')
    expect(page.state().notices).toMatchObject({ refusal: null, problems: ['"colour" is not a setting'] })
    openText(session, '#v=2&model=ghost&method=pag')
    expect(page.state().notices.problems.join()).toContain('ghost')
    expect(page.begun).toEqual(['avatars'])
    const { notices } = page.state()
    openText(session, 'What a fine day.')
    expect(page.state().notices).toBe(notices)
    const gone = new File([preset], 'gone.json')
    gone.slice = () => Object.assign(new Blob(), { arrayBuffer: () => Promise.reject(new DOMException('gone')) })
    await openFile(session, gone)
    expect(page.state().notices.refusal).toMatch(/^gone.json: the browser could not read it/)
  })

  it('is never taken whole into memory', async () => {
    const page = open('')
    const file = new File([preset.replace('toys', 'avatars')], 'picture.png')
    file.arrayBuffer = () => Promise.reject(new RangeError('out of memory'))
    await openFile(page.play.session(), file)
    expect(page.state()).toMatchObject({ settings: { method: 'pag', seed: 4 }, notices: { refusal: null } })
  })
})
