/** The drawing of a curve: intervals, a mark for each point that says how it stands, and each point a link that opens it live. */
import { type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { fixed, signed } from '../../../../core/format'
import type { Estimate } from '../../../../evaluation/metrics'
import { dashOf } from '../../measured/Plot'
import type { Dot, Look } from './look'
import { PointMark, type Frame, type Looking } from './Marks'
import { acrossOf, apart, beyond, upOf, type Up } from './scales'

export interface Stored {
  readonly text: string
  readonly estimate: Estimate
}

interface PlotProps extends Looking {
  readonly label: string
  /** Under the axis. */
  readonly across: string
  readonly look: Look
  readonly texts: readonly string[]
  /** A list for each line. */
  readonly lines: readonly (readonly Dot[])[]
  readonly stored: readonly (readonly Stored[])[]
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

function frameOf(width: number, { texts, lines, stored, look }: PlotProps): Frame {
  const box = { width, height: width < 480 ? 260 : 320, left: 46, right: 18, top: 22, bottom: 44 }
  const estimates = [...lines.flat(), ...stored.flat()].map(({ estimate }) => estimate)
  const up = upOf(estimates.length > 0 ? estimates : [{ value: 0, margin: 1 }], look)
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

function tickText(value: number, { ticks }: Up, { share, signed: difference }: Look): string {
  const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0)) || 1
  const digits = Math.max(0, -Math.floor(Math.log10(share ? 100 * step : step) + 1e-9))
  if (difference && value !== 0) return signed(value, digits)
  return fixed(share ? 100 * value : value, digits)
}

function Axes({ frame, props }: { readonly frame: Frame; readonly props: PlotProps }) {
  const { box, up, x, y } = frame
  const { texts, across, look } = props
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
            stroke={look.signed && tick === 0 ? 'var(--edge)' : 'var(--line)'}
          />
          <text x={box.left - 6} y={y(tick) + 4} textAnchor="end">
            {tickText(tick, up, look)}
          </text>
        </g>
      ))}
      {apart(labels).map(({ x: at, shown, text }) => (
        <text key={text} x={at} y={box.height - box.bottom + 16} textAnchor="middle">
          {shown}
        </text>
      ))}
      <text x={box.left} y={10}>
        {look.up}
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
      const drawn = before && (beyond(value, up) === null || beyond(before.value, up) === null)
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

interface BeyondProps {
  readonly dots: readonly Dot[]
  readonly frame: Frame
  readonly look: Look
}

/** The numbers of what lies beyond an edge. */
function Beyond({ dots, frame: { box, up, x }, look }: BeyondProps) {
  return dots.flatMap(({ key, place, estimate: { value } }) => {
    const side = beyond(value, up)
    if (side === null) return []
    return (
      <text
        key={`${key} ${place.name}`}
        x={x(place.text) ?? 0}
        y={side === 'above' ? box.top - 3 : box.height - box.bottom - 12}
        textAnchor="middle"
        fontSize="11"
        fill="var(--muted)"
        aria-hidden
      >
        {look.signed ? signed(value, 1) : fixed(value, 1)}
      </text>
    )
  })
}

export function Plot(props: PlotProps) {
  const { label, look, lines, stored, seen, onSee, svg } = props
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
        <Beyond dots={lines.flat()} frame={frame} look={look} />
        {lines.flat().map((dot) => (
          <PointMark key={`${dot.key} ${dot.place.name}`} {...{ dot, frame, look, seen, onSee }} />
        ))}
      </svg>
    </div>
  )
}
