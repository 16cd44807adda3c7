/** A small line plot of differences from no guidance: intervals, a dot whose shape is the verdict, and each point a link. */
import { signed } from '../../kit/format'
import { verdictOf } from '../../method/measured'
import { differenceText } from './estimate'
import { COLOUR, Glyph } from './Glyph'
import type { ShapePoint } from './shape'
import { ticksBetween } from './ticks'
import { VERDICTS } from './words'

const SIZE = { width: 320, height: 160, left: 34, right: 14, top: 18, bottom: 34 }
/** So much worse than no guidance is always shown, as a share of its distance. */
const SHARE = 0.2

interface Scales {
  readonly x: (at: number) => number
  /** Held inside the plot. */
  readonly y: (value: number) => number
  readonly high: number
  readonly ticks: readonly number[]
}

/** The part of the values where guidance helps decides the height: what is far worse is cut, and told as a number. Pure. */
export function scalesOf(points: readonly ShapePoint[]): Scales {
  const margin = ({ against }: ShapePoint) => against.margin ?? 0
  const low = Math.min(-0.2, ...points.map((point) => point.against.value - margin(point)))
  const top = Math.max(0.2, ...points.map((point) => point.against.value + margin(point)))
  const unguided = Math.max(...points.map(({ point, against }) => point.frechet.value - against.value))
  const high = Math.min(top, Math.max(1.5 * -low, SHARE * unguided))
  const places = points.map(({ at }) => at)
  const [first, last] = [Math.min(...places), Math.max(...places)]
  const across = SIZE.width - SIZE.left - SIZE.right
  const height = SIZE.height - SIZE.top - SIZE.bottom
  return {
    x: (at) => SIZE.left + ((at - first) / (last - first || 1)) * across,
    y: (value) => SIZE.top + ((high - Math.max(low, Math.min(high, value))) / (high - low)) * height,
    high,
    ticks: ticksBetween(low, high),
  }
}

function Axes({
  points,
  scales,
  across,
}: {
  readonly points: readonly ShapePoint[]
  readonly scales: Scales
  readonly across: string
}) {
  const foot = SIZE.height - SIZE.bottom
  return (
    <g fontSize="10" fill="var(--muted)">
      {scales.ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={SIZE.left}
            x2={SIZE.width - SIZE.right}
            y1={scales.y(tick)}
            y2={scales.y(tick)}
            stroke={Math.abs(tick) < 1e-9 ? 'var(--edge)' : 'var(--line)'}
          />
          <text x={SIZE.left - 5} y={scales.y(tick) + 3.5} textAnchor="end">
            {Math.abs(tick) < 1e-9 ? '0' : signed(tick, 1)}
          </text>
        </g>
      ))}
      {points.map(({ at, label }) => (
        <text key={at} x={scales.x(at)} y={foot + 13} textAnchor="middle">
          {label}
        </text>
      ))}
      <text x={(SIZE.left + SIZE.width - SIZE.right) / 2} y={SIZE.height - 4} textAnchor="middle">
        {across}
      </text>
    </g>
  )
}

function Point({
  point,
  scales,
  href,
}: {
  readonly point: ShapePoint
  readonly scales: Scales
  readonly href: string
}) {
  const { at, name, against } = point
  const verdict = verdictOf(against) ?? 'same'
  const [x, y] = [scales.x(at), scales.y(against.value)]
  const margin = against.margin ?? 0
  const cut = against.value > scales.high
  return (
    <a
      href={href}
      className={COLOUR[verdict]}
      aria-label={`${name}: ${differenceText(against)}, ${VERDICTS[verdict]}. Take these settings`}
    >
      <title>{`${name}: ${differenceText(against)}, ${VERDICTS[verdict]}`}</title>
      <circle cx={x} cy={y} r="11" fill="transparent" />
      <line
        x1={x}
        x2={x}
        y1={scales.y(against.value - margin)}
        y2={scales.y(against.value + margin)}
        stroke="currentColor"
        strokeWidth="1.25"
      />
      {cut ? (
        <path d={`M${x - 4} ${y + 6}L${x} ${y - 1}L${x + 4} ${y + 6}z`} fill="currentColor" />
      ) : (
        <Glyph verdict={verdict} transform={`translate(${x} ${y}) scale(0.9)`} />
      )}
    </a>
  )
}

interface PlotProps {
  readonly label: string
  readonly across: string
  readonly points: readonly ShapePoint[]
  readonly linkOf: (point: ShapePoint) => string
}

export function Plot({ label, across, points, linkOf }: PlotProps) {
  const scales = scalesOf(points)
  // A line to where it is cut, and none along the edge.
  const end = points.findIndex(({ against }) => against.value > scales.high)
  const way = points
    .slice(0, end < 0 ? undefined : end + 1)
    .map(({ at, against }) => `${scales.x(at).toFixed(1)},${scales.y(against.value).toFixed(1)}`)
  return (
    <svg
      viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
      className="num w-full max-w-md overflow-visible"
      role="group"
      aria-label={label}
    >
      <Axes points={points} scales={scales} across={across} />
      <polyline points={way.join(' ')} fill="none" stroke="var(--edge)" strokeWidth="1.25" />
      {/* Outside the links, whose names say more. */}
      {points
        .filter(({ against }) => against.value > scales.high)
        .map(({ at, against }) => (
          <text
            key={at}
            x={scales.x(at)}
            y={scales.y(against.value) - 5}
            textAnchor="middle"
            fontSize="10"
            className={COLOUR[verdictOf(against) ?? 'same']}
            fill="currentColor"
            aria-hidden
          >
            {signed(against.value, 1)}
          </text>
        ))}
      {points.map((point) => (
        <Point key={point.at} point={point} scales={scales} href={linkOf(point)} />
      ))}
    </svg>
  )
}
