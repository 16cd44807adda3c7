/** Curves of the plane, where the density is known: they are drawn at once, since two thousand points take a blink. */
import { useEffect, useMemo, useRef, useState } from 'react'
import { axisLabel } from '../../../../../lab/axis'
import { settingsId } from '../../../../../lab/identity'
import { drawnOf } from '../../../../../lab/point'
import { Mixture } from '../../../../../plane/mixture'
import { encodeLink } from '../../../../../settings'
import type { Settings } from '../../../../../settings/types'
import { caption } from '../../../../../settings/words'
import { Hint } from '../../../../kit/Hint'
import { Progress } from '../../../../kit/Progress'
import { Segments } from '../../../../kit/Segments'
import { useOwned } from '../../../../kit/use-owned'
import { startWorkers } from '../../../plane/start-workers'
import { roomAddress } from '../../../rooms'
import mixtureFile from '../../../../../../models/plane/mixture.json'
import type { Point } from '../../judged/point'
import { bestOf, numberText, type Dot } from '../../plot/look'
import { Looks } from '../../plot/Looks'
import { Plot } from '../../plot/Plot'
import { SaveSvg } from '../../plot/SaveSvg'
import type { TabProps } from '../../tab'
import { useKept, useLab, useTabSeen } from '../../use-lab'
import { AxisFields } from '../curves/AxisFields'
import { axesRead, keysOf, placesOf, pointsOf, textFor, type Place } from '../curves/curve'
import { Cloud } from './Cloud'
import { createCloudWork, type CloudState, type CloudWork } from './cloud-work'
import { estimateOf, LOOK_OF, LOOKS, trueValue, type Looked } from './looks'
import { Numbers } from './Numbers'
import { COUNTS, MODEL, saidOf, wishOf, type PlaneWish } from './wish'

const TAB = 'plane'

const make = (): CloudWork =>
  createCloudWork({ workers: startWorkers(), mixture: new Mixture(mixtureFile), truth: mixtureFile.truth })

export default function PlaneTab({ lab }: TabProps) {
  const work = useOwned(make)
  return work && <Inside lab={lab} work={work} />
}

const linkOf = (settings: Settings) => roomAddress(TAB, encodeLink(settings, MODEL))
const hrefOf = ({ point }: Place) => (point ? linkOf(point.settings) : '#')
const pointsText = (count: number) => `${count.toLocaleString('en')} points`

function pointFor(settings: Settings): Point {
  const drawn = drawnOf(settings, MODEL)
  return { key: settingsId(drawn, MODEL), settings, drawn, model: MODEL }
}

interface FormProps {
  readonly wish: PlaneWish
  readonly fault: string | null
  readonly onChange: (wish: PlaneWish) => void
}

function Form({ wish, fault, onChange }: FormProps) {
  const { settings } = wish
  const keys = useMemo(() => keysOf(settings, MODEL), [settings])
  return (
    <form className="flex flex-col gap-2.5" data-part="plane-form" onSubmit={(event) => event.preventDefault()}>
      <AxisFields
        part="plane"
        keys={keys}
        value={wish}
        textOf={(key) => textFor(key, settings, MODEL)}
        onChange={(axes) => onChange({ ...wish, ...axes })}
      />
      <span className="flex items-center gap-2">
        <Segments
          part="plane-points"
          label="Points of each value"
          value={String(wish.points)}
          options={COUNTS.map((count) => ({ value: String(count), label: count.toLocaleString('en') }))}
          onChange={(count) => onChange({ ...wish, points: Number(count) })}
        />
        <span className="text-label text-muted">points a value</span>
      </span>
      <p role="status" className="text-hint text-alert" data-part="plane-fault">
        {fault}
      </p>
    </form>
  )
}

function dotsOf(
  places: readonly Place[],
  clouds: Readonly<Record<string, CloudState>>,
  looked: Looked,
): readonly Dot[] {
  return places.flatMap((place): Dot[] => {
    const key = place.point?.key ?? ''
    const measured = clouds[key]?.measured
    const estimate = measured && estimateOf(measured, looked)
    if (!estimate) return []
    return [{ place, key, href: hrefOf(place), of: pointsText(measured.points), estimate, beaten: null, leads: false }]
  })
}

