/** Two settings across and down: a table of places, those that were not measured named as such. */
import { encodeLink } from '../../../settings'
import type { Evidence } from './evidence'
import { type Reach, reachOf } from './Interval'
import { Found, Paper } from './Paper'
import { Pictures } from './Pictures'
import type { Plane } from './section'
import { cellsOf, judgedOf, nth, type Row } from './spots'
import { Number } from './Variants'

interface PlaceProps {
  readonly place: Row
  readonly evidence: Evidence
  readonly reach: Reach | null
}

function Place({ place: { label, spot }, evidence, reach }: PlaceProps) {
  const { model } = evidence
  if (!spot) return <td className="py-1.5 pr-2 sm:pr-3 text-muted">No such network</td>
  return (
    <td className="py-1.5 pr-2 sm:pr-3">
      <a
        className="block rounded-xs"
        href={`#${encodeLink(nth(spot.settings, 0, model), model)}`}
        aria-label={`${label}. Take these settings`}
        title="Take these settings"
      >
        <Pictures settings={spot.settings} model={model} name={label} narrow />
      </a>
      <Number spot={spot} evidence={evidence} reach={reach} />
    </td>
  )
}

export function TwoWays({ figure, evidence }: { readonly figure: Plane; readonly evidence: Evidence }) {
  const rows = cellsOf(evidence, figure)
  const reach = reachOf(rows.flatMap(({ cells }) => cells.map(({ spot }) => spot?.measured)))
  const found = figure.judge?.(rows.map(({ cells }) => cells.map(judgedOf))) ?? null
  return (
    <>
      <div
        role="region"
        aria-label={figure.title}
        tabIndex={0}
        className="relative mt-2 max-w-md overflow-x-auto xl:max-w-none"
      >
        <table className="num text-hint">
          <thead className="text-muted">
            <tr>
              <th scope="col" className="pr-2 sm:pr-3 text-left font-normal">
                <span className="sr-only">{figure.down}</span>
              </th>
              <th scope="colgroup" colSpan={figure.columns(evidence.model).length} className="text-left font-normal">
                {figure.across}
              </th>
            </tr>
            <tr>
              <th scope="col" className="pr-2 pb-1 sm:w-20 sm:pr-3 text-left align-bottom font-normal">
                {figure.down}
              </th>
              {figure.columns(evidence.model).map(({ label }) => (
                <th key={label} scope="col" className="pr-2 sm:pr-3 pb-1 text-left align-bottom font-normal">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ label, cells }) => (
              <tr key={label} className="border-t border-line align-top">
                <th scope="row" className="py-1.5 pr-2 sm:pr-3 text-left font-normal">
                  {label}
                </th>
                {cells.map((place) => (
                  <Place key={place.label} place={place} evidence={evidence} reach={reach} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Paper figure={figure} worst={found?.finding ?? null}>
        {found && <Found {...found} />}
      </Paper>
    </>
  )
}
