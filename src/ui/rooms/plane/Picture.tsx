/** The plane itself: a square canvas, and what it shows in words. A click follows the nearest point. */
import { type PointerEvent, useEffect, useRef, useState } from 'react'
import { useTheme } from '../../app/theme'
import { useRoomSeen } from '../shown'
import { momentAt } from './geometry'
import { Painter } from './painter'
import type { Plane } from './plane'
import { pictureWords } from './words'
import { usePlane } from './use-plane'

/** Keeps the canvas as sharp as the screen. */
function useSharp(canvas: React.RefObject<HTMLCanvasElement | null>, painted: () => void) {
  useEffect(() => {
    const element = canvas.current
    if (!element) return undefined
    const observer = new ResizeObserver(([entry]) => {
      const side = Math.round((entry?.contentRect.width ?? 0) * devicePixelRatio)
      if (side === 0 || element.width === side) return
      element.width = side
      element.height = side
      painted()
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [canvas, painted])
}

export function Picture({ plane }: { readonly plane: Plane }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const painter = useRef<Painter | null>(null)
  const [painted] = useState(() => () => painter.current?.ask())
  const theme = useTheme()
  const seen = useRoomSeen()
  useEffect(() => {
    if (!canvas.current) return undefined
    const own = new Painter(canvas.current, plane)
    painter.current = own
    return () => {
      own.dispose()
      painter.current = null
    }
  }, [plane])
  useEffect(() => painter.current?.recolour(), [theme, seen])
  useSharp(canvas, painted)
  const words = usePlane(plane, (state) =>
    state.shown && !state.playing ? pictureWords(state, state.shown, momentAt(state.position, state.shown.sigmas)) : '',
  )
  const follow = (event: PointerEvent<HTMLCanvasElement>) => {
    const { left, top, width } = event.currentTarget.getBoundingClientRect()
    const found = painter.current?.pointAt(
      (2 * (event.clientX - left)) / width - 1,
      1 - (2 * (event.clientY - top)) / width,
    )
    if (typeof found === 'number') plane.set({ followed: found })
  }
  return (
    <canvas
      ref={canvas}
      data-part="points"
      role="img"
      aria-label={words || 'Points in the plane'}
      className="block aspect-square w-full cursor-crosshair touch-manipulation border border-line bg-surface"
      onPointerDown={follow}
    />
  )
}
