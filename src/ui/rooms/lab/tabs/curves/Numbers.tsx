/** The numbers of a curve of pictures, how each point stands, and more images for it. */
import type { Estimate } from '../../../../../evaluation/metrics'
import { METRICS } from '../../../../../evaluation/paired'
import type { PointState } from '../../judged/work'
import { NumbersTable } from '../../plot/NumbersTable'
import type { CurvesState } from './desk'
import type { Place } from './curve'
import { against, hasLook, latest, lookOf, numberText, type Looked } from './view'
import { MORE } from './Seen'

function Cell({ looked, estimate }: { readonly looked: Looked; readonly estimate: Estimate | null | undefined }) {
  return (
    <td className="py-1 pl-5 text-right whitespace-nowrap" translate="no">
      {estimate ? numberText(looked, estimate) : <span className="text-muted">–</span>}
      {estimate?.margin === null && <span className="text-muted"> ± ?</span>}
    </td>
  )
}

function stateText(place: Place, state: PointState | undefined, { beaten, left }: CurvesState): string {
  const key = place.point?.key ?? ''
  if (place.why !== null) return place.why
  if (state?.failure) return state.failure
  const out = beaten[key]
  if (out) return `beaten after ${out.images} images, by ${numberText('frechet', out.behind)}`
  if (left?.length === 1 && left[0]!.id === key) return 'the best'
  if (left?.some(({ id }) => id === key)) return 'not told apart'
  return ''
}

export interface NumbersProps {
  readonly state: CurvesState
  readonly points: Readonly<Record<string, PointState>>
  readonly metric: string
  readonly linkOf: (place: Place) => string
  readonly onRefine: (key: string) => void
}

function Row({
  place,
  own,
  props,
}: {
  readonly place: Place
  readonly own: PointState | undefined
  readonly props: NumbersProps
}) {
  const { state, points, linkOf, onRefine } = props
  const { point } = place
  const numbers = latest(own)
  const difference = against(own, state.plain ? points[state.plain.key] : undefined)
  const isPlain = point !== null && point.key === state.plain?.key
  return (
    <tr className="border-t border-line">
      <th scope="row" className="py-1 text-left font-normal whitespace-nowrap" translate="no">
        {point ? (
          <a className="link" href={linkOf(place)}>
            {place.name}
          </a>
        ) : (
          place.name
        )}
      </th>
      <td className="pl-5 text-right" translate="no">
        {own ? own.have : 0}
      </td>
      {METRICS.filter((name) => hasLook(name, points)).map((name) => (
        <Cell key={name} looked={name} estimate={numbers?.[name]} />
      ))}
      <Cell looked="against" estimate={isPlain ? { value: 0, margin: 0 } : difference?.frechet} />
      <td className="max-w-72 pl-5 text-muted">{stateText(place, own, state)}</td>
      <td className="pl-5 text-right whitespace-nowrap">
        {point && (own?.have ?? 0) > 0 && (
          <button
            type="button"
            className="link"
            aria-label={`${MORE} more images of ${place.name}`}
            onClick={() => onRefine(point.key)}
          >
            +{MORE}
          </button>
        )}
      </td>
    </tr>
  )
}

export function Numbers(props: NumbersProps) {
  const { state, points, metric } = props
  const shown = METRICS.filter((name) => hasLook(name, points))
  const heads = ['images', ...shown.map((name) => lookOf(name, metric).label), 'against no guidance']
  return (
    <NumbersTable part="curve-numbers" heads={heads} unseen={['standing', 'more images']}>
      {state.curve?.places.map((place) => (
        <Row key={place.name} place={place} own={place.point ? points[place.point.key] : undefined} props={props} />
      ))}
    </NumbersTable>
  )
}
