/** Where an opened model is used: at the settings of a link that waited for it, or at its first picture. Pure. */
import { meansModel } from '../../../model/opened'
import { linkParts, withoutRoom } from '../../../settings'

export function addressOf(id: string, hash: string): string {
  return meansModel(linkParts(hash).model, id) ? withoutRoom(hash) : `#model=${id}`
}

/** The model that the link in force asks for, where it is a file that is not here; null where it is here, or of another kind. */
export function waitingFor(hash: string, here: readonly { readonly id: string }[]): string | null {
  const { model } = linkParts(hash)
  return model === undefined || here.some(({ id }) => meansModel(model, id)) ? null : model
}
