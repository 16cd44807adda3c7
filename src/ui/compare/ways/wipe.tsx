/** A line over the picture: left of it the first, right of it the second. It is dragged anywhere, or moved by keys. */
import { type KeyboardEvent, type PointerEvent, type RefObject, useRef } from 'react'
import { usePage, useSession } from '../../app/store'
import { shareAt } from '../../axis/pointer'
import { Hint } from '../../kit/Hint'
import { Key } from '../../kit/Key'
import { cutAfterKey } from '../pairs'
import { Keys, Name } from '../parts'
import type { Way, WayProps } from '../way'

/** The line and its knob, which stands low, since what matters in a picture is mostly at its middle. */
function Line() {
  return (
    <>
      <span className="absolute inset-y-0 left-1/2 w-0.5 -translate-x-1/2 bg-white outline-1 outline-black/50" />
      <span className="absolute bottom-3 left-1/2 grid size-8 -translate-x-1/2 place-items-center rounded-full bg-white text-black outline-1 outline-black/50">
        <svg viewBox="0 0 16 16" className="size-4" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden>
          <path d="M6 4 2.5 8 6 12M10 4l3.5 4-3.5 4" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
      </span>
    </>
  )
}

/** How far a finger goes sideways before it is known not to scroll, in pixels. */
const SIDEWAYS = 6

/** Puts the line under the pointer: under a mouse at once, under a finger once it goes sideways or is lifted where it was put. */
function useDrag(move: (share: number) => void, handle: RefObject<HTMLElement | null>) {
  const from = useRef<number | null>(null)
  const follow = (event: PointerEvent) => move(shareAt(event, event.currentTarget))
  return {
    onPointerDown: (event: PointerEvent) => {
      event.preventDefault()
      event.currentTarget.setPointerCapture(event.pointerId)
      handle.current?.focus({ preventScroll: true })
      from.current = event.pointerType === 'touch' ? event.clientX : null
      if (from.current === null) follow(event)
    },
    onPointerMove: (event: PointerEvent) => {
      if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
      if (from.current !== null && Math.abs(event.clientX - from.current) < SIDEWAYS) return
      from.current = null
      follow(event)
    },
    // A finger that scrolls is taken away from here, and is not lifted; what was pressed elsewhere means nothing here.
    onPointerUp: (event: PointerEvent) => {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event)
    },
  }
}

function Surface({ pair }: WayProps) {
  const session = useSession()
  const cut = usePage((state) => state.compare.cut)
  const handle = useRef<HTMLDivElement>(null)
  const move = (next: number) => session.set({ compare: { cut: Math.min(1, Math.max(0, next)) } })
  const onKeyDown = (event: KeyboardEvent) => {
    const next = cutAfterKey(cut, event.key, event.shiftKey)
    if (next === null) return
    event.preventDefault()
    move(next)
  }
  const first = Math.round(100 * cut)
  return (
    <div
      // A finger that goes up or down scrolls the page.
      className="absolute inset-0 cursor-ew-resize touch-pan-y select-none"
      {...useDrag(move, handle)}
    >
      <div
        ref={handle}
        role="slider"
        data-part="compare-surface"
        tabIndex={0}
        aria-label={`Line between ${pair.first} and ${pair.second}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={first}
        aria-valuetext={`${first} % ${pair.first}, ${100 - first} % ${pair.second}`}
        className="absolute inset-y-0 w-8 -translate-x-1/2 rounded-sm"
        style={{ left: `${100 * cut}%` }}
        onKeyDown={onKeyDown}
      >
        <Line />
      </div>
    </div>
  )
}

function Help({ pair }: WayProps) {
  return (
    <Hint>
      Drag the line: <Name role={pair.first} /> is left of it, <Name role={pair.second} /> right.{' '}
      <Keys>
        <Key>←</Key> <Key>→</Key> move it, with <Key>Shift</Key> by tens.
      </Keys>
    </Hint>
  )
}

export const wipe: Way = { id: 'wipe', label: 'Wipe', place: 1, rest: 0.5, Surface, Help }
