import { describe, expect, it } from 'vitest'
import { type Answer, factNamed, facts, parseLesson, type Lesson } from '../../../src/lesson'
import { leftAddress, listAddress, namesSettings, stepAddress } from '../../../src/ui/lesson/address'
import { heldPage } from '../../../src/ui/lesson/held-page'
import { playFacts, settingFacts } from '../../../src/ui/lesson/play-facts'
import { LESSON } from '../../support/lesson'
import { run, settings } from './fixtures'

const parsed = parseLesson(LESSON)
const lesson = (parsed.ok ? parsed.lesson : null) as Lesson

describe('the address of a step', () => {
  const preset = lesson.steps[0]!.place.preset!

  it('is its preset with the lesson, the step and how the page itself is shown', () => {
    expect(stepAddress(lesson, 'first', 0, '#room=game&v=3&scale=2&theme=dark&at=3&lesson=first&page=3')).toBe(
      `#${preset}&theme=dark&lesson=first`,
    )
  })

  it('of a step without a place keeps the settings in force', () =>
    expect(stepAddress(lesson, 'z:aB-_e', 1, '#v=3&scale=2&lesson=z:aB-_e')).toBe('#v=3&scale=2&lesson=z:aB-_e&page=1'))

  it('is left by its lesson alone', () =>
    expect(leftAddress('#room=plane&v=3&scale=2&lesson=first&page=3&embed=1')).toBe('#room=plane&v=3&scale=2&embed=1'))

  it('is left for the list of all, which keeps how the page is shown', () =>
    expect(listAddress('#v=3&scale=2&lesson=first&page=3&theme=dark')).toBe('#room=learn&theme=dark'))

  it('takes the place of no settings that somebody came with', () => {
    expect(['#lesson=first', '#room=play&lesson=first&page=2&theme=dark', ''].map(namesSettings)).toEqual([
      false,
      false,
      false,
    ])
    expect(['#v=3&lesson=first', '#lesson=first&scale=1'].map(namesSettings)).toEqual([true, true])
  })
})

describe('the page beside a step', () => {
  const hidden = (index: number, answer: Answer | null) => heldPage(lesson.steps[index]!, answer).hide
  const [predicted, found, explained] = ['predict', 'find', 'explain'].map((kind) =>
    lesson.steps.findIndex(({ task }) => task.kind === kind),
  ) as [number, number, number]

  it('does not tell what was measured of the scale until it was predicted', () => {
    expect(hidden(predicted, null)).toEqual(['marks', 'measured'])
    expect(hidden(predicted, { kind: 'choice', choice: 1 })).toEqual([])
  })

  it('nor until all goals were met', () => {
    expect(hidden(found, null)).toEqual(['marks', 'measured'])
    expect(hidden(found, { kind: 'find', met: ['scale=0.5', null] })).toEqual(['marks', 'measured'])
    expect(hidden(found, { kind: 'find', met: ['scale=0.5', 'scale=3'] })).toEqual([])
  })

  it('hides nothing of its own where nothing is to be said, and keeps what the step shows, hides and locks', () => {
    expect(hidden(explained, null)).toEqual([])
    const { place, task } = lesson.steps[predicted]!
    expect(heldPage({ place: { ...place, hide: ['judge'] }, task }, null)).toEqual({
      ...place,
      hide: ['judge', 'marks', 'measured'],
    })
  })
})

describe('the playground’s facts', () => {
  const done = run({ ...settings, scale: 0.5 })
  const none = { verdicts: null, distances: null }

  it('have names that conditions know, of the kind that they say', () => {
    const final = done.final
    const judge = {
      verdicts: { final, samples: final!.map(() => ({ positive: 0, guided: 1, negative: null })) },
      distances: { final, samples: final!.map(() => ({ positive: 2, guided: 1, negative: null })) },
    }
    const told = playFacts(done, judge)
    const numbers = Object.entries(told).filter(([name]) => factNamed(name)?.kind === 'number' && name !== 'class')
    expect(numbers.filter(([, value]) => typeof value !== 'number')).toEqual([])
    expect(Object.keys(told).filter((name) => !factNamed(name))).toEqual([])
    expect(told).toMatchObject({
      'distance.guided': 1,
      'distance.positive': 2,
      scale: 0.5,
      w: 1.5,
      method: settings.method,
    })
    expect(told['agrees.guided']).toBe(settings.class === 1 ? 1 : 0)
  })

  it('tell nothing of pictures that are not those judged, and nothing before there are any', () => {
    const other = {
      ...none,
      distances: { final: run(settings).final, samples: [{ positive: 2, guided: 1, negative: null }] },
    }
    expect(playFacts(done, other)).not.toHaveProperty('distance.guided')
    expect(playFacts(null, none)).toEqual({})
    expect(playFacts({ ...done, final: null }, none)).toEqual({})
  })

  it('measure how far the guided picture is from the positive, as pixels show them', () => {
    const one = { positive: Float32Array.of(-1, 0, 1, 1), negative: null, guided: Float32Array.of(1, 0, 1, 5) }
    const { change, clipped } = playFacts({ ...done, final: [one] }, none)
    expect(change).toBeCloseTo(0.5)
    expect(clipped).toBe(0.25)
    expect(playFacts({ ...done, final: [{ ...one, positive: null }] }, none)).not.toHaveProperty('change')
  })

  it('say a class, layers and a window as links do', () => {
    expect(
      settingFacts({ ...settings, class: null, layers: [0, 2], window: [0.5, Infinity], ema: null }),
    ).toMatchObject({
      class: 'none',
      layers: '0_2',
      'window.low': 0.5,
      'window.high': Infinity,
      ema: 'stored',
    })
  })

  it('have a word for each name', () => expect(facts.filter(({ words }) => words === '')).toEqual([]))
})
