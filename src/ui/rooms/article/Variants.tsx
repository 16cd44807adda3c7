/** Variants of one thing, each with its number, if it was measured, and its pictures. */
import { encodeLink } from '../../../settings'
import { verdictOf } from '../../method/measured'
import { Dot } from '../measured/Glyph'
import { VERDICTS } from '../measured/words'
import type { Evidence } from './evidence'
import { Paper } from './Paper'
import { Pictures } from './Pictures'
import type { Table } from './section'
import { nth, type Row, rowsOf, type Spot } from './spots'
import { imagesText, numberText } from './words'

/** What was measured, or that nothing was. */
export function Number({ spot, evidence: { model } }: { readonly spot: Spot; readonly evidence: Evidence }) {
  const { measured } = spot
  if (!measured) return <span className="block text-muted">Not measured</span>
  const verdict = verdictOf(measured.against)
  return (
    <>
      <span className="flex items-center gap-1.5">
        {verdict && <Dot verdict={verdict} />}
        <span translate="no">{numberText(measured, model)}</span>
      </span>
      <span className="block text-muted">
        {verdict && `${VERDICTS[verdict]}, `}
        {imagesText(measured)}
      </span>
    </>
  )
}

function Variant({ row: { label, spot }, evidence }: { readonly row: Row; readonly evidence: Evidence }) {
  const { model } = evidence
  return (
    <li className="flex items-start justify-between gap-3 border-t border-line py-1.5">
      {spot ? (
        <>
          <div className="min-w-0">
            <a className="link text-label" href={`#${encodeLink(nth(spot.settings, 0, model), model)}`}>
              {label}
            </a>
            <div className="mt-0.5">
              <Number spot={spot} evidence={evidence} />
            </div>
          </div>
          <Pictures settings={spot.settings} model={model} name={label} />
        </>
      ) : (
        <span className="text-muted">{label}: this family has no network for it.</span>
      )}
    </li>
  )
}

interface VariantsProps {
  readonly figure: Table
  readonly evidence: Evidence
  /** Whether it has the width of two figures. */
  readonly wide: boolean
}

export function Variants({ figure, evidence, wide }: VariantsProps) {
  return (
    <>
      <p className="mt-1 mb-1 text-hint text-muted">{figure.of}</p>
      <ul className={`num grid gap-x-10 text-hint ${wide ? 'max-w-md xl:max-w-none xl:grid-cols-2' : 'max-w-md'}`}>
        {rowsOf(evidence, figure).map((row) => (
          <Variant key={row.label} row={row} evidence={evidence} />
        ))}
      </ul>
      <Paper figure={figure} worst={null} />
    </>
  )
}
