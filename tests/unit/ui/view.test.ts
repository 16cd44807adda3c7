/** How the page is shown: what a view and a lesson's step hide and hold, and that no wish passes a lock. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { decodeLink, encodeLink, toPreset } from '../../../src/settings'
import { parts } from '../../../src/settings/parts'
import { NO_VIEW, readView } from '../../../src/settings/view'
import type { Settings } from '../../../src/settings/types'
import { methodById } from '../../../src/guidance'
import { positionOf } from '../../../src/ui/scale/stops'
import { ScaleTrack } from '../../../src/ui/scale/ScaleTrack'
import { withTermMethod } from '../../../src/ui/equation/terms'
import { createSession } from '../../../src/ui/app/session'
import { createPageStore } from '../../../src/ui/app/state'
import { followAddress } from '../../../src/ui/view/follow'
import { openView } from '../../../src/ui/view/opening'
import { Part } from '../../../src/ui/view/Part'
import { PLANE_KEYS } from '../../../src/ui/rooms/plane/present-keys'
import { PRESENT_KEYS } from '../../../src/ui/view/present-keys'
import { keyOf, type PresentKey } from '../../../src/ui/view/stage-keys'
import { type Overlay, rulesOf } from '../../../src/ui/view/rules'
import { pageView, PLAIN } from '../../../src/ui/view/state'
import { model, settings } from './fixtures'
import { openText } from '../../../src/ui/share/open'
import { never, stillEngine, stillWindow } from './still'

const rules = (hash: string, overlay: Overlay | null = null) => rulesOf(readView(hash).view, overlay)
const step = (own: Partial<Overlay>): Overlay => ({ show: null, hide: [], lock: [], ...own })

afterEach(() => pageView.setState(PLAIN, true))

describe('the registry of parts', () => {
  const root = join(import.meta.dirname, '..', '..', '..', 'src', 'ui')
  const source = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx'))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n')
  const used = new Set(
    [...source.matchAll(/(?:<Part name=|usePart\()["']([^"']+)["']/g)].flatMap(([, names]) => names!.split(' ')),
  )

  it('names what components are, and no component is a part without a row', () => {
    expect(new Set(parts.map(({ name }) => name))).toEqual(used)
  })

  it('has names that an address can hold, and parts that stand in parts that there are', () => {
    const names = parts.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(readView(`#show=${names.join('_')}`)).toEqual({ view: { ...NO_VIEW, show: names }, problems: [] })
    expect(parts.filter(({ within }) => within !== null && !names.includes(within))).toEqual([])
  })
})

describe('what is shown', () => {
  it('is all, without rules, where nothing is said', () => {
    expect(rules('#v=3&seed=4&lesson=first')).toBeNull()
  })

  it('is what is listed, with what it stands in and what stands in it, and no notice is lost', () => {
    const of = rules('#show=seed_axis')!.of
    const shown = parts.map(({ name }) => name).filter((name) => of(name) === 'shown')
    expect(shown).toEqual(['bar', 'notices', 'axis', 'window', 'contours', 'field', 'controls', 'seed'])
    expect(rules('#hide=notices_controls')!.of('notices')).toBe('hidden')
    expect(rules('#hide=notices_controls')!.of('seed')).toBe('hidden')
  })

  it('is a step of the lesson’s, over the address’s', () => {
    const { of } = rules(
      '#show=axis&hide=seed&lock=scale',
      step({ show: ['scale', 'seed', 'class'], lock: ['class'] }),
    )!
    expect(['axis', 'scale', 'seed', 'class', 'steps'].map(of)).toEqual(['hidden', 'held', 'hidden', 'held', 'hidden'])
  })

  it('is little in an embed that does not say what', () => {
    const { of } = rules('#embed=1')!
    expect(['pictures', 'scale', 'controls', 'axis'].map(of)).toEqual(['shown', 'shown', 'hidden', 'hidden'])
  })
})

describe('what is held', () => {
  function open(hash: string, overlay: Overlay | null = null, other = { ...model, id: 'toys' }) {
    const start: Settings = settings
    const entries = [`#${encodeLink(start, model)}&${hash}`]
    const store = createPageStore(model, start, [], 'system')
    pageView.setState({ rules: rules(`#${hash}`, overlay) })
    const session = createSession({
      store,
      window: stillWindow(entries),
      models: [model, other],
      publishedOf: never,
      owns: () => true,
      reopen: () => void entries.push('reopened'),
      judging: null,
      connect: () => stillEngine(),
    })
    return { session, entries, now: () => store.getState().settings, said: () => store.getState().notices.message }
  }

  it('refuses what is held, says so, and writes no address', () => {
    const page = open('lock=scale_seed')
    page.session.change({ scale: 3 }, 'drag')
    expect(page.said()).toBe('This page holds the scale.')
    page.session.nextSeed()
    expect(page.said()).toBe('This page holds the seed.')
    expect(page.now()).toEqual(settings)
    expect(page.entries).toHaveLength(1)
    page.session.change({ steps: 9 })
    expect(page.entries.at(-1)).toMatch(/steps=9.*&lock=scale_seed$/)
  })

  it('lets through what is not held of a wish: another class keeps the seed, another method the scale', () => {
    const page = open('', step({ lock: ['seed', 'scale', 'parameters'] }))
    page.session.want({ class: 2 })
    expect(page.now()).toMatchObject({ class: 2, seed: settings.seed })
    page.session.change(withTermMethod(page.now(), 0, 'seg', model))
    expect(page.now()).toMatchObject({ method: 'seg', scale: settings.scale })
    expect(page.now().parameters).not.toEqual(settings.parameters)
    expect(page.said()).toBeNull()
    page.session.change({ scale: 2 })
    expect(page.said()).toBe('The lesson holds the scale.')
  })

  it('holds the method with all that would go with another', () => {
    const page = open('lock=method')
    page.session.change(withTermMethod(page.now(), 0, 'seg', model))
    expect(page.said()).toBe('This page holds the method.')
    expect(page.now()).toEqual(settings)
  })

  it('holds the model, and all controls where those are held', () => {
    const page = open('lock=controls')
    page.session.openModel({ ...model, id: 'toys' })
    expect(page.said()).toBe('This page holds the model.')
    page.session.want({ class: 2 })
    expect(page.now()).toEqual(settings)
    expect(page.entries).toHaveLength(1)
  })

  it('goes along to another model, which is refused where it can’t have it', () => {
    const page = open('lock=scale_class')
    page.session.openSettings({ ...settings, model: 'toys', scale: 4, class: 7, steps: 9 }, { ...model, id: 'toys' })
    const { settings: opened } = decodeLink(page.entries.at(-2)!, { ...model, id: 'toys' })
    expect(opened).toMatchObject({ model: 'toys', scale: settings.scale, class: settings.class, steps: 9 })
    expect(page.entries.at(-1)).toBe('reopened')
  })

  it('keeps a model away that can’t have it', () => {
    const few = {
      ...model,
      id: 'few',
      conditioning: { kind: 'class' as const, labelDropout: false, classes: model.conditioning.classes.slice(0, 1) },
    }
    const page = open('lock=class', null, few)
    page.session.set({ settings: { ...settings, class: 3 } })
    page.session.openModel(few)
    expect(page.said()).toBe('This page holds what is wanted.')
    expect(page.entries).not.toContain('reopened')
  })

  it('takes the slider as far as a step asks, which the method would not by itself', () => {
    const sims = methodById('sims')!
    const top = () => {
      const props = { label: 'Scale', method: sims, value: 1, onChange: never, onSettle: never }
      return Number(/max="([\d.]+)"/.exec(renderToStaticMarkup(createElement(ScaleTrack, props)))?.[1])
    }
    expect(top()).toBe(positionOf(sims.scale.max))
    pageView.setState({ rules: rules('', { show: null, hide: [], lock: [], ranges: { scale: [0, 20] } }) })
    expect(top()).toBe(positionOf(20))
  })

  it('keeps numbers within the bounds of a step', () => {
    const page = open('', step({ ranges: { scale: [0, 2] } }))
    page.session.change({ scale: 7 })
    expect(page.now().scale).toBe(2)
  })

  it('shows what is held as it is, for nobody to operate, and nothing of what is hidden', () => {
    const seen = (name: string) => {
      const props = { name, children: 'Here.' }
      return renderToStaticMarkup(createElement(Part, props))
    }
    expect([seen('scale'), seen('seed class')]).toEqual(['Here.', 'Here.'])
    open('lock=scale&hide=seed_class')
    expect(seen('scale')).toMatch(/^<fieldset disabled="".* aria-label="Held by this page">Here\.<\/fieldset>$/)
    expect([seen('seed'), seen('seed class'), seen('seed class model')]).toEqual(['', '', 'Here.'])
  })

  it('is not said to be opened', () => {
    const page = open('lock=scale')
    openText(page.session, encodeLink({ ...settings, scale: 4 }, model))
    expect(page.said()).toBe('This page holds the scale.')
    openText(page.session, JSON.stringify(toPreset({ ...settings, scale: 4 })))
    expect(page.said()).toBe('This page holds the scale.')
    expect(page.now()).toEqual(settings)
  })

  it('lets an address change what is held', () => {
    const page = open('lock=scale')
    pageView.setState({ rules: null })
    page.session.openLink(`#${encodeLink({ ...settings, scale: 4 }, model)}`)
    expect(page.now().scale).toBe(4)
  })
})

describe('the view in force', () => {
  vi.stubGlobal('document', { documentElement: { classList: { toggle: () => undefined } } })

  it('is the newest address’s, also where it came before an older one could be read', async () => {
    await Promise.all(['#lock=seed', '#v=3'].map(followAddress))
    expect(pageView.getState().rules).toBeNull()
    await followAddress('#lock=seed')
    expect(pageView.getState().rules?.of('seed')).toBe('held')
  })

  it('says few of the many parts that a stranger names', async () => {
    await followAddress(`#hide=${Array.from({ length: 2000 }, (_, i) => `part${i}`).join('_')}_seed`)
    const { problems, rules: own } = pageView.getState()
    expect(problems).toHaveLength(9)
    expect(problems.slice(-2)).toEqual(['The page has no part "part7".', '… and 1,992 more.'])
    expect(own?.of('seed')).toBe('hidden')
  })
})

it('opens a link at its step, with its plot, its layer and its theme; what there is not is left as it was', () => {
  const store = createPageStore(model, settings, [], 'system')
  const at: number[] = []
  const session = { store, set: store.patch, seek: (position: number) => void at.push(position) }
  openView(session, '#at=99&lens=nothing&inspect=999')
  expect(store.getState()).toMatchObject({ equation: { lens: 'pixel' }, network: { inspected: null } })
  const { index } = model.layers.at(-1)!
  openView(session, `#v=3&at=4&lens=spectrum&inspect=${index}&theme=dark`)
  expect(at.at(-1)).toBe(4 / settings.steps)
  expect(store.getState()).toMatchObject({
    equation: { lens: 'spectrum' },
    network: { inspected: { term: 0, layer: index } },
    shell: { theme: 'dark' },
  })
})

it.each<readonly [string, readonly PresentKey<never>[]]>([
  ['pictures', PRESENT_KEYS],
  ['the plane', PLANE_KEYS],
])('before an audience of %s one listens to the keys that are shown, and to no key twice', (_, list) => {
  const keys = list.flatMap((one) => one.keys)
  expect(new Set(keys).size).toBe(keys.length)
  expect(keyOf(list, 'B')?.label).toBe('B')
  expect(keyOf(list, 'PageDown')?.keys).toContain('n')
  expect(keyOf(list, 'Escape')).toBeDefined()
  expect(keyOf(list, 'x')).toBeUndefined()
})
