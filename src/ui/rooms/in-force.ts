/** What a link to another room keeps: the settings in force, or the link that waits for a model which is not here. */
import { meansModel, openedParts } from '../../model/opened'
import type { ModelInfo } from '../../model/types'
import { encodeLink, linkParts, withoutRoom } from '../../settings'
import type { Settings } from '../../settings/types'

/** `hash`: of the address. */
export function inForce(settings: Settings, model: ModelInfo, hash: string): string {
  const { model: wanted } = linkParts(hash)
  const waits = wanted !== undefined && openedParts(wanted) !== null && !meansModel(wanted, model.id)
  return waits ? withoutRoom(hash).replace(/^#/, '') : encodeLink(settings, model)
}
