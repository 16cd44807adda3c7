/** The way from an address to the view in force. What makes it is loaded for the first address that has one. */
import { hasView } from '../../settings'
import { pageView } from './state'

let effective: typeof import('./effective') | null = null
/** The address that was given last: what was given before it is no longer in force when what reads it has come. */
let newest = ''

/** Takes the view of an address; at once, where some address before had one. */
export async function followAddress(hash: string): Promise<void> {
  newest = hash
  if (!effective && !hasView(hash)) return
  effective ??= await import('./effective')
  if (hash === newest) effective.followView(hash)
}

/** Whether the page stands before an audience; Back returns to how it was. */
export async function present(on: boolean): Promise<void> {
  effective ??= await import('./effective')
  effective.changeView({ present: on }, 'push')
}

/** A person's own choice of a theme takes the place of the address's. */
export function dropTheme(): void {
  if (pageView.getState().theme !== null) effective?.changeView({ theme: null })
}
