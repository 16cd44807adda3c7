/** The answers of many, step by step: what a class said beside what is true. */
import { belongs, isRight, lessonId, type Answer } from './answers'
import { compared, measuredShape, type Point, type Shape } from './curve'
import type { Handed } from './handed'
import type { Lesson, Task } from './types'

/** One of several sheets, and what it is called where no name was given. */
export interface Said<T> {
  readonly by: string
  readonly value: T
}

export type Summary =
  | { readonly kind: 'look' }
  | { readonly kind: 'choice'; readonly counts: readonly number[]; readonly right: number }
  | { readonly kind: 'number'; readonly said: readonly Said<number>[]; readonly right: number }
  | { readonly kind: 'curve'; readonly said: readonly Said<readonly number[]>[] }
  /** For each goal the addresses at which it was met; `tried` counts those who met none as well. */
  | { readonly kind: 'find'; readonly goals: readonly (readonly Said<string>[])[]; readonly tried: number }
  | { readonly kind: 'explain'; readonly said: readonly Said<string>[] }

export interface Gathered {
  readonly sheets: readonly (Handed & { readonly called: string })[]
  /** Of those, how many were answered in another version of the lesson. */
  readonly otherVersion: number
  /** Sheets that do not fit the lesson. */
  readonly strangers: number
  /** One for each step. */
  readonly steps: readonly Summary[]
}

const count = (steps: Handed['steps']) => steps.filter((one) => one !== null).length

/** Each sheet once, as it was when most of it was answered, in the order in which they came. */
export function withoutTwins(sheets: readonly Handed[]): readonly Handed[] {
  const bySheet = new Map<string, Handed>()
  for (const one of sheets) {
    const key = `${one.lesson} ${one.sheet}`
    const before = bySheet.get(key)
    if (before === undefined || count(one.steps) >= count(before.steps)) bySheet.set(key, one)
  }
  return [...bySheet.values()]
}

function fits(lesson: Lesson, { steps }: Handed): boolean {
  const pairs = steps.map((answer, i) => [answer, lesson.steps[i]] as const)
  return (
    steps.length === lesson.steps.length &&
    pairs.every(([answer, step]) => answer === null || (step !== undefined && belongs(answer, step.task)))
  )
}

type Sheet = Gathered['sheets'][number]

/** The answers of a kind to one step. */
function saidOf<K extends Answer['kind'], T>(
  sheets: readonly Sheet[],
  at: number,
  kind: K,
  value: (answer: Extract<Answer, { readonly kind: K }>) => T,
): readonly Said<T>[] {
  const isKind = (answer: Answer): answer is Extract<Answer, { readonly kind: K }> => answer.kind === kind
  return sheets.flatMap(({ called, steps }) => {
    const answer = steps[at] ?? null
    return answer !== null && isKind(answer) ? [{ by: called, value: value(answer) }] : []
  })
}

function summaryOf(task: Task, sheets: readonly Sheet[], at: number): Summary {
  switch (task.kind) {
    case 'look':
      return { kind: 'look' }
    case 'explain': {
      const said = saidOf(sheets, at, 'explain', ({ text }) => text)
      return { kind: 'explain', said: said.filter(({ value }) => value.trim() !== '') }
    }
    case 'find': {
      const all = saidOf(sheets, at, 'find', ({ met }) => met)
      const goals = task.goals.map((_, i) =>
        all.flatMap(({ by, value }) => {
          const link = value[i] ?? null
          return link === null ? [] : [{ by, value: link }]
        }),
      )
      return { kind: 'find', goals, tried: all.length }
    }
    case 'predict': {
      const { ask } = task
      if (ask.kind === 'curve') return { kind: 'curve', said: saidOf(sheets, at, 'curve', ({ heights }) => heights) }
      if (ask.kind === 'number')
        return {
          kind: 'number',
          said: saidOf(sheets, at, 'number', ({ value }) => value),
          right: rightOnes(task, sheets, at),
        }
      const chosen = saidOf(sheets, at, 'choice', ({ choice }) => choice)
      return {
        kind: 'choice',
        counts: ask.choices.map((_, i) => chosen.filter(({ value }) => value === i).length),
        right: rightOnes(task, sheets, at),
      }
    }
    default:
      return task satisfies never
  }
}

const rightOnes = (task: Task, sheets: readonly Sheet[], at: number) =>
  sheets.filter(({ steps }) => {
    const answer = steps[at] ?? null
    return answer !== null && isRight(task, answer) === true
  }).length

export function gather(lesson: Lesson, handed: readonly Handed[]): Gathered {
  const own = lessonId(lesson)
  const known = withoutTwins(handed)
  const fitting = known.filter((one) => fits(lesson, one))
  const sheets = fitting.map((one, i) => ({ ...one, called: one.by === '' ? `Sheet ${i + 1}` : one.by }))
  return {
    sheets,
    otherVersion: fitting.filter((one) => one.lesson !== own).length,
    strangers: known.length - fitting.length,
    steps: lesson.steps.map(({ task }, at) => summaryOf(task, sheets, at)),
  }
}

export interface Shapes {
  /** Of what was measured. */
  readonly shape: Shape
  /** How many curves have each shape, the commonest first. */
  readonly drawn: readonly (readonly [Shape, number])[]
  /** How many have that of what was measured. */
  readonly alike: number
}

/** The shapes of drawn curves beside that of what was measured. */
export function shapesOf(
  curves: readonly (readonly number[])[],
  measured: readonly Point[],
  from: number,
  to: number,
): Shapes {
  const counts = new Map<Shape, number>()
  for (const heights of curves) {
    const { drawn } = compared(heights, measured, from, to)
    counts.set(drawn, (counts.get(drawn) ?? 0) + 1)
  }
  const shape = measuredShape(measured, from, to)
  return {
    shape,
    drawn: [...counts].sort((a, b) => b[1] - a[1]),
    alike: counts.get(shape) ?? 0,
  }
}

/** So many equal parts of a scale, and how many of the values lie in each; its upper end belongs to the last. */
export function histogram(values: readonly number[], min: number, max: number, parts: number): readonly number[] {
  const counts = Array.from({ length: parts }, () => 0)
  for (const value of values) {
    const at = Math.floor(((value - min) / (max - min)) * parts)
    const held = Math.min(parts - 1, Math.max(0, at))
    counts[held] = (counts[held] ?? 0) + 1
  }
  return counts
}
