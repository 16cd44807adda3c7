/** Verdicts of tables and planes from their numbers, as `measured/shapes` has them of curves. Two values are told apart beyond both intervals. Pure. */
import { below, differenceText } from '../measured/estimate'
import { bestOf, type ShapeVerdict } from '../measured/shape'
import { list } from '../measured/words'
import type { Judged, Line } from './section'

const named = ({ label, against }: Judged): string => `“${label}” (${differenceText(against)})`

/** More names than these are not read. */
const MOST_NAMED = 3

export const isThere = <T>(value: T | null): value is T => value !== null

/** Throws RangeError where there are none. */
export function lowestOf(places: readonly Judged[]): Judged {
  const [lowest] = [...places].sort((a, b) => a.against.value - b.against.value)
  if (!lowest) throw new RangeError('the lowest of no places')
  return lowest
}

/** One group of places is what the paper found best: its lowest against the lowest of the others. */
export function bestAmong(wanted: readonly Judged[], others: readonly Judged[]): ShapeVerdict | null {
  if (wanted.length === 0 || others.length === 0) return null
  const [own, other] = [lowestOf(wanted), lowestOf(others)]
  if (below(other.against, own.against))
    return { finding: 'missed', sentence: `${named(other)} is better than ${named(own)}.` }
  if (below(own.against, other.against))
    return { finding: 'met', sentence: `${named(own)} is the best, the next is ${named(other)}.` }
  const near = others.filter(({ against }) => !below(own.against, against))
  const told =
    near.length > MOST_NAMED
      ? `${near.length} others, the lowest of which is ${named(lowestOf(near))}`
      : list(near.map(named))
  return { finding: 'open', sentence: `${named(own)} from ${told}.` }
}

/** The row that the authors settle on; that it is the best is said once all were measured. */
export const settledOn =
  (index: number) =>
  (rows: readonly (Judged | null)[]): ShapeVerdict | null => {
    const [own, others] = [rows[index], rows.filter((_, at) => at !== index)]
    const verdict = own ? bestAmong([own], others.filter(isThere)) : null
    return verdict?.finding === 'met' && others.includes(null) ? null : verdict
  }

/** The line whose best point the authors found the lowest of all. */
export const bestLine =
  (label: string) =>
  (lines: readonly Line[]): ShapeVerdict | null => {
    const bests = lines.map((line): Judged & { readonly own: boolean } => {
      const { name, against } = bestOf(line.points)
      return { label: `${line.label}, ${name}`, against, own: line.label === label }
    })
    return bestAmong(
      bests.filter(({ own }) => own),
      bests.filter(({ own }) => !own),
    )
  }

/** From line to line the lowest place moves down the axis. The first and the last must each be better there than, as near as was tried, where the other is best. */
export function bestMovesDown(lines: readonly Line[]): ShapeVerdict | null {
  const [first, last] = [lines[0], lines.at(-1)]
  if (!first || !last || first === last) return null
  const bests = lines.map(({ points }) => bestOf(points))
  const better = (line: Line, at: number) => {
    const [there] = [...line.points].sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))
    return there !== undefined && below(bestOf(line.points).against, there.against)
  }
  const [from, to] = [bestOf(first.points).at, bestOf(last.points).at]
  const places = list(bests.map(({ name }) => name))
  if (!better(first, to) || !better(last, from)) return { finding: 'open', sentence: `the lowest places, ${places}.` }
  const falls = bests.every(({ at }, index) => index === 0 || at < (bests[index - 1]?.at ?? at))
  return { finding: falls ? 'met' : from < to ? 'missed' : 'open', sentence: `the lowest places are ${places}.` }
}

/** Each row of a plane is a valley: lower between its ends than at both. */
export function everyRowValley(rows: readonly (readonly (Judged | null)[])[]): ShapeVerdict | null {
  const all = rows.map((row) => row.filter(isThere))
  if (all.some((row, index) => row.length < 3 || row.length < (rows[index]?.length ?? 0))) return null
  const valleys = all.filter((row) => {
    const low = lowestOf(row)
    return [row[0], row.at(-1)].every((end) => end && below(low.against, end.against))
  })
  return {
    finding: valleys.length === all.length ? 'met' : 'open',
    sentence: `${valleys.length} of ${all.length} are valleys beyond both intervals; the lowest are ${list(all.map((row) => named(lowestOf(row))))}.`,
  }
}
