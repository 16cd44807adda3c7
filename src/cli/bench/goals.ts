/** Whether what was aimed at was reached. */
import type { Goal, Row } from './figure'
import { least, ratioOf } from './statistics'

export interface Verdict {
  readonly goal: Goal
  /** What it is compared with; null where it is a value alone. */
  readonly other: string | null
  /** Null where it was not measured. */
  readonly met: boolean | null
}

export function verdictsOf({ goals, values }: Row, others: readonly string[], own: string): readonly Verdict[] {
  return goals.flatMap((goal): readonly Verdict[] => {
    if ('atMost' in goal) {
      const value = least(values[own] ?? [])
      return [{ goal, other: null, met: value === null ? null : value <= goal.atMost }]
    }
    return others.map((other) => {
      const found = ratioOf(values[other] ?? [], values[own] ?? [])
      return { goal, other, met: found && found.ratio >= goal.times }
    })
  })
}

/** Each in a few words. */
export function goalsOf(row: Row, others: readonly string[], own: string): readonly string[] {
  const verdicts = verdictsOf(row, others, own).filter(({ met }) => met !== null)
  const told = (goal: Goal) => ('atMost' in goal ? `≤ ${goal.atMost.toLocaleString('en')}` : `≥ ${goal.times} ×`)
  const words = row.goals.map((goal) => {
    const of = verdicts.filter((verdict) => verdict.goal === goal)
    if (of.length === 0) return null
    return `${told(goal)}: ${of.every(({ met }) => met) ? 'met' : 'not met'}`
  })
  return words.filter((text) => text !== null)
}
