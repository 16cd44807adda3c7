/** What a figure of the benchmark is, and what was read of it. */
import type { Visitor } from './visitor'

export type Unit = 'ms' | 'bytes' | 'count'

/** What is aimed at: a value, or so many times less than what it is compared with. */
export type Goal = ({ readonly atMost: number } | { readonly times: number }) & {
  /** What was tried for it, and what it would take: said where it is missed. */
  readonly missed?: string
}

export interface Reading {
  /** What was read, in words; equal in each round. */
  readonly line: string
  readonly unit: Unit
  /** Null where it can't be had here. */
  readonly value: number | null
  readonly goals?: readonly Goal[]
}

export interface Figure {
  /** Name for `--only`: that of its file. */
  readonly id: string
  readonly title: string
  readonly order: number
  /** How many rounds tell enough: one where it is the same each time, few where a round takes long. */
  readonly rounds: number
  /** What it says, in a sentence. */
  readonly note: string
  /** One round on one build. The play page may be used, and is left at rest. */
  measure(visitor: Visitor): Promise<readonly Reading[]>
}

/** What was read of one line, by what was measured. */
export interface Row {
  readonly line: string
  readonly unit: Unit
  readonly goals: readonly Goal[]
  /** The values of all rounds, by column. */
  readonly values: Readonly<Record<string, readonly number[]>>
}

export interface Table {
  readonly title: string
  readonly note: string
  /** The last is what the others are compared with: this build. */
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
}

/** Collects the rounds of one table. */
export class Rounds {
  readonly #rows = new Map<string, { reading: Reading; values: Record<string, number[]> }>()

  add(column: string, readings: readonly Reading[]): void {
    for (const reading of readings) {
      const row = this.#rows.get(reading.line) ?? { reading, values: {} }
      this.#rows.set(reading.line, row)
      if (reading.value !== null) (row.values[column] ??= []).push(reading.value)
    }
  }

  rows(): readonly Row[] {
    return [...this.#rows.values()].map(({ reading: { line, unit, goals = [] }, values }) => ({
      line,
      unit,
      goals,
      values,
    }))
  }
}
