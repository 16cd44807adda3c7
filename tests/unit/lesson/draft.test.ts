import { describe, expect, it } from 'vitest'
import {
  draftMistakes,
  draftOf,
  draftText,
  NEW_DRAFT,
  newStep,
  parseDraft,
  parseLesson,
  presetsInForce,
  type Ask,
  type Draft,
} from '../../../src/lesson'
import { LESSON } from '../../support/lesson'

function draftFrom(text: string): Draft {
  const parsed = parseLesson(text)
  if (!parsed.ok) throw new Error('no lesson')
  return draftOf(parsed.lesson)
}

const whole = draftFrom(LESSON)
const withStep = (at: number, change: Partial<Draft['steps'][number]>): Draft => ({
  ...whole,
  steps: whole.steps.map((step, i) => (i === at ? { ...step, ...change } : step)),
})

describe('a draft', () => {
  it('is a lesson, and a lesson a draft', () => {
    expect(draftMistakes(whole)).toEqual([])
    expect(draftFrom(draftText(whole))).toEqual(whole)
  })

  it('is kept as it is, and what is none is not read', () => {
    expect(parseDraft(JSON.parse(JSON.stringify(whole)))).toEqual(whole)
    expect(parseDraft(JSON.parse(JSON.stringify({ ...whole, steps: [{ title: 'x' }] })))).toBeNull()
    expect(parseDraft(null)).toBeNull()
  })

  it('says in which step something is missing', () => {
    expect(draftMistakes(NEW_DRAFT)).toEqual([{ step: null, message: 'There is no step yet.' }])
    expect(draftMistakes({ ...whole, title: '' }).map(({ step }) => step)).toEqual([null])
    for (const at of whole.steps.keys())
      expect(draftMistakes(withStep(at, { title: '' })).map(({ step }) => step)).toEqual([at])
    const emptied = withStep(4, { task: { kind: 'explain', question: '', points: [] } })
    expect(draftMistakes(emptied)).toEqual([{ step: 4, message: '“Question” is empty.' }])
    const ask = { kind: 'choice', choices: ['one', '', 'three'], right: 2 } as const
    const asked = withStep(4, { title: '', task: { kind: 'predict', question: 'Which?', ask, because: null } })
    expect(draftMistakes(asked)).toEqual([
      { step: 4, message: 'It has no title yet.' },
      { step: 4, message: 'Answer 2 is empty.' },
    ])
    const predicted = (own: Ask) =>
      draftMistakes(withStep(4, { task: { kind: 'predict', question: 'How far?', ask: own, because: null } }))
    const number = { kind: 'number', min: 0, max: 3, unit: null, right: 9, tolerance: 1 } as const
    const curve = { kind: 'curve', along: 's', of: 'far', from: 0, to: 3, heights: null, measured: '' } as const
    expect(predicted(number)).toEqual([{ step: 4, message: '“Right is” must be between 0 and 3, not 9.' }])
    expect(predicted(curve)).toEqual([{ step: 4, message: '“It is laid beside” is empty.' }])
    expect(draftMistakes(withStep(1, { text: 'a <b>' }))).toMatchObject([{ step: 1 }])
    // Also on the very last line of a step.
    const looking = withStep(1, { text: 'a <b>', task: { kind: 'look' } })
    expect(draftMistakes(looking)).toMatchObject([{ step: 1 }])
  })

  it('says so where a text would begin another step', () =>
    expect(draftMistakes(withStep(2, { text: 'See\n\n## here' }))[0]?.message).toContain('use ###'))

  it('begins a step with little of the page', () => {
    const draft = { ...NEW_DRAFT, title: 'A', steps: [{ ...newStep('v=3&model=avatars'), title: 'One' }] }
    expect(draftMistakes(draft)).toEqual([])
    expect(draftText(draft)).toContain('show: [pictures, sentence, scale]')
  })

  it('goes on where the step before ended, in a step without settings', () => {
    const step = (preset: string | null) => newStep(preset)
    expect(presetsInForce([step(null), step('a'), step(null), step('b')])).toEqual([null, 'a', 'a', 'b'])
  })
})
