/** What is drawn of a curve: for each place its number with its interval, of what is looked at. Pure. */
import { metricsFrom, type Estimate, type Metrics } from '../../../../../evaluation/metrics'
import { paired, type MetricName } from '../../../../../evaluation/paired'
import { fixed, signed } from '../../../../../core/format'
import type { PointState } from '../../judged/work'
import type { Beaten, CurvesState } from './desk'
import type { Place } from './curve'

/** What can be looked at; `against`: the distance less that of no guidance, on the same seeds. */
export const LOOKS = ['against', 'frechet', 'precision', 'recall', 'agreement'] as const satisfies readonly (
  | MetricName
  | 'against'
)[]
export type Looked = (typeof LOOKS)[number]

const isShare = (looked: Looked) => looked !== 'frechet' && looked !== 'against'

/** A number as it is looked at, with its half interval where it is known. */
export function numberText(looked: Looked, { value, margin }: Estimate): string {
  const text = isShare(looked) ? (number: number) => fixed(100 * number, 1) : (number: number) => fixed(number, 2)
  const own = looked === 'against' ? signed(value) : text(value)
  return `${own}${margin === null ? '' : ` ± ${text(margin)}`}${isShare(looked) ? ' %' : ''}`
}

export interface Dot {
  readonly place: Place
  readonly key: string
  /** Behind the number. */
  readonly images: number
  readonly estimate: Estimate
  readonly beaten: Beaten | null
  readonly leads: boolean
}

const countsOf = ({ sets }: PointState): readonly number[] => Object.keys(sets).map(Number)

/** The numbers of the most images that were measured. */
export function latest(state: PointState | undefined): Metrics | null {
  const most = Math.max(0, ...(state ? countsOf(state) : []))
  const set = state?.sets[most]
  return set ? metricsFrom(set) : null
}

/** The difference from no guidance at the largest number of images that both were measured with. */
export function against(state: PointState | undefined, plain: PointState | undefined) {
  if (!state || !plain) return null
  const both = countsOf(state).filter((images) => plain.sets[images])
  const most = Math.max(0, ...both)
  const [own, other] = [state.sets[most], plain.sets[most]]
  return own && other ? paired(own, other) : null
}

function estimateOf(looked: Looked, state: PointState, plain: PointState | undefined) {
  if (looked === 'against') {
    const difference = against(state, plain)
    return difference && { estimate: difference.frechet, images: difference.samples }
  }
  const metrics = latest(state)
  const estimate = metrics?.[looked]
  return metrics && estimate ? { estimate, images: metrics.samples } : null
}

type Points = Readonly<Record<string, PointState>>

/** The places that have a number by now. */
export function dotsOf(
  { curve, plain, beaten, left }: Pick<CurvesState, 'curve' | 'plain' | 'beaten' | 'left'>,
  points: Points,
  looked: Looked,
): readonly Dot[] {
  return (curve?.places ?? []).flatMap((place): Dot[] => {
    const { point } = place
    const state = point && points[point.key]
    const told = state && estimateOf(looked, state, plain ? points[plain.key] : undefined)
    if (!point || !told) return []
    const leads = left !== null && left.length === 1 && left[0]!.id === point.key
    return [{ place, key: point.key, ...told, beaten: beaten[point.key] ?? null, leads }]
  })
}

export interface Done {
  readonly done: number
  readonly wanted: number
}

export function doneOf(points: Points, keys: readonly string[]): Done {
  const states = [...new Set(keys)].flatMap((key) => points[key] ?? [])
  return {
    done: states.reduce((sum, { have, want }) => sum + Math.min(have, want), 0),
    wanted: states.reduce((sum, { want }) => sum + want, 0),
  }
}
