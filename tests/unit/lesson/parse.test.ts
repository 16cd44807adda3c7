import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bodyOf, type Lesson, lessonText, LEVELS, parseLesson, type Task } from '../../../src/lesson'
import { LESSON } from '../../support/lesson'

function lesson(text: string): Lesson {
  const parsed = parseLesson(text)
  if (!parsed.ok) throw new Error(parsed.mistakes.map(({ line, message }) => `${line}: ${message}`).join('\n'))
  return parsed.lesson
}

const mistakes = (text: string) => {
  const parsed = parseLesson(text)
  return parsed.ok ? [] : parsed.mistakes.map(({ line, message }) => `${line}: ${message}`)
}

describe('a lesson', () => {
  const read = lesson(LESSON)
  const task = (index: number) => read.steps[index]?.task

  it('has its head, steps and the teacher’s page', () => {
    expect(read).toMatchObject({
      title: 'Positive and negative',
      minutes: 15,
      level: 'first',
      needs: 'avatars',
      section: 1,
    })
    expect(read.steps.map(({ title }) => title)).toEqual([
      'The negative is a picture, too',
      'A number',
      'A curve',
      'Find it',
      'Why?',
    ])
    expect(read.teacher?.text).toBe('Aim: see it.\n\n### What goes wrong\n\nNothing.')
    const { place, body } = read.steps[0]!
    expect(place).toEqual({
      preset: 'v=3&model=avatars&method=pag&scale=0.5&class=3&seed=26',
      show: ['pictures', 'sentence', 'scale'],
      hide: [],
      lock: ['seed', 'class'],
      ranges: { scale: [0, 2] },
    })
    expect(body.nodes.map(({ type }) => type)).toEqual(['paragraph', 'list', 'paragraph'])
    expect(body.text).toMatch(/^Text with[\s\S]*And a word after it\.$/)
  })

  it('asks for a choice, counted from 0 when it is read', () =>
    expect(task(0)).toEqual({
      kind: 'predict',
      question: 'Which picture will have more contrast?',
      ask: { kind: 'choice', choices: ['guided', 'positive', 'both the same'], right: 0 },
      because: 'Guidance adds the difference.',
    }))

  it('asks for a number, a curve, something to find and words', () => {
    expect(task(1)).toMatchObject({ ask: { kind: 'number', min: 0, max: 4, unit: 's', right: 0.5, tolerance: 0.25 } })
    expect(task(2)).toMatchObject({
      ask: { kind: 'curve', along: 'scale', from: 0, to: 3, of: 'distance', heights: null, measured: 'autoguidance' },
    })
    expect(task(3)).toMatchObject({ kind: 'find', hint: 'Above 2 it overshoots.', solution: ['scale=0.5', 'scale=3'] })
    expect(task(4)).toMatchObject({ kind: 'explain', points: ['same mistakes', 'stronger'] })
  })

  it('is the same when it is written and read again', () => {
    expect(lesson(lessonText(read))).toEqual(read)
    expect(lesson(LESSON.replaceAll('\n', '\r\n'))).toEqual(read)
    expect(lesson(`\uFEFF${LESSON}`)).toEqual(read)
  })
})

const word = fc.constantFrom(
  'more',
  'Less',
  '3',
  'yes',
  'null',
  '~~~',
  '# x',
  'a: b',
  '- c',
  '“q”',
  '*e*',
  '[f',
  "g'",
  '{h',
  '| i',
  '$D^+$',
  '#',
  '&j',
  '!k',
  '%',
  'ü\\n',
)
const line = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' ').trim())
const lines = fc.array(line, { minLength: 1, maxLength: 3 }).map((all) => all.join('\n'))
const number = fc.integer({ min: -4000, max: 4000 }).map((n) => n / 16)
const id = fc.constantFrom('scale', 'seed', 'pictures')
const pair = fc.tuple(number, number).filter(([a, b]) => a < b)
const perhaps = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null })
const points = fc
  .uniqueArray(number, { minLength: 2, maxLength: 20 })
  .chain((xs) => fc.tuple(...xs.sort((a, b) => a - b).map((x) => number.map((y): [number, number] => [x, y]))))
