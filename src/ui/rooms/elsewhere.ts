/** Opens what a person brings to a room that is not the playground: the page goes there with it, by an address. */
import { defaultFamily } from '../../model/families'
import { carriedView, encodeLink, linkModel, withoutRoom } from '../../settings'
import { createAddress } from '../app/address'
import { openPort } from '../app/engine-port'
import type { Entry } from '../app/link'
import type { Brought } from '../share/dropping'
import { openBrought } from '../share/open'

/** `refuse` says why something was not opened; null, that all is well. */
export function openElsewhere(brought: Brought, refuse: (why: string | null) => void): Promise<void> {
  const { models } = openPort()
  function go(hash: string, entry: Entry | null) {
    refuse(null)
    createAddress(window).push(carriedView(hash, window.location.hash), entry)
    // Browsers tell only of addresses that a link or a person asks for.
    window.dispatchEvent(new Event('popstate'))
  }
  return openBrought(
    {
      models,
      current: () => {
        const named = linkModel(withoutRoom(window.location.hash), models)
        return models.find(({ id }) => id === named) ?? defaultFamily(models)
      },
      openSettings: (settings, model) => go(`#${encodeLink(settings, model)}`, { seedKept: true }),
      openLink: (hash) => go(withoutRoom(hash), null),
      refuse,
      // The pictures that come say it.
      say: () => undefined,
    },
    brought,
  )
}
