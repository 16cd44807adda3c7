/** Axes on which a curve is drawn. A slider to those who use keys: along it left and right, its height up and down. */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { KNOTS, partOf, places, type Point } from '../../../lesson'
import { plain } from '../../../core/format'

export interface Frame {
  readonly along: string
  readonly of: string
  readonly from: number
  readonly to: number
  readonly low: number
  readonly high: number
}

const SIZE = { width: 300, height: 180, left: 30, right: 8, top: 18, bottom: 32 }
const FOOT = SIZE.height - SIZE.bottom
const ACROSS = SIZE.width - SIZE.left - SIZE.right

const xOf = (share: number) => SIZE.left + share * ACROSS
const yOf = ({ low, high }: Frame, value: number) =>
  FOOT - ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * (FOOT - SIZE.top)

const short = (value: number) => plain(Number(value.toPrecision(3)))

function Axes({ frame }: { readonly frame: Frame }) {
  const { from, to, low, high } = frame
  const middle = (a: number, b: number) => (a + b) / 2
  return (
    <g fontSize="10" fill="var(--muted)">
      {[low, middle(low, high), high].map((value) => (
        <g key={value}>
          <line
            x1={SIZE.left}
            x2={SIZE.width - SIZE.right}
            y1={yOf(frame, value)}
            y2={yOf(frame, value)}
            stroke={value === low ? 'var(--edge)' : 'var(--line)'}
          />
          <text x={SIZE.left - 5} y={yOf(frame, value) + 3.5} textAnchor="end">
            {short(value)}
          </text>
        </g>
      ))}
      {[from, middle(from, to), to].map((value, i) => (
        <text key={value} x={xOf(i / 2)} y={FOOT + 13} textAnchor={i === 2 ? 'end' : 'middle'}>
          {short(value)}
        </text>
      ))}
      <text x={SIZE.left} y={10}>
        {frame.of}
      </text>
      <text x={SIZE.left + ACROSS / 2} y={SIZE.height - 4} textAnchor="middle">
        {frame.along}
      </text>
    </g>
  )
}

const pathOf = (points: readonly (readonly [number, number])[]) =>
  points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')

/** The part of a measured curve that lies between the ends. */
function Truth({ frame, points }: { readonly frame: Frame; readonly points: readonly Point[] }) {
  const share = (x: number) => (x - frame.from) / (frame.to - frame.from)
  const inside = points.filter(([x]) => share(x) >= -1e-9 && share(x) <= 1 + 1e-9)
  const seen = ([x, y]: Point) => [xOf(share(x)), yOf(frame, y)] as const
  const at = partOf(points, frame.from, frame.to).map(seen)
  return (
    <g data-part="lesson-measured">
      <polyline points={pathOf(at)} fill="none" stroke="var(--positive)" strokeWidth="1.75" />
      {inside.map(seen).map(([x, y]) => (
        <circle key={x} cx={x} cy={y} r="3" fill="var(--positive)" />
      ))}
      {at.length > 0 && (
        <text x={at.at(-1)![0]} y={at.at(-1)![1] - 7} textAnchor="end" fontSize="10" fill="var(--positive)">
          measured
        </text>
      )}
    </g>
  )
}

/** Heights after a stroke from one place to another, both as share along and height. */
function stroked(heights: readonly number[], a: readonly [number, number], b: readonly [number, number]) {
  const [[from, low], [to, high]] = a[0] <= b[0] ? [a, b] : [b, a]
  const last = KNOTS - 1
  return heights.map((height, i) => {
    const share = i / last
    if (Math.abs(share - b[0]) <= 0.5 / last) return b[1]
    if (share < from || share > to || from === to) return height
    return low + ((high - low) * (share - from)) / (to - from)
  })
}

interface PadProps {
  readonly frame: Frame
  readonly label: string
  readonly heights: readonly number[]
  /** Whether anything was drawn. */
  readonly begun: boolean
  readonly measured: readonly Point[] | null
  /** Null where it is final. */
  readonly onDraw: ((heights: readonly number[]) => void) | null
}

const held = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))

