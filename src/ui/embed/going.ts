/** Goes to a link that the page around asks for: by the address, which every room reads. */
import { hashOf, linkParts, stickyView } from '../../settings'

/** The part of the window that is gone by. */
export interface GoingWindow {
  readonly history: Pick<History, 'replaceState'>
  readonly location: Pick<Location, 'hash'>
  dispatchEvent(event: Event): boolean
}

/** The link's own hash, shown as the page is shown where the link does not say otherwise. */
export function goal(link: string, hash: string): string {
  const own = hashOf(link)
  const said = linkParts(own)
  const kept = stickyView(hash)
    .split('&')
    .filter((part) => part !== '' && said[part.slice(0, part.indexOf('='))] === undefined)
  return `#${[own, ...kept].filter((part) => part !== '').join('&')}`
}

/** Does it, or says why not: a browser may forbid that the address is written so often. */
export function goTo(window: GoingWindow, link: string): string | null {
  try {
    window.history.replaceState(null, '', goal(link, window.location.hash))
  } catch {
    return 'The browser does not let the address be changed so often. Use settings instead of a link.'
  }
  // Browsers tell only of addresses that a link or a person asks for.
  window.dispatchEvent(new Event('popstate'))
  return null
}
