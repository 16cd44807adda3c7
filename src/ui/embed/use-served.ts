/** In a frame: lets the page around see and set what the room shows. What does it is fetched, since most visits go without. */
import { useEffect } from 'react'
import { isFramed } from '../app/address'
import { useRoomSeen } from '../rooms/shown'
import type { Play } from '../rooms/play/play'

/** Of the playground, or of another room by its name. */
export function useServed(of: Play | string): void {
  const seen = useRoomSeen()
  useEffect(() => {
    if (!seen || !isFramed(window)) return undefined
    const ended = new AbortController()
    void import('./serve').then(({ serve }) => serve(of, ended.signal))
    return () => ended.abort()
  }, [of, seen])
}
