/** Goes to a link that the page around asks for: by the address, which every room reads. */
import { carriedView, hashOf } from '../../settings'

/** The part of the window that is gone by. */
export interface GoingWindow {
  readonly history: Pick<History, 'replaceState'>
  readonly location: Pick<Location, 'hash'>
  dispatchEvent(event: Event): boolean
}

/** Does it, or says why not: a browser may forbid that the address is written so often. */
export function goTo(window: GoingWindow, link: string): string | null {
  try {
    // How the embed is shown stays, unless the link says otherwise.
    window.history.replaceState(null, '', carriedView(hashOf(link), window.location.hash))
  } catch {
    return 'The browser does not let the address be changed so often. Use settings instead of a link.'
  }
  // Browsers tell only of addresses that a link or a person asks for.
  window.dispatchEvent(new Event('popstate'))
  return null
}
