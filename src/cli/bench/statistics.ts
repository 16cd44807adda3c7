/** What is said of a figure that was measured in several rounds. Other work on a machine only ever adds time, so the least counts. */

/** Of the rounds that were measured; null where none was. */
export function least(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.min(...values)
}

export function most(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values)
}

export interface Ratio {
  /** Of the least values. */
  readonly ratio: number
  /** The least and the largest ratio within one round, whose two values were measured one after the other. */
  readonly low: number
  readonly high: number
}

/** How many times as much `over` is as `under`; null where either was not measured, or nothing was divided by. */
export function ratioOf(over: readonly number[], under: readonly number[]): Ratio | null {
  const [above, below] = [least(over), least(under)]
  if (above === null || below === null || below === 0) return null
  const rounds = over.slice(0, under.length).map((value, round) => value / under[round]!)
  const sound = rounds.filter(Number.isFinite)
  const ratio = above / below
  return { ratio, low: Math.min(ratio, ...sound), high: Math.max(ratio, ...sound) }
}
