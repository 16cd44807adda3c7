import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { methods } from '../../../src/guidance'
import { solvers } from '../../../src/sampling/solver-registry'
import {
  carriedView,
  decodeLink,
  encodeLink,
  firstSettings,
  hasView,
  stickyView,
  withView,
} from '../../../src/settings'
import { NO_VIEW, readView, viewText, type View } from '../../../src/settings/view'
import { OWN, TERM } from '../../../src/settings/table'
import { toyModel as model } from '../../support/model'

const name = fc.constantFrom('scale', 'seed', 'pictures', 'class')
const names = fc.uniqueArray(name, { minLength: 1 })
const anyView: fc.Arbitrary<View> = fc.record({
  embed: fc.boolean(),
  show: fc.option(names, { nil: null }),
  hide: fc.oneof(names, fc.constant([])),
  lock: fc.oneof(names, fc.constant([])),
  present: fc.boolean(),
  theme: fc.constantFrom('light', 'dark', null),
  at: fc.option(fc.nat(63), { nil: null }),
  lens: fc.constantFrom(null, 'spectrum'),
  inspect: fc.option(fc.nat(9), { nil: null }),
  lesson: fc.constantFrom(null, 'positive-and-negative', 'https://example.org/a/b.md', 'z:AbC-_9e'),
  page: fc.nat(30),
})

describe('the view of an address', () => {
  it('is read as it was written, beside settings and behind a room, which are the same with it', () =>
    fc.assert(
      fc.property(anyView, (view) => {
        const settings = { ...firstSettings(model), scale: 0.75 }
        const link = encodeLink(settings, model)
        const hash = `#room=play&${link}&${viewText(view)}`
        expect(readView(hash)).toEqual({ view, problems: [] })
        expect(decodeLink(`#${link}&${viewText(view)}`, model)).toMatchObject({ settings, problems: [], notes: [] })
      }),
      { numRuns: 50 },
    ))

  it('is nothing for an old link, and written as nothing', () => {
    expect(readView('#v=2&method=pag')).toEqual({ view: NO_VIEW, problems: [] })
    expect(viewText(NO_VIEW)).toBe('')
    expect(viewText({ lesson: 'first', page: 2 })).toBe('lesson=first&page=2')
  })

  it('is lenient: what is not understood is said, and as if it were not there', () => {
    const { view, problems } = readView('#embed=yes&at=-1&page=1e9&theme=pink&lock=&show=a__b&hide=seed')
    expect(view).toEqual({ ...NO_VIEW, hide: ['seed'] })
    expect(problems).toHaveLength(6)
    expect(problems[0]).toBe('embed must be 1 or 0, not "yes".')
  })

  it('keeps what is sticky, and what a link is asked to show once goes', () => {
    expect(stickyView('#room=game&v=3&seed=4&lesson=first&at=3&page=2&lens=spectrum&lock=seed&inspect=1')).toBe(
      '&lesson=first&page=2&lock=seed',
    )
    expect(stickyView('#v=3')).toBe('')
    // As such an address is not read, either.
    expect(stickyView(`#v=3&lesson=${'x'.repeat(20_000)}`)).toBe('')
  })

  it('goes along to another room, but not the old lesson to a new one', () => {
    expect(carriedView('#room=game&v=3', '#v=3&seed=4&embed=1&at=3&lock=seed')).toBe('#room=game&v=3&embed=1&lock=seed')
    expect(carriedView('#lesson=second', '#lesson=first&page=3&theme=dark')).toBe('#lesson=second&theme=dark')
    expect(carriedView('#v=3', '#v=3&seed=4')).toBe('#v=3')
  })

  it('is told from settings, and is written in the place of another', () => {
    expect(hasView('#v=3&seed=4')).toBe(false)
    expect(['present=1', 'at=3', 'room=game&page=2'].map(hasView)).toEqual([true, true, true])
    expect(withView('#v=3&at=3&present=1', 'embed=1')).toBe('#v=3&embed=1')
    expect(withView('#v=3&present=1', '')).toBe('#v=3')
  })

  it('knows each key of a view, so that none is taken for a setting', () =>
    expect(Object.keys(NO_VIEW).filter((key) => !hasView(`#${key}=1`))).toEqual([]))

  it('has keys that no setting has', () => {
    const taken = [...methods, ...solvers].flatMap(({ parameters }) => parameters.map(({ key }) => key))
    const keys = [
      ...Object.keys({ ...OWN, ...TERM }),
      ...taken,
      'method',
      'model',
      'stack',
      'weights',
      'v',
      'room',
      'game',
    ]
    expect(keys.filter((key) => Object.hasOwn(NO_VIEW, key))).toEqual([])
  })
})
