/** Where an opened model is used: at the settings of a link that waited for it, or at its first picture. Pure. */
import { methodById, refusal } from '../../../guidance'
import type { GuidanceMethod } from '../../../guidance/types'
import { meansModel } from '../../../model/opened'
import type { ModelInfo } from '../../../model/types'
import { defaultSettings, linkParts, withoutRoom } from '../../../settings'

/** `layers`: where PAG begins, in the place of the model's first picture. */
export function addressOf(id: string, hash: string, layers: readonly number[] | null = null): string {
  if (layers) return `#model=${id}&method=pag&layers=${layers.join(',')}`
  return meansModel(linkParts(hash).model, id) ? withoutRoom(hash) : `#model=${id}`
}

/** The model that the link in force asks for, where it is a file that is not here; null where it is here, or of another kind. */
export function waitingFor(hash: string, here: readonly { readonly id: string }[]): string | null {
  const { model } = linkParts(hash)
  return model === undefined || here.some(({ id }) => meansModel(model, id)) ? null : model
}

/** The method that the link in force asks for of this model, where the model can't run it as far as it was opened; else null. */
export function beyond(hash: string, opened: ModelInfo): GuidanceMethod | null {
  const { model, method } = linkParts(hash)
  const asked = method === undefined || !meansModel(model, opened.id) ? null : methodById(method)
  return asked && refusal(defaultSettings(opened, asked.id), opened) !== null ? asked : null
}
