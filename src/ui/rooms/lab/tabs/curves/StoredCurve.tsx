/** What stands before anything is drawn: the curve that was measured of the same settings before the model was shipped. */
import { useMemo, useRef, useState } from 'react'
import { axisLabel } from '../../../../../lab/axis'
import { encodeLink } from '../../../../../settings'
import type { ModelInfo } from '../../../../../model/types'
import type { Settings } from '../../../../../settings/types'
import { Hint } from '../../../../kit/Hint'
import { list } from '../../../measured/words'
import { imageOf } from '../../judged/point'
import type { Lab } from '../../lab'
import type { Dot } from '../../plot/look'
import { Looks } from '../../plot/Looks'
import { Plot } from '../../plot/Plot'
import { axesRead, curveOf, placeName, type Curve, type Wish } from './curve'
import type { StoredPoint } from './stored'
import { useStored } from './use-stored'
import { lookOf, metricOf } from './view'

const LOOKS = ['against', 'frechet'] as const
type Looked = (typeof LOOKS)[number]

interface StoredCurveProps {
  readonly lab: Lab
  readonly wish: Wish
  readonly settings: Settings
  readonly model: ModelInfo
}

/** The curve that would be drawn; null while its axes can't be read. Nothing is drawn of it, so no judge has to be known. */
const meant = (wish: Wish, settings: Settings, model: ModelInfo): Curve | null =>
  axesRead(wish, settings, model).axes && curveOf(wish, settings, model, '')

function dotsOf(stored: readonly StoredPoint[], line: number, { model, axes }: Curve, looked: Looked): readonly Dot[] {
  const [along, across] = axes
  return stored.flatMap(({ text, images, settings, ...told }): Dot[] => {
    const estimate = told[looked]
    const lines = across?.values[line]
    const values = { [along!.key]: text, ...(across && lines !== undefined && { [across.key]: lines }) }
    const place = { name: placeName(values), text, at: [0, line] as const }
    const href = `#${encodeLink(imageOf({ settings, model }, 0), model)}`
    return estimate
      ? [{ place, key: place.name, href, of: `${images} images`, estimate, beaten: null, leads: false }]
      : []
  })
}

export function StoredCurve({ lab, wish, settings, model }: StoredCurveProps) {
  const curve = useMemo(() => meant(wish, settings, model), [wish, settings, model])
  const stored = useStored(lab, curve)
  const [looked, setLooked] = useState<Looked>('against')
  const [seen, setSeen] = useState<string | null>(null)
  const svg = useRef<SVGSVGElement>(null)
  const [along, across] = curve?.axes ?? []
  if (!curve || !along || stored === null) return null
  const metric = metricOf(curve.model)
  const look = lookOf(looked, metric)
  const lines = stored.map((points, line) => dotsOf(points, line, curve, looked))
  const counts = [...new Set(stored.flat().map(({ images }) => String(images)))]
  if (counts.length === 0) {
    return (
      <Hint part="curve-none" className="mt-5 max-w-[48rem]">
        Nothing is drawn yet, and nothing was measured of these settings along {axisLabel(along.key)} before the model
        was shipped. Draw it above: first numbers come with 20 images a point.
      </Hint>
    )
  }
  // Drawn on the values that were measured: those that are wanted may be others.
  const texts = [...new Set(stored.flat().map(({ text }) => text))]
  return (
    <section aria-labelledby="stored-heading" data-part="curve-stored" className="mt-5 flex flex-col gap-3">
      <div>
        <h2 id="stored-heading" className="font-medium">
          Stored curve
        </h2>
        <Hint className="max-w-[54rem]">
          Measured before the model was shipped, with {list(counts)} images a point; bars are 95 % intervals. What you
          draw above is laid over it.
        </Hint>
      </div>
      <Looks
        part="curve-look"
        looks={LOOKS}
        looked={looked}
        labelOf={(value) => lookOf(value, metric).label}
        onLook={setLooked}
        across={across}
      />
      <Plot
        label={`Stored: ${look.label} along ${axisLabel(along.key)}`}
        across={axisLabel(along.key)}
        look={look}
        texts={texts}
        lines={lines}
        stored={[]}
        svg={svg}
        seen={seen}
        onSee={setSeen}
      />
    </section>
  )
}