const ask = fc.oneof(
  fc.uniqueArray(line, { minLength: 2, maxLength: 6 }).chain((choices) =>
    fc.record({
      kind: fc.constant('choice' as const),
      choices: fc.constant(choices),
      right: fc.nat(choices.length - 1),
    }),
  ),
  fc
    .tuple(pair, perhaps(line), fc.nat(10))
    .map(([[min, max], unit, tolerance]) => ({ kind: 'number' as const, min, max, unit, right: min, tolerance })),
  fc
    .tuple(pair, line, line, perhaps(pair), fc.oneof(line, points))
    .map(([[from, to], along, of, heights, measured]) => ({
      kind: 'curve' as const,
      along,
      of,
      from,
      to,
      heights,
      measured,
    })),
)
const goal = fc.record({ say: line, when: fc.constantFrom('scale > 1', 'method = "pag" and not change < .1') })
const task: fc.Arbitrary<Task> = fc.oneof(
  fc.constant({ kind: 'look' as const }),
  fc.record({ kind: fc.constant('predict' as const), question: lines, ask, because: perhaps(lines) }),
  fc.array(goal, { minLength: 1, maxLength: 6 }).chain((goals) =>
    fc.record({
      kind: fc.constant('find' as const),
      task: lines,
      goals: fc.constant(goals),
      hint: perhaps(lines),
      solution: fc.constantFrom(
        [],
        goals.map((_, i) => `scale=${i}`),
      ),
    }),
  ),
  fc.record({ kind: fc.constant('explain' as const), question: lines, points: fc.array(line, { maxLength: 3 }) }),
)
const block = fc.constantFrom(
  'Some *words*.',
  '- a\n- b',
  '> quoted\n> on',
  '$$\nx^2\n$$',
  '~~~js\ncode\n~~~',
  '    indented',
  '### Deeper',
  '![A mask](mask.png)',
  '[there](https://example.org/a)',
  '1. one\n\n   more',
)
const body = fc.array(block, { maxLength: 4 }).map((blocks) => bodyOf(blocks.join('\n\n')))
const place = fc
  .record({
    preset: perhaps(fc.constant('room=plane&v=3&scale=0.5')),
    lock: fc.array(id),
    ranges: fc.dictionary(id, pair),
  })
  .chain((rest) =>
    fc
      .oneof(
        fc.record({ show: fc.constant(null), hide: fc.array(id) }),
        fc.record({ show: fc.array(id, { minLength: 1 }), hide: fc.constant([]) }),
      )
      .map((seen) => ({ ...rest, ...seen })),
  )
const title = fc
  .array(fc.constantFrom('The', 'negative', '$D^-$', '*is*', 'here:', '3', '"q"'), { minLength: 1 })
  .map((all) => all.join(' '))
const anyLesson: fc.Arbitrary<Lesson> = fc.record({
  title: line,
  minutes: fc.integer({ min: 1, max: 240 }),
  level: fc.constantFrom(...LEVELS),
  needs: fc.constantFrom('avatars', 'plane'),
  section: perhaps(fc.integer({ min: 1, max: 10 })),
  steps: fc.array(fc.record({ title, place, body, task }), { minLength: 1, maxLength: 4 }),
  teacher: perhaps(body),
})

it('any lesson is the same when it is written and read', () =>
  fc.assert(
    fc.property(anyLesson, (one) => {
      expect(lesson(lessonText(one))).toEqual(one)
    }),
    { numRuns: 15 },
  ))

it('no text makes the reader fail', () => {
  const parts = LESSON.split(/(?<=[\n :])/)
  const cut = fc.shuffledSubarray(parts).map((some) => some.join(''))
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), cut), (text) => void parseLesson(text)),
    { numRuns: 15 },
  )
  for (const text of [
    '>'.repeat(3_500),
    '['.repeat(3_500),
    LESSON.replace('answer: 1 ', `answer: ${'['.repeat(3_500)}`),
  ])
    expect(mistakes(text)).not.toEqual([])
})

