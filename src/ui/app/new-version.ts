/** Watches for another version of the page on the host: a page that was open when it came still has the old files' names. */

/** The least time between two questions, and the longest. */
const APART_MS = 60_000
const INTERVAL_MS = 15 * 60_000

export interface VersionWindow {
  readonly document: Pick<Document, 'visibilityState'> & EventTarget
  readonly performance: Pick<Performance, 'now'>
  addEventListener(type: string, listener: () => void, options: { readonly signal: AbortSignal }): void
  setInterval(callback: () => void, milliseconds: number): number
  clearInterval(timer: number): void
}

/**
 * Tells once when there is another version: asked whenever the person comes back to the page, the network comes back, a part of
 * the page does not come, and now and then. Ends with the function that it returns.
 */
export function watchVersion(window: VersionWindow, ask: () => Promise<boolean>, tell: () => void): () => void {
  const watching = new AbortController()
  const { signal } = watching
  let asked = window.performance.now()
  const look = async () => {
    asked = window.performance.now()
    if (!(await ask()) || signal.aborted) return
    end()
    tell()
  }
  const back = () => {
    if (window.document.visibilityState === 'visible' && window.performance.now() - asked >= APART_MS) void look()
  }
  window.document.addEventListener('visibilitychange', back, { signal })
  window.addEventListener('online', () => void look(), { signal })
  window.addEventListener('vite:preloadError', () => void look(), { signal })
  const timer = window.setInterval(back, INTERVAL_MS)
  const end = () => {
    window.clearInterval(timer)
    watching.abort()
  }
  return end
}
