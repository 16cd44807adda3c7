import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lessonId, parseLesson, type Answer, type Lesson } from '../../../src/lesson'
import { gather, histogram, shapesOf, withoutTwins } from '../../../src/lesson/gathered'
import { readSheets, sheetCode, sheetFile, type Handed } from '../../../src/lesson/handed'
import { LESSON } from '../../support/lesson'

function lessonOf(text: string): Lesson {
  const parsed = parseLesson(text)
  if (!parsed.ok) throw new Error('no lesson')
  return parsed.lesson
}

const lesson = lessonOf(LESSON)
const STEPS: readonly (Answer | null)[] = [
  { kind: 'choice', choice: 0 },
  { kind: 'number', value: 0.75 },
  { kind: 'curve', heights: [16.1, 12, 9.5] },
  { kind: 'find', met: ['v=3&model=avatars&scale=0.5', null] },
  { kind: 'explain', text: 'Weil sie dieselben Fehler macht – „stärker“ 🙂' },
]
const sheet = (change: Partial<Handed> = {}): Handed => ({
  lesson: lessonId(lesson),
  name: null,
  sheet: 'a1b2',
  by: '',
  steps: STEPS,
  ...change,
})
const codeOf = (handed: Handed) => sheetCode(handed) ?? ''

describe('a sheet of answers', () => {
  it('comes back from its file and from its code', () => {
    const handed = sheet({ name: 'positive-negative', by: 'Table 4' })
    expect(readSheets(sheetFile(handed), 'x').sheets).toEqual([handed])
    expect(readSheets(codeOf(handed), 'x')).toEqual({ sheets: [handed], problems: [] })
    expect(codeOf(handed).length).toBeLessThan(400)
  })

  it('survives what mails do to it', () => {
    const [a, b] = [codeOf(sheet()), codeOf(sheet({ sheet: 'b' }))]
    const wrapped = a.replace(/.{60}/g, '$&\n> ')
    const text = `Hello,\n> here it is: ${wrapped}\n\nbest, A\n\nand “${b}”, thanks.`
    expect(readSheets(text, 'x').sheets.map((one) => one.sheet)).toEqual(['a1b2', 'b'])
  })

  it('says what is missing', () => {
    const cut = codeOf(sheet()).slice(0, -9)
    expect(readSheets(`${cut} ${codeOf(sheet())}`, 'the mail')).toMatchObject({
      sheets: [{}],
      problems: ['1 of 2 codes in the mail were damaged on their way.'],
    })
    expect(readSheets('nothing', 'the text').problems[0]).toContain('There are no answers in the text')
    expect(readSheets('{"scale": 1}', 'a.json').problems).toEqual(['a.json holds no answers.'])
  })

  it('is read leniently whatever a stranger wrote', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.string().map((text) => `answers:${text}`),
        ),
        (text) => {
          expect(readSheets(text, 'x').sheets).toEqual([])
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('a class', () => {
  const choosing = (choice: number, name: string, by = '') =>
    sheet({ sheet: name, by, steps: [{ kind: 'choice', choice }, null, null, null, null] })

  it('counts what was predicted beside what is right', () => {
    const { steps } = gather(lesson, [choosing(0, 'a'), choosing(0, 'b'), choosing(2, 'c')])
    expect(steps[0]).toEqual({ kind: 'choice', counts: [2, 0, 1], right: 2 })
    expect(steps[1]).toEqual({ kind: 'number', said: [], right: 0 })
  })

  it('tells who found what, and who only tried', () => {
    const found = (met: readonly (string | null)[], name: string, by: string) =>
      sheet({ sheet: name, by, steps: [null, null, null, { kind: 'find', met }, null] })
    const { steps } = gather(lesson, [found(['scale=1', null], 'a', 'Ada'), found([null, null], 'b', '')])
    expect(steps[3]).toEqual({ kind: 'find', goals: [[{ by: 'Ada', value: 'scale=1' }], []], tried: 2 })
  })

  it('counts no explanation that was emptied again', () => {
    const saying = (text: string, name: string) =>
      sheet({ sheet: name, by: name, steps: [null, null, null, null, { kind: 'explain', text }] })
    const { steps } = gather(lesson, [saying(' ', 'a'), saying('So', 'b')])
    expect(steps[4]).toEqual({ kind: 'explain', said: [{ by: 'b', value: 'So' }] })
  })

  it('takes a sheet once, as it was when most of it was answered', () => {
    const before = choosing(1, 'a')
    expect(withoutTwins([sheet({ sheet: 'a' }), before, choosing(0, 'b')]).map(({ steps }) => steps[0])).toEqual([
      { kind: 'choice', choice: 0 },
      { kind: 'choice', choice: 0 },
    ])
    expect(withoutTwins([before, choosing(2, 'a')]).map(({ steps }) => steps[0])).toEqual([
      { kind: 'choice', choice: 2 },
    ])
  })

  it('tells another version of the lesson from another lesson', () => {
    const other = { ...choosing(0, 'b'), lesson: '000000000000' }
    const stranger = { ...other, sheet: 'c', steps: [{ kind: 'explain', text: 'x' } as const] }
    expect(gather(lesson, [choosing(0, 'a'), other, stranger])).toMatchObject({ otherVersion: 1, strangers: 1 })
  })

  it('draws curves, some of which have the shape of what was measured', () => {
    const valley = [10, 8, 5, 8, 10]
    const measured = [0, 1, 2, 3, 4].map((x) => [x, valley[x]!] as const)
    const spread = (points: readonly number[]) => Array.from({ length: 13 }, (_, i) => points[Math.round(i / 3)] ?? 0)
    expect(shapesOf([spread([10, 8, 4, 8, 11]), spread([5, 6, 7, 8, 9])], measured, 0, 4)).toEqual({
      shape: 'valley',
      drawn: [
        ['valley', 1],
        ['rises', 1],
      ],
      alike: 1,
    })
  })

  it('is drawn in equal parts of a scale, both ends within', () =>
    expect(histogram([0, 0.49, 0.5, 4], 0, 4, 8)).toEqual([2, 1, 0, 0, 0, 0, 0, 1]))
})
