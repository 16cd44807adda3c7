/** A small plot of differences from no guidance, one line or several: intervals, a dot whose shape is the verdict, and each point a link. */
import { type MouseEvent, useRef } from 'react'
import { signed } from '../../../core/format'
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

/** So far apart labels under the axis can be told from each other. */
const APART = 20

/** Places of all lines, each once, without those whose labels would meet. */
function labelled(points: readonly ShapePoint[], { x }: Scales): readonly ShapePoint[] {
  const kept: ShapePoint[] = []
  for (const point of [...points].sort((a, b) => a.at - b.at)) {
    const last = kept.at(-1)
    if (!last || x(point.at) - x(last.at) >= APART) kept.push(point)
  }
  return kept
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
      {labelled(points, scales).map(({ at, label }) => (
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

/** What tells several lines apart, as SVG's `stroke-dasharray`: the first is whole. */
export const DASHES = ['none', '5 3', '1.5 3', '9 3 1.5 3'] as const

export const dashOf = (line: number): string => DASHES[line % DASHES.length] ?? 'none'

interface Looking {
  /** The point whose pictures are shown, if the plot has something to show of its points. */
  readonly seen?: ShapePoint | undefined
  readonly onSee?: (point: ShapePoint) => void
}

interface PointProps extends Looking {
  readonly point: ShapePoint
  readonly name: string
  readonly scales: Scales
  readonly href: string
}

/** By mouse and keyboard a point is seen before it is followed; a finger sees it first, and follows it when it comes again. */
function useLooking({ point, seen, onSee }: PointProps) {
  const before = useRef(true)
  if (!onSee) return {}
  const see = () => onSee(point)
  return {
    onFocus: see,
    onPointerEnter: ({ pointerType }: { readonly pointerType: string }) => pointerType !== 'touch' && see(),
    onPointerDown({ pointerType }: { readonly pointerType: string }) {
      before.current = pointerType !== 'touch' || seen === point
    },
    onClick(event: MouseEvent) {
      if (!before.current) event.preventDefault()
      before.current = true
      see()
    },
  }
}

function Point(props: PointProps) {
  const { point, name, scales, href, seen } = props
  const { at, against } = point
  const verdict = verdictOf(against) ?? 'same'
  const [x, y] = [scales.x(at), scales.y(against.value)]
  const margin = against.margin ?? 0
  const cut = against.value > scales.high
  return (
    <a
      href={href}
      className={COLOUR[verdict]}
      aria-label={`${name}: ${differenceText(against)}, ${VERDICTS[verdict]}. Take these settings`}
      {...useLooking(props)}
    >
      <title>{`${name}: ${differenceText(against)}, ${VERDICTS[verdict]}`}</title>
      <circle cx={x} cy={y} r="11" fill="transparent" />
      {seen === point && <circle cx={x} cy={y} r="8" fill="var(--band)" />}
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

interface LineProps {
  readonly points: readonly ShapePoint[]
  readonly scales: Scales
  readonly dash: string
}

/** A line as an SVG path: to where it is cut and from there, and none along the edge. Pure. */
export function wayOf(points: readonly ShapePoint[], { x, y, high }: Scales): string {
  const drawn = points.slice(1).map((point, i) => point.against.value <= high || points[i]!.against.value <= high)
  return points
    .map(({ at, against }, i) => {
      const step = drawn[i - 1] ? 'L' : 'M'
      return `${step}${x(at).toFixed(1)} ${y(against.value).toFixed(1)}`
    })
    .join('')
}

function Line({ points, scales, dash }: LineProps) {
  return <path d={wayOf(points, scales)} fill="none" stroke="var(--edge)" strokeWidth="1.25" strokeDasharray={dash} />
}

/** The numbers of what is beyond the edge, those of one place together. Outside the links, whose names say more. */
function Beyond({ points, scales }: { readonly points: readonly ShapePoint[]; readonly scales: Scales }) {
  const cut = points.filter(({ against }) => against.value > scales.high)
  return [...new Map(cut.map((point) => [point.at, point])).values()].map(({ at: place, against: last }) => (
    <text
      key={place}
      x={scales.x(place)}
      y={scales.y(scales.high) - 5}
      textAnchor="middle"
      fontSize="10"
      className={COLOUR[verdictOf(last) ?? 'same']}
      fill="currentColor"
      aria-hidden
    >
      {cut
        .filter(({ at }) => at === place)
        .map(({ against }) => signed(against.value, 1))
        .join(', ')}
    </text>
  ))
}

interface PlotProps extends Looking {
  readonly label: string
  readonly across: string
  readonly lines: readonly (readonly ShapePoint[])[]
  /** What a line is called, before the names of its points; nothing where there is one. */
  readonly names?: readonly string[]
  readonly linkOf: (point: ShapePoint) => string
}

export function Plot({ label, across, lines, names = [], linkOf, ...looking }: PlotProps) {
  const points = lines.flat()
  const scales = scalesOf(points)
  return (
    <svg
      viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
      className="num w-full max-w-md overflow-visible"
      role="group"
      aria-label={label}
    >
      <Axes points={points} scales={scales} across={across} />
      {lines.map((own, line) => (
        // Lines never change places.
        <Line key={line} points={own} scales={scales} dash={dashOf(line)} />
      ))}
      <Beyond points={points} scales={scales} />
      {lines.flatMap((own, line) =>
        own.map((point) => {
          const name = [names[line], point.name].filter(Boolean).join(', ')
          const props = { point, name, scales, href: linkOf(point) }
          return <Point key={`${line} ${point.at}`} {...props} {...looking} />
        }),
      )}
    </svg>
  )
}
