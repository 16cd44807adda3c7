/** What nothing else caught becomes a sentence on the page: errors of events and timers, promises that nobody awaits. */
import { type EngineFailure, messageOf } from '../../core/failure'
import { dropShell } from './standing'

function pageFailure(error: unknown): EngineFailure {
  return {
    code: 'internal',
    message: `Something on the page went wrong: ${messageOf(error)}`,
    remedy: 'The link keeps the settings; where a part no longer answers, load the page again.',
    retryable: false,
  }
}

/** Tells every uncaught failure, until the function that it returns is called. */
export function tellUncaught(window: Window, tell: (failure: EngineFailure) => void): () => void {
  const listening = new AbortController()
  const { signal } = listening
  window.addEventListener(
    'error',
    ({ error }) => {
      // An event without an error comes from another site's script, or from a resize observer that goes on by itself.
      if (error) tell(pageFailure(error))
    },
    { signal },
  )
  window.addEventListener(
    'unhandledrejection',
    ({ reason }) => {
      if (!(reason instanceof DOMException && reason.name === 'AbortError')) tell(pageFailure(reason))
    },
    { signal },
  )
  return () => listening.abort()
}

/** Replaces a page that could not be shown at all, since its code did not come or the room itself failed. */
export function tellNotShown(root: HTMLElement, error: unknown): void {
  console.error(error)
  const text = root.ownerDocument.createElement('p')
  text.setAttribute('role', 'alert')
  text.className = 'p-6'
  text.textContent = `Guidance Playground could not be shown: ${messageOf(error)} Load the page again; its address keeps the settings.`
  dropShell()
  // React has emptied the root and draws nothing there any more.
  root.replaceChildren(text)
}