function Seen({ dot, cloud }: { readonly dot: Dot; readonly cloud: CloudState }) {
  const { measured, ends } = cloud
  return (
    <div data-part="plane-seen" className="num flex flex-col gap-1.5 text-hint">
      <p className="text-label font-medium" translate="no">
        {dot.place.name}
      </p>
      <Cloud ends={ends} name={dot.place.name} />
      {measured &&
        LOOKS.map((looked) => {
          const estimate = estimateOf(measured, looked)
          return estimate && <p key={looked}>{`${LOOK_OF[looked].label} ${numberText(LOOK_OF[looked], estimate)}`}</p>
        })}
      <p className="text-muted">{dot.of}</p>
      <a className="link self-start" href={dot.href} data-part="plane-live">
        Open it on the plane
      </a>
    </div>
  )
}

interface DrawingProps {
  readonly wish: PlaneWish
  readonly axes: NonNullable<ReturnType<typeof axesRead>['axes']>
  readonly places: readonly Place[]
  readonly clouds: Readonly<Record<string, CloudState>>
}

function Drawing({ wish, axes, places, clouds }: DrawingProps) {
  const [looked, setLooked] = useState<Looked>('logLikelihood')
  const [chosen, setChosen] = useState<string | null>(null)
  const svg = useRef<SVGSVGElement>(null)
  const [along, across] = axes
  const look = LOOK_OF[looked]
  const dots = dotsOf(places, clouds, looked)
  const dot = dots.find(({ key }) => key === chosen) ?? bestOf(dots, look)
  const texts = along!.values
  const truth = { value: trueValue(mixtureFile.truth, wish.settings.class, looked), margin: null }
  return (
    <div className="mt-4 flex flex-col gap-3">
      <Looks
        part="plane-look"
        looks={LOOKS}
        looked={looked}
        labelOf={(value) => LOOK_OF[value].label}
        onLook={setLooked}
        across={across}
      />
      <div className="grid gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,54rem)_minmax(14rem,20rem)]">
        <Plot
          label={`${look.label} along ${axisLabel(along!.key)}`}
          across={axisLabel(along!.key)}
          look={look}
          texts={texts}
          lines={(across?.values ?? ['']).map((_, line) => dots.filter(({ place }) => place.at[1] === line))}
          stored={[texts.map((text) => ({ text, estimate: truth }))]}
          svg={svg}
          seen={dot?.key ?? null}
          onSee={setChosen}
        />
        {dot && <Seen dot={dot} cloud={clouds[dot.key]!} />}
      </div>
      <Hint part="plane-note">
        Bars are 95 % intervals (jackknife over ten blocks of points; of twigs, bootstrap over blocks); all values have
        the same noise. The grey line is what true points have. Log-likelihood: the mean of ln p, the exact log density
        of the class.
      </Hint>
      <Numbers places={places} clouds={clouds} hrefOf={hrefOf} />
      <SaveSvg part="plane-svg" svg={svg} file="plane.svg" />
    </div>
  )
}

function Inside({ lab, work }: TabProps & { readonly work: CloudWork }) {
  const said = useLab(lab, (state) => state.said[TAB])
  const wish = useMemo(() => wishOf(said ?? {}), [said])
  const { axes, why } = useMemo(() => axesRead(wish, wish.settings, MODEL), [wish])
  const places = useMemo(() => (axes ? placesOf(axes, wish.settings, MODEL, pointFor) : []), [axes, wish])
  const looked = useTabSeen()
  useEffect(() => {
    if (looked) void work.draw(pointsOf(places), wish.points)
    else work.stop()
  }, [work, looked, places, wish])
  const { clouds, busy } = useKept(work.store, (state) => state)
  const own = pointsOf(places).map(({ key }) => clouds[key])
  const done = own.reduce((sum, cloud) => sum + Math.min(cloud?.have ?? 0, wish.points), 0)
  return (
    <div className="max-w-[80rem]">
      <p className="num mb-3 text-label text-muted" data-part="plane-subject">
        {MODEL.name} · {caption(wish.settings, MODEL)}.{' '}
        <a className="link" href={linkOf(wish.settings)}>
          Change these on the plane
        </a>
      </p>
      <Form wish={wish} fault={why} onChange={(next) => lab.write(TAB, saidOf(next))} />
      <div data-part="plane-curve" data-busy={busy} className="h-4 max-w-xl">
        {busy && wish.points > COUNTS[0] && (
          <Progress label="Points of the curve" done={done} total={own.length * wish.points} />
        )}
      </div>
      {axes && <Drawing wish={wish} axes={axes} places={places} clouds={clouds} />}
    </div>
  )
}
