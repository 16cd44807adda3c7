/** A lesson while it is made: it may lack what a lesson needs, which is said step by step. */
import * as v from 'valibot'
import { parseLesson } from './parse'
import { LEVELS, type Ask, type Lesson, type Place, type Task } from './types'
import { lessonText } from './write'

export interface DraftStep {
  readonly title: string
  readonly place: Place
  /** Markdown. */
  readonly text: string
  readonly task: Task
}

export interface Draft extends Omit<Lesson, 'steps' | 'teacher'> {
  readonly steps: readonly DraftStep[]
  /** The teacher's page; '' for none. */
  readonly teacher: string
}

export const NEW_DRAFT: Draft = {
  title: '',
  minutes: 15,
  level: 'first',
  needs: 'avatars',
  section: null,
  steps: [],
  teacher: '',
}

/** What a new step shows of the page: little, so that it is clear what there is to do. */
const NEW_SHOW: readonly string[] = ['pictures', 'sentence', 'scale']

export const newStep = (preset: string | null): DraftStep => ({
  title: '',
  place: { preset, show: NEW_SHOW, hide: [], lock: [], ranges: {} },
  text: '',
  task: { kind: 'look' },
})

export const draftOf = ({ steps, teacher, ...head }: Lesson): Draft => ({
  ...head,
  steps: steps.map(({ title, place, body, task }) => ({ title, place, text: body.text, task })),
  teacher: teacher?.text ?? '',
})

const bodyOf = (text: string) => ({ text: text.replace(/\r\n?/g, '\n').trim(), nodes: [] })

/** Of its texts only what is written: nodes are read again from the file. */
const lessonOf = ({ steps, teacher, ...head }: Draft): Lesson => ({
  ...head,
  steps: steps.map(({ title, place, text, task }) => ({ title, place, task, body: bodyOf(text) })),
  teacher: teacher.trim() === '' ? null : bodyOf(teacher),
})

export const draftText = (draft: Draft): string => lessonText(lessonOf(draft))

export interface DraftMistake {
  /** Null: of the lesson as a whole. */
  readonly step: number | null
  readonly message: string
}

/** The line on which each step begins. */
function beginnings(draft: Draft): readonly number[] {
  const lines = (steps: Draft['steps']) => draftText({ ...draft, steps, teacher: '' }).split('\n').length - 1
  return draft.steps.map((_, at) => lines(draft.steps.slice(0, at)) + (at === 0 ? 0 : 2))
}

/** What the form calls the keys of the file. */
const FIELDS: Readonly<Record<string, string>> = {
  title: 'Title of the lesson',
  question: 'Question',
  task: 'What is to be found',
  say: 'Goal, as students read it',
  when: 'It is met when',
  min: 'From',
  max: 'To',
  answer: 'Right is',
  tolerance: 'Give or take',
  along: 'Along',
  of: 'The height is',
  from: 'From',
  to: 'To',
  measured: 'It is laid beside',
  values: 'Points',
}

/** What is said in words of the file, in words of the form. */
function inWords(message: string): string {
  return message
    .replace(/^A step needs a title: .*/, 'It has no title yet.')
    .replace(/^Entry (\d+) of “choices” must be a text\.$/, 'Answer $1 is empty.')
    .replace(/^“(\w+)”/, (_, key: string) => `“${FIELDS[key] ?? key}”`)
    .replace(/” must be a text\.$/, '” is empty.')
}

/** All that is still missing or wrong before the draft can be read as a lesson; none where it can. */
export function draftMistakes(draft: Draft): readonly DraftMistake[] {
  if (draft.steps.length === 0) return [{ step: null, message: 'There is no step yet.' }]
  const parsed = parseLesson(draftText(draft))
  if (!parsed.ok) {
    const starts = beginnings(draft)
    return parsed.mistakes.map(({ line, message }) => {
      const at = starts.filter((start) => start <= line).length - 1
      return { step: at < 0 ? null : at, message: inWords(message) }
    })
  }
  const { steps, teacher } = parsed.lesson
  if (steps.length !== draft.steps.length || (teacher === null) !== (draft.teacher.trim() === ''))
    return [
      {
        step: null,
        message: 'A line of a text begins with # or ##, which begins a step: use ### for headings within.',
      },
    ]
  return []
}

const text = v.pipe(v.string(), v.maxLength(20_000))
const number = v.pipe(v.number(), v.finite())
const texts = v.pipe(v.array(text), v.maxLength(100), v.readonly())
const pair = v.pipe(v.tuple([number, number]), v.readonly())

const ask = v.variant('kind', [
  v.object({ kind: v.literal('choice'), choices: texts, right: number }),
  v.object({
    kind: v.literal('number'),
    min: number,
    max: number,
    unit: v.nullable(text),
    right: number,
    tolerance: number,
  }),
  v.object({
    kind: v.literal('curve'),
    along: text,
    of: text,
    from: number,
    to: number,
    heights: v.nullable(pair),
    measured: v.union([text, v.pipe(v.array(pair), v.maxLength(200), v.readonly())]),
  }),
]) satisfies v.GenericSchema<unknown, Ask>

const task = v.variant('kind', [
  v.object({ kind: v.literal('look') }),
  v.object({ kind: v.literal('predict'), question: text, ask, because: v.nullable(text) }),
  v.object({
    kind: v.literal('find'),
    task: text,
    goals: v.pipe(v.array(v.object({ say: text, when: text })), v.maxLength(20), v.readonly()),
    hint: v.nullable(text),
    solution: texts,
  }),
  v.object({ kind: v.literal('explain'), question: text, points: texts }),
]) satisfies v.GenericSchema<unknown, Task>

const place = v.object({
  preset: v.nullable(text),
  show: v.nullable(texts),
  hide: texts,
  lock: texts,
  ranges: v.record(text, pair),
})

const schema = v.object({
  title: text,
  minutes: number,
  level: v.picklist(LEVELS),
  needs: text,
  section: v.nullable(number),
  steps: v.pipe(v.array(v.object({ title: text, place, text, task })), v.maxLength(100), v.readonly()),
  teacher: text,
}) satisfies v.GenericSchema<unknown, Draft>

/** A draft that was kept; null for anything else. */
export function parseDraft(json: unknown): Draft | null {
  const read = v.safeParse(schema, json)
  return read.success ? read.output : null
}
