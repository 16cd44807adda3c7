/** Keys of the page as a whole: the space bar plays, arrows step; a control that has the focus keeps its own. */
import { useEffect } from 'react'
import { useRoomSeen } from '../rooms/shown'

// A plain button has no use for arrows, so they go to the page.
const OWN_SPACE = 'button, a, input, select, textarea, [role], [tabindex]'
const OWN_ARROWS = 'input, select, textarea, [role], [tabindex]'

/** What plays, and goes a step on or back. */
export interface Played {
  togglePlay(): void
  stepBy(by: number): void
}

export function useKeys(played: Played) {
  const shown = useRoomSeen()
  useEffect(() => {
    if (!shown) return undefined
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      const target = event.target instanceof Element ? event.target : null
      if (target?.closest(event.key === ' ' ? OWN_SPACE : OWN_ARROWS)) return
      if (event.key === ' ') played.togglePlay()
      else if (event.key === 'ArrowLeft') played.stepBy(-1)
      else if (event.key === 'ArrowRight') played.stepBy(1)
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [played, shown])
}
