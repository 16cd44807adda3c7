/** The drawing of a curve: intervals, a mark for each point that says how it stands, and each point a link that opens it live. */
import { type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { fixed, signed } from '../../../../../core/format'
import type { Estimate } from '../../../../../evaluation/metrics'
import { dashOf } from '../../../measured/Plot'
import { PointMark, type Frame, type Looking } from './Marks'
import { acrossOf, apart, upOf, type Up } from './scales'
import type { Dot, Looked } from './view'

export interface Stored {
  readonly text: string
  readonly estimate: Estimate
}

interface PlotProps extends Looking {
  readonly label: string
  /** Under the axis, and beside it. */
  readonly across: string
  readonly up: string
  readonly looked: Looked
  readonly texts: readonly string[]
  /** A list for each line. */
  readonly lines: readonly (readonly Dot[])[]
  readonly stored: readonly (readonly Stored[])[]
  readonly linkOf: (dot: Dot) => string
  readonly svg: RefObject<SVGSVGElement | null>
}

/** As wide as there is room, so that its text stays as large as other text. */
function useWidth(): readonly [RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(640)
  useLayoutEffect(() => {
    const { current } = box
    if (!current) return
    const observer = new ResizeObserver(() => setWidth(Math.max(240, Math.min(860, current.clientWidth))))
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  return [box, width]
}

function frameOf(width: number, { texts, lines, stored, looked }: PlotProps): Frame {
  const box = { width, height: width < 480 ? 260 : 320, left: 46, right: 18, top: 22, bottom: 44 }
  const shares = looked !== 'frechet' && looked !== 'against'
  const estimates = [...lines.flat(), ...stored.flat()].map(({ estimate }) => estimate)
  const up = upOf(estimates.length > 0 ? estimates : [{ value: 0, margin: 1 }], !shares)
  const across = acrossOf(texts)
  const inner = { width: box.width - box.left - box.right - 24, height: box.height - box.top - box.bottom }
  return {
    box,
    across,
    up,
    x: (text) => {
      const share = across.of(text)
      return share === null ? null : box.left + 12 + share * inner.width
    },
    y: (value) =>
      box.top + ((up.high - Math.max(up.low, Math.min(up.high, value))) / (up.high - up.low)) * inner.height,
  }
}

function tickText(value: number, { ticks }: Up, looked: Looked): string {
  const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0)) || 1
  const share = looked !== 'frechet' && looked !== 'against'
  const digits = Math.max(0, -Math.floor(Math.log10(share ? 100 * step : step) + 1e-9))
  if (looked === 'against' && value !== 0) return signed(value, digits)
  return fixed(share ? 100 * value : value, digits)
}

function Axes({ frame, props }: { readonly frame: Frame; readonly props: PlotProps }) {
  const { box, up, x, y } = frame
  const { texts, across, looked } = props
  const labels = texts.flatMap((text) => {
    const at = x(text)
    const shown = text === 'inf' ? '∞' : text.replaceAll('_', '–')
    return at === null ? [] : [{ x: at, width: 6.6 * shown.length, shown, text }]
  })
  return (
    <g fontSize="11" fill="var(--muted)">
      {up.ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={box.left}
            x2={box.width - box.right}
            y1={y(tick)}
            y2={y(tick)}
            stroke={looked === 'against' && tick === 0 ? 'var(--edge)' : 'var(--line)'}
          />
          <text x={box.left - 6} y={y(tick) + 4} textAnchor="end">
            {tickText(tick, up, looked)}
          </text>
        </g>
      ))}
      {apart(labels).map(({ x: at, shown, text }) => (
        <text key={text} x={at} y={box.height - box.bottom + 16} textAnchor="middle">
          {shown}
        </text>
      ))}
      <text x={box.left} y={10}>
        {props.up}
      </text>
      <text x={(box.left + box.width - box.right) / 2} y={box.height - 6} textAnchor="middle">
        {across}
        {frame.across.kind === 'log' ? ', logarithmic' : ''}
      </text>
    </g>
  )
}

/** From point to point; not along the edge where both are beyond it. */
function wayOf(points: readonly { readonly x: number; readonly value: number }[], { y, up }: Frame): string {
  return points
    .map(({ x, value }, i) => {
      const before = points[i - 1]
      const drawn = before && (value <= up.high || before.value <= up.high)
      return `${drawn ? 'L' : 'M'}${x.toFixed(1)} ${y(value).toFixed(1)}`
    })
    .join('')
}

function StoredLine({ points, frame }: { readonly points: readonly Stored[]; readonly frame: Frame }) {
  const { x, y } = frame
  const placed = points
    .flatMap(({ text, estimate }) => {
      const at = x(text)
      return at === null ? [] : [{ x: at, text, value: estimate.value, margin: estimate.margin ?? 0 }]
    })
    .sort((a, b) => a.x - b.x)
  return (
    <g stroke="var(--edge)" fill="none" opacity="0.6" aria-hidden>
      <path d={wayOf(placed, frame)} strokeWidth="1" />
      {placed.map(({ x: at, text, value, margin }) => (
        <g key={text}>
          <line x1={at} x2={at} y1={y(value - margin)} y2={y(value + margin)} strokeWidth="5" opacity="0.45" />
          <circle cx={at} cy={y(value)} r="2" fill="var(--edge)" stroke="none" />
        </g>
      ))}
    </g>
  )
}

/** The numbers of what lies beyond the edge. */
function Beyond({
  dots,
  frame,
  looked,
}: {
  readonly dots: readonly Dot[]
  readonly frame: Frame
  readonly looked: Looked
}) {
  return dots
    .filter(({ estimate }) => estimate.value > frame.up.high)
    .map(({ key, place, estimate }) => (
      <text
        key={`${key} ${place.name}`}
        x={frame.x(place.text) ?? 0}
        y={frame.box.top - 3}
        textAnchor="middle"
        fontSize="11"
        fill="var(--muted)"
        aria-hidden
      >
        {looked === 'against' ? signed(estimate.value, 1) : fixed(estimate.value, 1)}
      </text>
    ))
}

export function Plot(props: PlotProps) {
  const { label, looked, lines, stored, linkOf, seen, onSee, svg } = props
  const [box, width] = useWidth()
  const frame = frameOf(width, props)
  return (
    <div ref={box} className="min-w-0">
      <svg
        ref={svg}
        width={width}
        height={frame.box.height}
        viewBox={`0 0 ${width} ${frame.box.height}`}
        className="num overflow-visible"
        role="group"
        aria-label={label}
        data-part="curve-plot"
      >
        <Axes frame={frame} props={props} />
        {stored.map((points, line) => (
          // Lines never change places.
          <StoredLine key={line} points={points} frame={frame} />
        ))}
        {lines.map((dots, line) => (
          <path
            key={line}
            d={wayOf(
              dots.map(({ place, estimate }) => ({ x: frame.x(place.text) ?? 0, value: estimate.value })),
              frame,
            )}
            fill="none"
            stroke="var(--edge)"
            strokeWidth="1.25"
            strokeDasharray={dashOf(line)}
          />
        ))}
        <Beyond dots={lines.flat()} frame={frame} looked={looked} />
        {lines.flat().map((dot) => (
          <PointMark key={`${dot.key} ${dot.place.name}`} {...{ dot, frame, looked, seen, onSee }} href={linkOf(dot)} />
        ))}
      </svg>
    </div>
  )
}
