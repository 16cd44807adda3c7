/** Goes to a link that the page around asks for: by the address, which every room reads. */
import { carriedView, hashOf, linkParts } from '../../settings'

/** The part of the window that is gone by. */
export interface GoingWindow {
  readonly history: Pick<History, 'replaceState'>
  readonly location: Pick<Location, 'hash'>
  dispatchEvent(event: Event): boolean
}

/** Does it, or says why not: a browser may forbid that the address is written so often. */
export function goTo(window: GoingWindow, link: string): string | null {
  const hash = hashOf(link)
  // One that ends before the settings opens the page as it first is. What holds no setting at all was meant to be something else.
  if (hash !== '' && Object.values(linkParts(hash)).every((value) => value === ''))
    return 'This is no link of the playground: it holds no setting.'
  try {
    // How the embed is shown stays, unless the link says otherwise.
    window.history.replaceState(null, '', carriedView(hash, window.location.hash))
  } catch {
    return 'The browser does not let the address be changed so often. Use settings instead of a link.'
  }
  // Browsers tell only of addresses that a link or a person asks for.
  window.dispatchEvent(new Event('popstate'))
  return null
}
