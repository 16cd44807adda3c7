/** One curve of the article or several, the pictures of the point that is looked at beneath them, and what came of it. */
import { useMemo, useState } from 'react'
import { encodeLink } from '../../../settings'
import { dashOf, Plot } from '../measured/Plot'
import { bestOf, FINDINGS, helps, type ShapePoint } from '../measured/shape'
import { differenceText } from '../measured/estimate'
import { list } from '../measured/words'
import { type Evidence, unguided } from './evidence'
import { linesFound } from './findings'
import { Paper } from './Paper'
import { Pictures } from './Pictures'
import { picturesOf } from './pictures'
import type { Line, Lines } from './section'
import { linesOf, nth } from './spots'
import { imagesOf } from './words'

interface CurvesProps {
  readonly figure: Lines
  readonly evidence: Evidence
}

/** The point where a person begins to look: the best that helps, or else the first that guides. */
function firstSeen(lines: readonly Line[]): ShapePoint | undefined {
  const points = lines.flatMap((line) => line.points)
  const helping = points.filter(helps)
  return helping.length > 0 ? bestOf(helping) : points.find(({ against }) => against.value !== 0)
}

interface SeenProps {
  readonly point: ShapePoint
  readonly line: string
  readonly evidence: Evidence
  readonly href: string
}

/** Pictures of a point under those of the same network and noise without guidance. */
function Seen({ point: { name, point, against }, line, evidence: { model }, href }: SeenProps) {
  const { settings } = point
  if (!picturesOf(settings, model)) return null
  return (
    <div
      data-part="seen"
      className="num mt-2 grid max-w-md grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 text-hint"
    >
      <p className="text-muted">No guidance</p>
      <Pictures settings={unguided(settings, model)} model={model} name="No guidance" />
      <p>
        <span className="block">{line}</span>
        <span className="block font-medium" translate="no">
          {name}: {differenceText(against)}
        </span>
        <a className="link" href={href} data-part="open-live">
          Open it live
        </a>
      </p>
      <Pictures settings={settings} model={model} name={`${line}, ${name}`} />
    </div>
  )
}

function Swatch({ line }: { readonly line: number }) {
  return (
    <svg viewBox="0 0 24 8" className="mr-1.5 inline-block h-2 w-6 text-ink" aria-hidden>
      <line x1="0" x2="24" y1="4" y2="4" stroke="currentColor" strokeWidth="1.5" strokeDasharray={dashOf(line)} />
    </svg>
  )
}

export function Curves({ figure, evidence }: CurvesProps) {
  const { model } = evidence
  // The point that is seen is one of these.
  const { drawn, missing } = useMemo(() => linesOf(evidence, figure), [evidence, figure])
  const [seen, setSeen] = useState(() => firstSeen(drawn))
  const { each, beside, worst } = linesFound(figure, drawn)
  const linkOf = ({ point }: ShapePoint) => `#${encodeLink(nth(point.settings, 0, model), model)}`
  const line = drawn.find(({ points }) => points.some((point) => point === seen))
  const several = drawn.length > 1
  return (
    <>
      {drawn.length > 0 && (
        <Plot
          label={figure.title}
          across={figure.shape.across}
          lines={drawn.map(({ points }) => points)}
          names={several ? drawn.map(({ label }) => label) : []}
          linkOf={linkOf}
          seen={seen}
          onSee={setSeen}
        />
      )}
      {seen && line && <Seen point={seen} line={line.label} evidence={evidence} href={linkOf(seen)} />}
      <Paper figure={figure} worst={worst}>
        {each.map(({ label, finding, sentence }, at) => (
          <p key={label}>
            {several && <Swatch line={at} />}
            {several && `${label}: `}
            {!figure.own && <strong className="font-medium text-ink">{FINDINGS[finding]}: </strong>}
            {sentence}
          </p>
        ))}
        {beside && (
          <p data-part="found">
            Beside each other: <strong className="font-medium text-ink">{FINDINGS[beside.finding]}</strong>:{' '}
            {beside.sentence}
          </p>
        )}
        {missing.length > 0 && <p data-part="missing">Not measured, so nothing is drawn: {list(missing)}.</p>}
        {drawn.length > 0 && (
          <p>
            {imagesOf(
              drawn.flatMap(({ points }) => points),
              evidence,
            )}
            .
          </p>
        )}
      </Paper>
    </>
  )
}
