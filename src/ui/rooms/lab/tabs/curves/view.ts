/** What is drawn of a curve: for each place its number with its interval, of what is looked at. Pure. */
import { metricsFrom, type Estimate, type Metrics } from '../../../../../evaluation/metrics'
import { paired, type MetricName } from '../../../../../evaluation/paired'
import type { ModelInfo } from '../../../../../model/types'
import { encodeLink } from '../../../../../settings'
import { imageOf } from '../../judged/point'
import type { PointState } from '../../judged/work'
import { numberText as textOf, type Dot, type Look } from '../../plot/look'
import type { CurvesState } from './desk'
import type { Place } from './curve'

/** What can be looked at; `against`: the distance less that of no guidance, on the same seeds. */
export const LOOKS = [
  'against',
  'frechet',
  'precision',
  'recall',
  'agreement',
  'clarity',
  'shift',
] as const satisfies readonly (MetricName | 'against')[]
export type Looked = (typeof LOOKS)[number]

const share = (name: string): Look => ({
  label: name,
  up: `${name}, %`,
  better: 'higher',
  share: true,
  signed: false,
})

/** What the judge's distance is called. */
export const metricOf = ({ judge }: ModelInfo): string => judge?.metric ?? 'Fréchet distance'

/** `metric`: what the judge's distance is called. */
export function lookOf(looked: Looked, metric: string): Look {
  const distance = { better: 'lower', share: false } as const
  switch (looked) {
    case 'against': {
      const label = `${metric} against no guidance`
      return { ...distance, label, up: `${metric} less that of no guidance, lower is better`, signed: true }
    }
    case 'frechet':
      return { ...distance, label: metric, up: `${metric}, lower is better`, signed: false }
    case 'agreement':
      return share('class agreement')
    case 'clarity':
      return {
        ...share('clear details'),
        up: 'how sure the judge is of hair, eyes and other details, %, higher is better',
      }
    case 'shift':
      return {
        ...share('shift of details'),
        up: 'how far the shares of details are from those of renders, %, lower is better',
        better: 'lower',
      }
    case 'precision':
    case 'recall':
      return share(looked)
    default:
      return looked satisfies never
  }
}

/** A number as it is looked at, with its half interval where it is known. */
export const numberText = (looked: Looked, estimate: Estimate): string => textOf(lookOf(looked, ''), estimate)

/** To the first image of a point, live. */
export const liveLink = ({ point }: Place): string => (point ? `#${encodeLink(imageOf(point, 0), point.model)}` : '#')

export interface CurveDot extends Dot {
  readonly place: Place
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

const imagesText = (images: number) => `${images} images`

type Points = Readonly<Record<string, PointState>>

/** The places that have a number by now. */
export function dotsOf(
  { curve, plain, beaten, left }: Pick<CurvesState, 'curve' | 'plain' | 'beaten' | 'left'>,
  points: Points,
  looked: Looked,
): readonly CurveDot[] {
  return (curve?.places ?? []).flatMap((place): CurveDot[] => {
    const { point } = place
    const state = point && points[point.key]
    const told = state && estimateOf(looked, state, plain ? points[plain.key] : undefined)
    if (!point || !told) return []
    const leads = left !== null && left.length === 1 && left[0]!.id === point.key
    const out = beaten[point.key]
    const { estimate, images } = told
    const stands = { estimate, of: imagesText(images), beaten: out ? imagesText(out.images) : null, leads }
    return [{ place, key: point.key, href: liveLink(place), ...stands }]
  })
}

/** What some point has by now: not every judge tells of details, and not every curve has classes. */
export const hasLook = (looked: MetricName, points: Points): boolean =>
  (looked !== 'clarity' && looked !== 'shift') || Object.values(points).some((state) => latest(state)?.[looked])

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
