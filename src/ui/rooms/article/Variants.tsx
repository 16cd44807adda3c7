/** Variants of one thing, each with its number, if it was measured, and its pictures. */
import { encodeLink } from '../../../settings'
import { verdictOf } from '../../method/measured'
import { Dot } from '../measured/Glyph'
import { VERDICTS } from '../measured/words'
import type { Evidence } from './evidence'
import { Interval, type Reach, reachOf } from './Interval'
import { Found, Paper } from './Paper'
import { Pictures } from './Pictures'
import type { Table } from './section'
import { judgedOf, nth, type Row, rowsOf, type Spot } from './spots'
import { imagesText, numberText } from './words'

interface NumberProps {
  readonly spot: Spot
  readonly evidence: Evidence
  /** Of all that it is compared with by eye. */
  readonly reach: Reach | null
}

/** What was measured, or that nothing was. */
export function Number({ spot, evidence: { model }, reach }: NumberProps) {
  const { measured } = spot
  if (!measured) return <span className="block text-muted">Not measured</span>
  const verdict = verdictOf(measured.against)
  return (
    <>
      <span className="flex items-center gap-1.5 whitespace-nowrap">
        {verdict && <Dot verdict={verdict} />}
        <span translate="no">{numberText(measured, model)}</span>
      </span>
      <span className="block text-muted">
        {verdict && `${VERDICTS[verdict]}, `}
        {imagesText(measured)}
      </span>
      {reach && <Interval measured={measured} reach={reach} />}
    </>
  )
}

interface VariantProps {
  readonly row: Row
  readonly evidence: Evidence
  readonly reach: Reach | null
}

function Variant({ row: { label, spot }, evidence, reach }: VariantProps) {
  const { model } = evidence
  return (
    <li className="flex items-start justify-between gap-3 border-t border-line py-1.5">
      {spot ? (
        <>
          <div className="min-w-0 grow">
            <a className="link text-label" href={`#${encodeLink(nth(spot.settings, 0, model), model)}`}>
              {label}
            </a>
            <div className="mt-0.5">
              <Number spot={spot} evidence={evidence} reach={reach} />
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
  const rows = rowsOf(evidence, figure)
  const reach = reachOf(rows.map(({ spot }) => spot?.measured))
  const found = figure.judge?.(rows.map(judgedOf)) ?? null
  return (
    <>
      <p className="mt-1 mb-1 text-hint text-muted">{figure.of}</p>
      <ul className={`num grid gap-x-10 text-hint ${wide ? 'max-w-md xl:max-w-none xl:grid-cols-2' : 'max-w-md'}`}>
        {rows.map((row) => (
          <Variant key={row.label} row={row} evidence={evidence} reach={reach} />
        ))}
      </ul>
      <Paper figure={figure} worst={found?.finding ?? null}>
        {found && <Found {...found} />}
      </Paper>
    </>
  )
}
