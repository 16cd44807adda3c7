/** The drawing of a curve with what is looked at over it, the point that is seen beside it, and its numbers under it. */
import { type RefObject, useRef, useState } from 'react'
import { axisLabel, type Axis } from '../../../../../lab/axis'
import { Hint } from '../../../../kit/Hint'
import type { WorkState } from '../../judged/work'
import type { Lab } from '../../lab'
import { Looks } from '../../plot/Looks'
import { bestOf } from '../../plot/look'
import { Plot, type Stored } from '../../plot/Plot'
import { SaveSvg } from '../../plot/SaveSvg'
import type { Curve } from './curve'
import type { CurvesDesk, CurvesState } from './desk'
import type { Curves } from './make'
import { Numbers } from './Numbers'
import { MORE, Seen } from './Seen'
import type { StoredPoint } from './stored'
import { useDesk, useWork } from './use-curves'
import { useStored } from './use-stored'
import { dotsOf, hasLook, liveLink, lookOf, LOOKS, metricOf, type Looked } from './view'

const isDistance = (looked: Looked) => looked === 'frechet' || looked === 'against'

/** The stored numbers of what is looked at. */
function underOf(stored: readonly (readonly StoredPoint[])[], looked: Looked): readonly (readonly Stored[])[] {
  return stored.map((list) =>
    list.flatMap(({ text, frechet, against }): Stored[] => {
      const estimate = looked === 'frechet' ? frechet : looked === 'against' ? against : null
      return estimate ? [{ text, estimate }] : []
    }),
  )
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
  const metric = metricOf(curve.model)
  const look = lookOf(looked, metric)
  const dot = dots.find(({ key }) => key === seen) ?? bestOf(dots, look)
  const plain = state.plain && state.plain.key !== dot?.key ? points[state.plain.key] : undefined
  return (
    <div className="grid gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,54rem)_minmax(14rem,20rem)]">
      <Plot
        label={`${metric} along ${axisLabel(along.key)}`}
        across={axisLabel(along.key)}
        look={look}
        texts={along.values}
        lines={lines}
        stored={under}
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
          href={dot.href}
          onRefine={() => desk.refine(dot.key, MORE)}
        />
      ) : (
        <Hint>The first numbers come with 20 images a point, their intervals with 100.</Hint>
      )}
    </div>
  )
}

/** What a number is that is no usual one. */
const MEANINGS: Readonly<Partial<Record<Looked, string>>> = {
  clarity:
    ' Clear details: for each thing that the renders of a class vary (hair, eyes, mouth …), how probable the value is that the judge thinks likeliest.',
  shift:
    ' Shift of details: how far the shares of these values are from those of renders, 0 % for none; it falls with the number of images, too.',
}

function Note({ stored, looked }: { readonly stored: readonly StoredPoint[]; readonly looked: Looked }) {
  const counts = [...new Set(stored.map(({ images }) => images))]
  return (
    <Hint part="curve-note">
      Bars are 95 % intervals (jackknife over ten blocks of seeds); all points have the same seeds. A distance falls
      with the number of images, so compare points of as many.{MEANINGS[looked]}
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
  const stored = useStored(lab, curve) ?? []
  const [along, across] = curve?.axes ?? []
  if (!curve || !along) return null
  const under = underOf(stored, looked)
  return (
    <div className="mt-5 flex flex-col gap-3">
      <Looks
        part="curve-look"
        looks={LOOKS.filter((value) => value === 'against' || hasLook(value, points))}
        looked={looked}
        labelOf={(value) => lookOf(value, metricOf(curve.model)).label}
        onLook={setLooked}
        across={across}
      />
      <Picture {...{ curve, desk, state, points, looked, along, across, under, svg }} />
      <Note stored={isDistance(looked) ? stored.flat() : []} looked={looked} />
      <Numbers
        state={state}
        points={points}
        metric={metricOf(curve.model)}
        linkOf={liveLink}
        onRefine={(key) => desk.refine(key, MORE)}
      />
      <SaveSvg part="curve-svg" svg={svg} file="curve.svg" />
    </div>
  )
}
