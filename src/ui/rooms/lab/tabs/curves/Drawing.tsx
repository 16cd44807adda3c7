/** The drawing of a curve with what is looked at over it, the point that is seen beside it, and its numbers under it. */
import { type RefObject, useRef, useState } from 'react'
import { axisLabel, type Axis } from '../../../../../lab/axis'
import { encodeLink } from '../../../../../settings'
import { Hint } from '../../../../kit/Hint'
import { Segments } from '../../../../kit/Segments'
import { download } from '../../../../share/share'
import { dashOf } from '../../../measured/Plot'
import { imageOf } from '../../judged/point'
import type { WorkState } from '../../judged/work'
import type { Lab } from '../../lab'
import type { Curve, Place } from './curve'
import type { CurvesDesk, CurvesState } from './desk'
import type { Curves } from './make'
import { Numbers } from './Numbers'
import { Plot, type Stored } from './Plot'
import { MORE, Seen } from './Seen'
import type { StoredPoint } from './stored'
import { svgText } from './svg'
import { useDesk, useWork } from './use-curves'
import { useStored } from './use-stored'
import { dotsOf, LOOKS, type Dot, type Looked } from './view'

const liveLink = ({ point }: Place) => (point ? `#${encodeLink(imageOf(point, 0), point.model)}` : '#')

const metricOf = ({ model }: Curve) => model.judge?.metric ?? 'Fréchet distance'
const isDistance = (looked: Looked) => looked === 'frechet' || looked === 'against'

function upText(looked: Looked, metric: string): string {
  if (!isDistance(looked)) return `${looked === 'agreement' ? 'class agreement' : looked}, %`
  return looked === 'against' ? `${metric} less that of no guidance, lower is better` : `${metric}, lower is better`
}

/** What stands over the drawing: what is looked at, and the lines. */
function Head({
  looked,
  onLook,
  metric,
  lines,
}: {
  readonly looked: Looked
  readonly onLook: (looked: Looked) => void
  readonly metric: string
  readonly lines: readonly string[]
}) {
  const names: Readonly<Record<Looked, string>> = {
    frechet: metric,
    against: `${metric} against no guidance`,
    precision: 'precision',
    recall: 'recall',
    agreement: 'class agreement',
  }
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
      <Segments
        part="curve-look"
        label="What is drawn"
        small
        value={looked}
        options={LOOKS.map((value) => ({ value, label: names[value] }))}
        onChange={(value) => onLook(LOOKS.find((each) => each === value) ?? 'frechet')}
      />
      {lines.length > 1 &&
        lines.map((name, line) => (
          <span key={name} className="num flex items-center text-hint" translate="no">
            <svg viewBox="0 0 24 8" className="mr-1.5 h-2 w-6" aria-hidden>
              <line
                x1="0"
                x2="24"
                y1="4"
                y2="4"
                stroke="currentColor"
                strokeWidth="1.5"
                strokeDasharray={dashOf(line)}
              />
            </svg>
            {name}
          </span>
        ))}
    </div>
  )
}

/** The stored numbers of what is looked at. */
function underOf(stored: readonly (readonly StoredPoint[])[], looked: Looked): readonly (readonly Stored[])[] {
  return stored.map((list) =>
    list.flatMap(({ text, frechet, against }): Stored[] => {
      const estimate = looked === 'frechet' ? frechet : looked === 'against' ? against : null
      return estimate ? [{ text, estimate }] : []
    }),
  )
}

/** Where a person begins to look. */
function bestOf(dots: readonly Dot[], looked: Looked): Dot | undefined {
  const sign = isDistance(looked) ? 1 : -1
  return [...dots].sort((a, b) => sign * (a.estimate.value - b.estimate.value))[0]
}

interface PartProps {
  readonly curve: Curve
  readonly desk: CurvesDesk
  readonly state: CurvesState
  readonly points: WorkState['points']
  readonly looked: Looked
}

interface PictureProps extends PartProps {
  readonly along: Axis
  readonly across: Axis | undefined
  readonly under: readonly (readonly Stored[])[]
  readonly svg: RefObject<SVGSVGElement | null>
}

function Picture({ curve, desk, state, points, looked, along, across, under, svg }: PictureProps) {
  const [seen, setSeen] = useState<string | null>(null)
  const dots = dotsOf(state, points, looked)
  const lines = (across?.values ?? ['']).map((_, line) => dots.filter(({ place }) => place.at[1] === line))
  const metric = metricOf(curve)
  const dot = dots.find(({ key }) => key === seen) ?? bestOf(dots, looked)
  const plain = state.plain && state.plain.key !== dot?.key ? points[state.plain.key] : undefined
  return (
    <div className="grid gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,54rem)_minmax(14rem,20rem)]">
      <Plot
        label={`${metric} along ${axisLabel(along.key)}`}
        across={axisLabel(along.key)}
        up={upText(looked, metric)}
        looked={looked}
        texts={along.values}
        lines={lines}
        stored={under}
        linkOf={({ place }) => liveLink(place)}
        svg={svg}
        seen={dot?.key ?? null}
        onSee={setSeen}
      />
      {dot ? (
        <Seen
          dot={dot}
          looked={looked}
          state={points[dot.key]!}
          plain={plain ?? null}
          metric={metric}
          href={liveLink(dot.place)}
          onRefine={() => desk.refine(dot.key, MORE)}
        />
      ) : (
        <Hint>The first numbers come with 20 images a point, their intervals with 100.</Hint>
      )}
    </div>
  )
}

function Note({ stored }: { readonly stored: readonly StoredPoint[] }) {
  const counts = [...new Set(stored.map(({ images }) => images))]
  return (
    <Hint part="curve-note">
      Bars are 95 % intervals (jackknife over ten blocks of seeds); all points have the same seeds. A distance falls
      with the number of images, so compare points of as many.
      {stored.length > 0 &&
        ` The grey line was measured before the model was shipped, with ${counts.join(' and ')} images a point: compare its shape.`}
    </Hint>
  )
}

interface DrawingProps {
  readonly lab: Lab
  readonly curves: Curves
}

export function Drawing({ lab, curves }: DrawingProps) {
  const { desk } = curves
  const state = useDesk(curves)
  const { points } = useWork(curves)
  const [looked, setLooked] = useState<Looked>('against')
  const svg = useRef<SVGSVGElement>(null)
  const { curve } = state
  const stored = useStored(lab, curve)
  const [along, across] = curve?.axes ?? []
  if (!curve || !along) return null
  const lines = across ? across.values.map((text) => `${axisLabel(across.key)} ${text.replaceAll('_', '–')}`) : []
  const under = underOf(stored, looked)
  const save = () => {
    if (svg.current) download(new Blob([svgText(svg.current)], { type: 'image/svg+xml' }), 'curve.svg')
  }
  return (
    <div className="mt-5 flex flex-col gap-3">
      <Head looked={looked} onLook={setLooked} metric={metricOf(curve)} lines={lines} />
      <Picture {...{ curve, desk, state, points, looked, along, across, under, svg }} />
      <Note stored={isDistance(looked) ? stored.flat() : []} />
      <Numbers
        state={state}
        points={points}
        metric={metricOf(curve)}
        linkOf={liveLink}
        onRefine={(key) => desk.refine(key, MORE)}
      />
      <p className="text-label">
        <button type="button" className="link" data-part="curve-svg" onClick={save}>
          Save the drawing as SVG
        </button>
      </p>
    </div>
  )
}
