/** What a room does with the whole page: its theme, its title and the focus. The playground sees to its own. */
import { type RefObject, useEffect, useRef } from 'react'
import { storedTheme, writeTheme } from '../app/theme'
import { useRoomSeen } from './shown'

/**
 * Titles the page while the room is seen, in the theme that was chosen, where the playground has not been opened. The heading
 * that is returned has the focus when the room is first seen; whoever comes back has it where it was (`Rooms.tsx`).
 */
export function useRoomDocument(title: string): RefObject<HTMLHeadingElement | null> {
  const shown = useRoomSeen()
  const heading = useRef<HTMLHeadingElement>(null)
  const seen = useRef(false)
  useEffect(() => {
    if (document.documentElement.dataset.theme === undefined) writeTheme(storedTheme())
  }, [])
  useEffect(() => {
    if (!shown) return undefined
    const before = document.title
    document.title = `${title} · ${before}`
    return () => void (document.title = before)
  }, [shown, title])
  useEffect(() => {
    if (!shown || seen.current) return
    seen.current = true
    heading.current?.focus({ preventScroll: true })
  }, [shown])
  return heading
}
