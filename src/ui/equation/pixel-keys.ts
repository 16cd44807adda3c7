/** The pixel of the equation, moved by keyboard. */
import type { KeyboardEvent } from 'react'
import { usePage, useSession } from '../app/store'

const MOVES: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

export interface PixelKeys {
  readonly onKeyDown: (event: KeyboardEvent) => void
  /** Begins in the middle, unless there is a pixel already. */
  readonly begin: () => void
  readonly end: () => void
}

export function usePixelKeys(): PixelKeys {
  const session = useSession()
  const { width, height } = usePage((state) => state.model.image)
  const pixel = usePage((state) => state.stage.pixel)
  const middle = { x: width >> 1, y: height >> 1 }
  const put = (next: { x: number; y: number } | null) => session.set({ stage: { pixel: next } })
  return {
    onKeyDown: (event) => {
      if (event.key === 'Escape') return put(null)
      const move = MOVES[event.key]
      if (!move) return
      event.preventDefault()
      event.stopPropagation()
      const reach = event.shiftKey ? 8 : 1
      const from = pixel ?? middle
      put({
        x: Math.min(width - 1, Math.max(0, from.x + reach * move[0])),
        y: Math.min(height - 1, Math.max(0, from.y + reach * move[1])),
      })
    },
    begin: () => {
      if (!pixel) put(middle)
    },
    end: () => put(null),
  }
}
