/** All numbers of the plane's curve as a table. */
import { numberText } from '../../plot/look'
import type { Place } from '../curves/curve'
import type { CloudState } from './cloud-work'
import { estimateOf, LOOK_OF, LOOKS } from './looks'

interface NumbersProps {
  readonly places: readonly Place[]
  readonly clouds: Readonly<Record<string, CloudState>>
  readonly hrefOf: (place: Place) => string
}

const LEFT = 'the points left all bounds'

function Row({
  place,
  cloud,
  href,
}: {
  readonly place: Place
  readonly cloud: CloudState | undefined
  readonly href: string
}) {
  const measured = cloud?.measured
  const estimates = LOOKS.map((looked) => measured && estimateOf(measured, looked))
  const gone = measured && estimates.includes(null) ? LEFT : ''
  return (
    <tr className="border-t border-line">
      <th scope="row" className="py-1 text-left font-normal whitespace-nowrap" translate="no">
        {place.point ? (
          <a className="link" href={href}>
            {place.name}
          </a>
        ) : (
          place.name
        )}
      </th>
      <td className="pl-5 text-right" translate="no">
        {cloud?.have.toLocaleString('en') ?? '–'}
      </td>
      {estimates.map((estimate, i) => (
        <td key={LOOKS[i]} className="py-1 pl-5 text-right whitespace-nowrap" translate="no">
          {estimate ? numberText(LOOK_OF[LOOKS[i]!], estimate) : <span className="text-muted">–</span>}
        </td>
      ))}
      <td className="max-w-72 pl-5 text-muted">{place.why ?? cloud?.failure ?? gone}</td>
    </tr>
  )
}

export function Numbers({ places, clouds, hrefOf }: NumbersProps) {
  return (
    <div className="relative overflow-x-auto" role="group" aria-label="Numbers of the curve" tabIndex={0}>
      <table data-part="plane-numbers" className="num text-hint">
        <caption className="sr-only">Numbers of the curve, with 95 % intervals</caption>
        <thead>
          <tr className="text-muted">
            <th scope="col" className="pb-1 text-left font-normal">
              settings
            </th>
            {['points', ...LOOKS.map((looked) => LOOK_OF[looked].label)].map((head) => (
              <th key={head} scope="col" className="pb-1 pl-5 text-right font-normal whitespace-nowrap">
                {head}
              </th>
            ))}
            <th scope="col" className="pl-5 text-left font-normal">
              <span className="sr-only">what became of it</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {places.map((place) => (
            <Row key={place.name} place={place} cloud={clouds[place.point?.key ?? '']} href={hrefOf(place)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}
