/** The point that is looked at: its pictures over those of the same seeds without guidance, its numbers, and more of it. */
import { Shown } from '../../judged/Shown'
import type { PointState } from '../../judged/work'
import { latest, lookOf, numberText, type CurveDot, type Looked } from './view'

/** So many more images a click asks for. */
export const MORE = 100

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

interface SeenProps {
  readonly dot: CurveDot
  readonly looked: Looked
  readonly state: PointState
  /** Null where the point is that itself. */
  readonly plain: PointState | null
  readonly metric: string
  readonly href: string
  readonly onRefine: () => void
}

export function Seen({ dot, looked, state, plain, metric, href, onRefine }: SeenProps) {
  const { place, estimate, of } = dot
  const model = place.point!.model
  const numbers = latest(state)
  return (
    <div data-part="curve-seen" className="num flex flex-col gap-1.5 text-hint">
      <p className="text-label font-medium" translate="no">
        {place.name}
      </p>
      <Shown pictures={state.pictures} model={model} name={place.name} />
      {plain && (
        <>
          <p className="text-muted">the same without guidance</p>
          <Shown pictures={plain.pictures} model={model} name="no guidance" />
        </>
      )}
      <p>
        {capital(lookOf(looked, metric).label)} {numberText(looked, estimate)}
        {estimate.margin === null && <span className="text-muted"> (interval known from 100 images on)</span>}, {of}
      </p>
      {numbers && looked !== 'frechet' && (
        <p className="text-muted">
          {metric} {numberText('frechet', numbers.frechet)}
        </p>
      )}
      <p className="flex flex-wrap gap-x-4 gap-y-1">
        <a className="link" href={href} data-part="curve-live">
          Open it live
        </a>
        <button type="button" className="link" data-part="curve-refine" onClick={onRefine}>
          {MORE} more images
        </button>
      </p>
    </div>
  )
}
