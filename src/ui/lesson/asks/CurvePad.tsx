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
  /** Whether it is read from the back of a room. */
  readonly large: boolean
}

/** What numbers take at the left and the foot follows from how large they are. */
function measuresOf(text: number) {
  const [width, height, right] = [300, 165, 8]
  const [left, top, foot] = [3 * text, text, height - 1.8 * text]
  return { width, height, text, left, top, foot, right: width - right, across: width - left - right }
}
const [SMALL, LARGE] = [measuresOf(10.5), measuresOf(17)]
const sizeOf = ({ large }: Frame) => (large ? LARGE : SMALL)

const xOf = (frame: Frame, share: number) => sizeOf(frame).left + share * sizeOf(frame).across
const yOf = (frame: Frame, value: number) => {
  const { foot, top } = sizeOf(frame)
  const { low, high } = frame
  return foot - ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * (foot - top)
}

const short = (value: number) => plain(Number(value.toPrecision(3)))

function Axes({ frame }: { readonly frame: Frame }) {
  const { from, to, low, high } = frame
  const { left, right, foot, text } = sizeOf(frame)
  const middle = (a: number, b: number) => (a + b) / 2
  return (
    <g fontSize={text} fill="var(--muted)">
      {[low, middle(low, high), high].map((value) => (
        <g key={value}>
          <line
            x1={left}
            x2={right}
            y1={yOf(frame, value)}
            y2={yOf(frame, value)}
            stroke={value === low ? 'var(--edge)' : 'var(--line)'}
          />
          <text x={left - 5} y={yOf(frame, value) + 0.35 * text} textAnchor="end">
            {short(value)}
          </text>
        </g>
      ))}
      {[from, middle(from, to), to].map((value, i) => (
        <text key={value} x={xOf(frame, i / 2)} y={foot + 1.3 * text} textAnchor={i === 2 ? 'end' : 'middle'}>
          {short(value)}
        </text>
      ))}
    </g>
  )
}

const pathOf = (points: readonly (readonly [number, number])[]) =>
  points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')

/** The part of a measured curve that lies between the ends. */
function Truth({ frame, points }: { readonly frame: Frame; readonly points: readonly Point[] }) {
  const share = (x: number) => (x - frame.from) / (frame.to - frame.from)
  const inside = points.filter(([x]) => share(x) >= -1e-9 && share(x) <= 1 + 1e-9)
  const seen = ([x, y]: Point) => [xOf(frame, share(x)), yOf(frame, y)] as const
  const at = partOf(points, frame.from, frame.to).map(seen)
  return (
    <g data-part="lesson-measured">
      <polyline points={pathOf(at)} fill="none" stroke="var(--positive)" strokeWidth="1.75" />
      {inside.map(seen).map(([x, y]) => (
        <circle key={x} cx={x} cy={y} r="3" fill="var(--positive)" />
      ))}
      {at.length > 0 && (
        <text x={at.at(-1)![0]} y={at.at(-1)![1] - 7} textAnchor="end" fill="var(--positive)">
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
function useHand({ frame, heights, begun, onDraw }: PadProps) {
  const { low, high } = frame
  /** Where the stroke is and what it has drawn: the pointer may go on before that is shown. */
  const stroke = useRef<{ readonly at: readonly [number, number]; readonly drawn: readonly number[] } | null>(null)

  function placeOf({ clientX, clientY, currentTarget }: PointerEvent<SVGSVGElement>): readonly [number, number] {
    const box = currentTarget.getBoundingClientRect()
    const { width, left, across, foot, top } = sizeOf(frame)
    const zoom = width / box.width
    const share = ((clientX - box.left) * zoom - left) / across
    const up = (foot - (clientY - box.top) * zoom) / (foot - top)
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
  const at = heights.map((height, i) => [xOf(frame, i / (KNOTS - 1)), yOf(frame, height)] as const)
  const [firstX] = at[0]!
  // Over all of the curve that lies under its name.
  const nameY = Math.min(...at.slice(0, 3).map(([, y]) => y)) - 6
  return (
    <g fontSize={sizeOf(frame).text}>
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
        <text x={firstX + 4} y={nameY} fill="var(--ink)">
          yours
        </text>
      )}
    </g>
  )
}

const shared = {
  'data-part': 'lesson-curve',
  viewBox: `0 0 ${SMALL.width} ${SMALL.height}`,
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
        cx={xOf(frame, knot / (KNOTS - 1))}
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
  const { frame, label, onDraw } = props
  return (
    <div className="max-w-md text-hint text-muted">
      <p aria-hidden>{frame.of}</p>
      {onDraw ? (
        <Sheet {...props} />
      ) : (
        <svg {...shared} className={LOOK} role="img" aria-label={`${label} Your curve and the measured one.`}>
          <Drawing {...props} />
        </svg>
      )}
      <p aria-hidden className="text-center">
        {frame.along}
      </p>
    </div>
  )
}
