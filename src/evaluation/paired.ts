/**
 * Two settings compared on the same seeds. What the images share by their noise cancels in the difference, so that its interval is
 * narrower than those of the two numbers; it follows from the differences without each block of seeds, as one number's does. Pure.
 */
import { jackknifeError, STUDENT, type Blocked, type Estimate, type Judged, type Measured } from './metrics'

export const METRICS = ['frechet', 'precision', 'recall', 'agreement', 'clarity', 'shift'] as const
export type MetricName = (typeof METRICS)[number]

/** The first minus the second. */
export interface Difference {
  readonly samples: number
  readonly frechet: Estimate
  /** Null where one of them was not asked for a class. */
  readonly agreement: Estimate | null
  readonly precision: Estimate
  readonly recall: Estimate
  /** Null where one of them has none. */
  readonly clarity: Estimate | null
  readonly shift: Estimate | null
}

export const differenceOf = (a: Blocked, b: Blocked): Blocked => ({
  whole: a.whole - b.whole,
  without: a.without.map((value, block) => value - b.without[block]!),
})

/** Half the width of an interval: 95 %, or of another quantile of Student's t with BLOCKS − 1 degrees of freedom. */
export function pairedEstimate(a: Blocked, b: Blocked, quantile = STUDENT): Estimate {
  const { whole, without } = differenceOf(a, b)
  return { value: whole, margin: without.length === 0 ? null : quantile * jackknifeError(without) }
}

/** Throws RangeError where the two are not of the same seeds: such numbers have no paired difference. */
export function paired(a: Measured, b: Measured): Difference {
  if (a.indices.length !== b.indices.length || a.indices.some((index, i) => index !== b.indices[i]))
    throw new RangeError('the two are of other seeds: compare the images that both have')
  return {
    samples: a.indices.length,
    frechet: pairedEstimate(a.frechet, b.frechet),
    agreement: a.agreement && b.agreement && pairedEstimate(a.agreement, b.agreement),
    precision: pairedEstimate(a.precision, b.precision),
    recall: pairedEstimate(a.recall, b.recall),
    clarity: a.clarity && b.clarity && pairedEstimate(a.clarity, b.clarity),
    shift: a.shift && b.shift && pairedEstimate(a.shift, b.shift),
  }
}

/** Of each set the images of the seeds that all of them have. */
export function common(sets: readonly (readonly Judged[])[]): readonly (readonly Judged[])[] {
  const [first = [], ...others] = sets.map((set) => new Set(set.map(({ index }) => index)))
  const shared = new Set([...first].filter((index) => others.every((indices) => indices.has(index))))
  return sets.map((set) => set.filter(({ index }) => shared.has(index)))
}
