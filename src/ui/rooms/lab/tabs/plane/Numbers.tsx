/** All numbers of the plane's curve as a table. */
import { numberText } from '../../plot/look'
import { NumbersTable } from '../../plot/NumbersTable'
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
  const heads = ['points', ...LOOKS.map((looked) => LOOK_OF[looked].label)]
  return (
    <NumbersTable part="plane-numbers" heads={heads} unseen={['what became of it']}>
      {places.map((place) => (
        <Row key={place.name} place={place} cloud={clouds[place.point?.key ?? '']} href={hrefOf(place)} />
      ))}
    </NumbersTable>
  )
}
