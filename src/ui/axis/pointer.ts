/** Where a pointer lies along the noise axis. */
import type { PointerEvent } from 'react'

/** Share of an element's width under a pointer. */
export function shareAt(event: PointerEvent, element: Element): number {
  const box = element.getBoundingClientRect()
  return (event.clientX - box.left) / box.width
}
