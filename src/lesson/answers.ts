/** What a student answered, step by step; what leaves the browser, and what stays in it between two visits. */
import { sha256 } from '@noble/hashes/sha2.js'
import * as v from 'valibot'
import { lessonText } from './write'
import type { Ask, Lesson, Task } from './types'

export type Answer =
  | { readonly kind: 'choice'; readonly choice: number }
  | { readonly kind: 'number'; readonly value: number }
  /** Heights, as they are measured, at places that lie evenly from the curve's beginning to its end. */
  | { readonly kind: 'curve'; readonly heights: readonly number[] }
  /** For each goal what the address said when it was met; null for one that is not met yet. */
  | { readonly kind: 'find'; readonly met: readonly (string | null)[] }
  | { readonly kind: 'explain'; readonly text: string }

export interface Answers {
  /** Of the lesson, see `lessonId`. */
  readonly lesson: string
  /** One for each step; null where nothing was answered, or nothing is asked. */
  readonly steps: readonly (Answer | null)[]
}

/** Tells one lesson from another, by all that it says: twelve hexadecimal digits. */
export function lessonId(lesson: Lesson): string {
  const bytes = sha256(new TextEncoder().encode(lessonText(lesson))).subarray(0, 6)
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

export const noAnswers = (lesson: Lesson): Answers => ({
  lesson: lessonId(lesson),
  steps: lesson.steps.map(() => null),
})

/** Whether an answer is one of this task: what was kept may be of another version of the lesson. */
export function belongs(answer: Answer, task: Task): boolean {
  switch (task.kind) {
    case 'look':
      return false
    case 'predict':
      return answer.kind === task.ask.kind && (answer.kind !== 'choice' || answer.choice < choicesOf(task.ask))
    case 'find':
      return answer.kind === 'find' && answer.met.length === task.goals.length
    case 'explain':
      return answer.kind === 'explain'
    default:
      return task satisfies never
  }
}

const choicesOf = (ask: Ask) => (ask.kind === 'choice' ? ask.choices.length : 0)

/** Whether an answer is right; null where that is not for a machine to say. */
export function isRight(task: Task, answer: Answer): boolean | null {
  if (!belongs(answer, task)) return null
  switch (answer.kind) {
    case 'choice':
      return task.kind === 'predict' && task.ask.kind === 'choice' && answer.choice === task.ask.right
    case 'number':
      if (task.kind !== 'predict' || task.ask.kind !== 'number') return null
      return Math.abs(answer.value - task.ask.right) <= task.ask.tolerance + 1e-9
    case 'find':
      return answer.met.every((met) => met !== null)
    case 'curve':
    case 'explain':
      return null
    default:
      return answer satisfies never
  }
}

/** Whether the task is still to be predicted or found, so that what was measured would give it away. */
export function isOpen(task: Task, answer: Answer | null): boolean {
  switch (task.kind) {
    case 'predict':
      return answer === null
    case 'find':
      return answer === null || isRight(task, answer) !== true
    case 'look':
    case 'explain':
      return false
    default:
      return task satisfies never
  }
}

const TEXT = v.pipe(v.string(), v.maxLength(10_000))
const NUMBER = v.pipe(v.number(), v.finite())

const answer = v.variant('kind', [
  v.object({ kind: v.literal('choice'), choice: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  v.object({ kind: v.literal('number'), value: NUMBER }),
  v.object({
    kind: v.literal('curve'),
    heights: v.pipe(v.array(NUMBER), v.minLength(2), v.maxLength(100), v.readonly()),
  }),
  v.object({ kind: v.literal('find'), met: v.pipe(v.array(v.nullable(TEXT)), v.maxLength(20), v.readonly()) }),
  v.object({ kind: v.literal('explain'), text: TEXT }),
]) satisfies v.GenericSchema<unknown, Answer>

const answers = v.array(v.nullable(answer))

/** Answers step by step, as they were kept or sent; null for anything else. */
export function parseAnswers(json: unknown): Answers['steps'] | null {
  const result = v.safeParse(answers, json)
  return result.success ? result.output : null
}
