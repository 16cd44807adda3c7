/** The page as the build has drawn it, which lies over the application until that stands (`src/cli/prerender.mjs`). */
import { useLayoutEffect } from 'react'
import { usePage } from './store'

/** How long it waits for the stored pictures, once all else stands. */
const PATIENCE_MILLISECONDS = 1000

export function dropShell(): void {
  document.getElementById('shell')?.remove()
}

/** Takes it away in one go with the first pictures. */
export function useStanding(): void {
  const opened = usePage((state) => state.run.opened)
  useLayoutEffect(() => {
    if (opened) return dropShell()
    const timer = setTimeout(dropShell, PATIENCE_MILLISECONDS)
    return () => clearTimeout(timer)
  }, [opened])
}
