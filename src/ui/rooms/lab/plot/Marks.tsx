/** A point of the drawing: its mark says how it stands, and it is a link that opens the point live. */
import { type MouseEvent, useRef } from 'react'
import { numberText, type Dot, type Look } from './look'
import { beyond, type Across, type Up } from './scales'

interface Box {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface Frame {
  readonly box: Box
  readonly across: Across
  readonly up: Up
  readonly x: (text: string) => number | null
  /** Held inside. */
  readonly y: (value: number) => number
}

export interface Looking {
  readonly seen: string | null
  readonly onSee: (key: string) => void
}

/** How a point stands: filled while it is in, hollow where its interval is not known, crossed out where it is beaten. */
function Mark({ dot, x, y }: { readonly dot: Dot; readonly x: number; readonly y: number }) {
  if (dot.beaten !== null) {
    return <path d={`M${x - 4} ${y - 4}l8 8m0 -8l-8 8`} stroke="currentColor" strokeWidth="1.5" fill="none" />
  }
  if (dot.estimate.margin === null)
    return <circle cx={x} cy={y} r="4" fill="var(--bg)" stroke="currentColor" strokeWidth="1.5" />
  return <circle cx={x} cy={y} r={dot.leads ? 5.5 : 4} fill="currentColor" />
}

/** By mouse and keyboard a point is seen before it is followed; a finger sees it first, and follows it when it comes again. */
function useLooking(key: string, { seen, onSee }: Looking) {
  const follow = useRef(true)
  const see = () => onSee(key)
  return {
    onFocus: see,
    onPointerEnter: ({ pointerType }: { readonly pointerType: string }) => pointerType !== 'touch' && see(),
    onPointerDown({ pointerType }: { readonly pointerType: string }) {
      follow.current = pointerType !== 'touch' || seen === key
    },
    onClick(event: MouseEvent) {
      if (!follow.current) event.preventDefault()
      follow.current = true
      see()
    },
  }
}

interface PointProps extends Looking {
  readonly dot: Dot
  readonly frame: Frame
  readonly look: Look
}

function standingText({ estimate, beaten, leads }: Dot): string {
  if (beaten !== null) return `, beaten after ${beaten}`
  if (leads) return ', the best'
  return estimate.margin === null ? ', interval not known yet' : ''
}

export function PointMark(props: PointProps) {
  const { dot, frame, look, seen } = props
  const { place, href, estimate, of } = dot
  const looking = useLooking(dot.key, props)
  const x = frame.x(place.text) ?? 0
  const { value, margin } = estimate
  const name = `${place.name}: ${numberText(look, estimate)}, ${of}${standingText(dot)}`
  const side = beyond(value, frame.up)
  const colour = dot.leads ? 'text-positive' : dot.beaten !== null ? 'text-muted' : 'text-ink'
  return (
    <a href={href} className={colour} data-key={dot.key} aria-label={`${name}. Open it live`} {...looking}>
      <title>{name}</title>
      <circle cx={x} cy={frame.y(value)} r="12" fill="transparent" />
      {seen === dot.key && <circle cx={x} cy={frame.y(value)} r="9" fill="var(--band)" />}
      {margin !== null && (
        <line
          x1={x}
          x2={x}
          y1={frame.y(value - margin)}
          y2={frame.y(value + margin)}
          stroke="currentColor"
          strokeWidth="1.25"
        />
      )}
      {side === 'above' && <path d={`M${x - 4} ${frame.box.top + 8}l4 -7l4 7z`} fill="currentColor" />}
      {side === 'below' && (
        <path d={`M${x - 4} ${frame.box.height - frame.box.bottom - 8}l4 7l4 -7z`} fill="currentColor" />
      )}
      {side === null && <Mark dot={dot} x={x} y={frame.y(value)} />}
    </a>
  )
}