/** Draws as the pointer goes. */
function useHand({ frame: { low, high }, heights, begun, onDraw }: PadProps) {
  /** Where the stroke is and what it has drawn: the pointer may go on before that is shown. */
  const stroke = useRef<{ readonly at: readonly [number, number]; readonly drawn: readonly number[] } | null>(null)

  function placeOf({ clientX, clientY, currentTarget }: PointerEvent<SVGSVGElement>): readonly [number, number] {
    const box = currentTarget.getBoundingClientRect()
    const zoom = SIZE.width / box.width
    const share = ((clientX - box.left) * zoom - SIZE.left) / ACROSS
    const up = (FOOT - (clientY - box.top) * zoom) / (FOOT - SIZE.top)
    return [held(share, 0, 1), low + held(up, 0, 1) * (high - low)]
  }

  function drag(event: PointerEvent<SVGSVGElement>) {
    if (!onDraw || (event.type === 'pointermove' && stroke.current === null)) return
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId)
    const now = placeOf(event)
    // The first touch of an empty sheet puts all of it there.
    const base = stroke.current?.drawn ?? (begun ? heights : heights.map(() => now[1]))
    const drawn = stroked(base, stroke.current?.at ?? now, now)
    stroke.current = { at: now, drawn }
    onDraw(drawn)
  }

  const rest = () => void (stroke.current = null)
  return { onPointerDown: drag, onPointerMove: drag, onPointerUp: rest, onPointerCancel: rest }
}

/** Goes along the curve by keys, and moves it where one is. */
function useKeys({ frame: { low, high }, heights, onDraw }: PadProps) {
  const [knot, setKnot] = useState(0)
  function press(event: KeyboardEvent) {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0
    const up = { ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[event.key] ?? 0
    if (!onDraw || (way === 0 && up === 0)) return
    event.preventDefault()
    setKnot(held(knot + way, 0, KNOTS - 1))
    const moved = held(heights[knot]! + (up * (high - low)) / 40, low, high)
    if (up !== 0) onDraw(heights.map((height, i) => (i === knot ? moved : height)))
  }
  return { knot, press }
}

/** The axes, the drawn curve, and what was measured. */
function Drawing({ frame, heights, begun, measured }: PadProps) {
  const at = heights.map((height, i) => [xOf(i / (KNOTS - 1)), yOf(frame, height)] as const)
  const [firstX, firstY] = at[0]!
  return (
    <>
      <Axes frame={frame} />
      <polyline
        points={pathOf(at)}
        fill="none"
        stroke={begun ? 'var(--ink)' : 'var(--edge)'}
        strokeWidth="1.75"
        {...(!begun && { strokeDasharray: '4 4' })}
      />
      {measured && <Truth frame={frame} points={measured} />}
      {measured && (
        <text x={firstX + 4} y={firstY - 6} fontSize="10" fill="var(--ink)">
          yours
        </text>
      )}
    </>
  )
}

const shared = {
  'data-part': 'lesson-curve',
  viewBox: `0 0 ${SIZE.width} ${SIZE.height}`,
} as const

const LOOK = 'num w-full max-w-md rounded-[3px]'

/** The sheet to draw on. */
function Sheet(props: PadProps) {
  const { frame, label, heights } = props
  const hand = useHand(props)
  const { knot, press } = useKeys(props)
  const [where, height] = [places(frame.from, frame.to)[knot]!, heights[knot]!]
  return (
    <svg
      {...shared}
      {...hand}
      className={`${LOOK} cursor-crosshair touch-none`}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={frame.low}
      aria-valuemax={frame.high}
      aria-valuenow={height}
      aria-valuetext={`${frame.of} ${short(height)} at ${frame.along} ${short(where)}`}
      onKeyDown={press}
    >
      <Drawing {...props} />
      <circle
        cx={xOf(knot / (KNOTS - 1))}
        cy={yOf(frame, height)}
        r="4"
        fill="var(--surface)"
        stroke="var(--ink)"
        strokeWidth="2"
      />
    </svg>
  )
}

export function CurvePad(props: PadProps) {
  if (props.onDraw) return <Sheet {...props} />
  return (
    <svg {...shared} className={LOOK} role="img" aria-label={`${props.label} Your curve and the measured one.`}>
      <Drawing {...props} />
    </svg>
  )
}
