/** Whether what was aimed at was reached. */
import type { Goal, Row, Table } from './figure'
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

const told = (goal: Goal) => ('atMost' in goal ? `≤ ${goal.atMost.toLocaleString('en')}` : `≥ ${goal.times} ×`)

/** Each in a few words. */
export function goalsOf(row: Row, others: readonly string[], own: string): readonly string[] {
  const verdicts = verdictsOf(row, others, own).filter(({ met }) => met !== null)
  const words = row.goals.map((goal) => {
    const of = verdicts.filter((verdict) => verdict.goal === goal)
    if (of.length === 0) return null
    return `${told(goal)}: ${of.every(({ met }) => met) ? 'met' : 'not met'}`
  })
  return words.filter((text) => text !== null)
}

/** The lines of a table that miss a goal, those of one reason together, and the reason. */
export function missedIn({ title, columns, rows }: Table): readonly string[] {
  const own = columns.at(-1)!
  const lines = new Map<string, string[]>()
  for (const row of rows) {
    for (const { goal, other, met } of verdictsOf(row, columns.slice(0, -1), own)) {
      if (met !== false) continue
      const reason = goal.missed ?? ''
      const line = `${row.line}${other === null ? '' : `, ${other}`} (${told(goal)})`
      lines.set(reason, [...(lines.get(reason) ?? []), line])
    }
  }
  return Array.from(lines, ([reason, all]) => `**${title}**: ${all.join('; ')}. ${reason}`.trimEnd())
}