describe('each mistake is a sentence with its line', () => {
  it.each([
    ['title: Positive and negative\n', '', /^2: “title:” is missing/],
    ['level: first', 'level: easy', /^4: “level” is one of first, further, research, not “easy”/],
    ['minutes: 15', 'minutes: long', /^3: “minutes” must be a number/],
    ['minutes: 15', 'minutes: 0', /^3: “minutes” must be between 1 and 240, not 0/],
    ['minutes: 15', 'minute: 15', /“minutes:” is missing[\s\S]*^3: There is no “minute:” here/m],
    ['title: Positive', 'title: Positive: the', /^2: .*Put quotes around/],
    ['---\n## The', '---\nBefore\n## The', /^8: This stands before the first step/],
    ['Text with', '<b>Text</b> with', /^15: HTML is not read/],
    ['Text with', '<!-- teacher -->\n\nText with', /^15: HTML is not read/],
    ['Text with', '[x](javascript:alert) with', /^15: A link leads to/],
    ['Text with', '![x](https://example.org/a.png) with', /^15: An image is a file/],
    ['Text with', '![](a.png) with', /^15: An image needs words/],
    ['show: [pictures', 'hide: [axis]\nshow: [pictures', /^11: A step says “show:” or “hide:”/],
    ['lock: [seed', 'lock: [sead', /^12: The page has no part “sead”. There are: .*pictures/],
    ['lock: [seed', 'look: [seed', /^12: There is no “look:” here/],
    ['ranges: { scale: [0, 2] }', 'ranges: { scale: [2, 0] }', /^13: The range of “scale”/],
    ['answer: 1 ', 'answer: 4 ', /^23: “answer” is the number of the right choice, 1 to 3, not 4/],
    ['choices: [guided', 'choices: [positive', /^22: Two choices are the same/],
    ['choices: [guided, positive, both the same]\n', '', /^21: A prediction needs one of/],
    ['answer: 0.5', 'answer: 5', /^33: “answer” must be between 0 and 4, not 5/],
    ['measured: autoguidance', 'values: [[1, 2], [0, 1]]', /^41: “values” must be 2 to 200 points/],
    [
      'distance.guided <',
      'distance.guide <',
      /^49: “distance.guide” is nothing that is known. Perhaps one of distance.guided/,
    ],
    ['distance.guided > distance', 'distance.guided distance', /^51: The condition .* does not follow/],
    [
      'solution: [scale=0.5, scale=3]',
      'solution: [scale=0.5]',
      /^53: “solution” is a list with one entry for each of the 2 goals/,
    ],
    ['# For the teacher', '# For teachers', /^62: One # begins only/],
    ['### What goes', '## What goes', /^66: The teacher’s page is the last/],
    ['Nothing.\n', '~~~find\ntask: x\n', /a block “find” is not read|never closed/i],
    ['And a word after it.', '~~~explain\nquestion: x\n~~~', /^27: A step has one thing to do/],
    ['And a word after it.', '- ~~~explain\n  question: x\n  ~~~', /^27: A block “explain” is not read in a list/],
    ['And a word after it.', '~~~step\nlock: [seed]\n~~~', /^27: The block “step” comes first/],
    ['~~~predict', '~~~perdict', /^20: There is no block “perdict”. Perhaps “predict” is meant/],
    ['```find', '```Find', /^45: There is no block “Find”. Perhaps “find” is meant/],
    ['  - say: farther', '  - &a say: farther', /^50: Anchors and aliases/],
  ])('%j → %j', (before, after, message) => {
    expect(LESSON).toContain(before)
    expect(mistakes(LESSON.replace(before, after)).join('\n')).toMatch(message)
  })

  it('all at once, in the order of lines', () => {
    const found = mistakes(LESSON.replace('answer: 1 ', 'answer: 9 ').replace('level: first', 'level: x'))
    expect(found.map((one) => Number.parseInt(one, 10))).toEqual([4, 23])
    // HTML is one of several, too.
    const more = mistakes(LESSON.replace('answer: 1 ', 'answer: 9 ').replace('Text with', '<b>Text</b> with'))
    expect(more.map((one) => Number.parseInt(one, 10))).toEqual([15, 23])
  })

  it('a text without a head, without steps, and one that is too long', () => {
    expect(mistakes('## A step')).toEqual([expect.stringMatching(/^1: A lesson begins with lines/)])
    expect(mistakes(LESSON.slice(0, LESSON.indexOf('##')))).toEqual([expect.stringMatching(/^1: There is no step/)])
    expect(mistakes(LESSON + 'x\n\n'.repeat(50_000))).toEqual([
      expect.stringMatching(/^1: A lesson has at most 100,000/),
    ])
  })
})

describe('docs/lessons.md', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../../docs/lessons.md'), 'utf8')
  const examples = [...docs.matchAll(/```md\n([\s\S]*?)```/g)].map(([, text]) => text!)

  it('shows what is read as it says', () => {
    const [head, ...blocks] = examples
    const all = [...blocks.join('\n').matchAll(/~~~[\s\S]*?\n~~~/g)].map(([block]) => block)
    expect(all).toHaveLength(6)
    expect(mistakes(`${head}${all.map((block, i) => `## Step ${i}\n${block}\n`).join('\n')}`)).toEqual([])
  })
})
