/** The lab's address: `#room=lab&tab=<id>&<what the tab says>&<settings as in every link>`. Pure. */
import { defaultFamily } from '../../../model/families'
import type { ModelInfo } from '../../../model/types'
import { decodeLink, encodeLink, linkModel, linkParts, withoutRoom } from '../../../settings'
import type { Settings } from '../../../settings/types'
import { roomAddress } from '../rooms'

/** What a tab says in the address, by its own keys. */
export type Said = Readonly<Record<string, string>>

export interface Subject {
  readonly model: ModelInfo
  /** What the tabs vary. */
  readonly settings: Settings
  /** Id of the tab that is seen. */
  readonly tab: string
  readonly said: Said
  /** What of the address was not understood, in sentences. */
  readonly notes: readonly string[]
}

/** A tab, and the keys that are its own. */
export interface TabKeys {
  readonly id: string
  readonly keys: readonly string[]
}

export function readAddress(hash: string, models: readonly ModelInfo[], tabs: readonly TabKeys[]): Subject {
  const all = linkParts(hash)
  const named = tabs.find(({ id }) => id === all.tab)
  const tab = named ?? tabs[0]!
  const own = new Set(['tab', ...tabs.flatMap(({ keys }) => keys)])
  const parts = withoutRoom(hash).slice(1).split('&')
  const link = `#${parts.filter((part) => !own.has(part.split('=')[0]!)).join('&')}`
  const wanted = linkModel(link, models)
  const model = models.find(({ id }) => id === wanted) ?? defaultFamily(models)
  const { settings, problems, notes } = decodeLink(link, model)
  const strange = all.tab === undefined || named ? [] : [`The lab has no tab “${all.tab}”.`]
  return {
    model,
    settings,
    tab: tab.id,
    said: Object.fromEntries(tab.keys.flatMap((key) => (all[key] === undefined ? [] : [[key, all[key]]]))),
    notes: [...strange, ...problems, ...notes],
  }
}

export function writeAddress({ model, settings, tab, said }: Omit<Subject, 'notes'>): string {
  const own = Object.entries(said).map(([key, text]) => `${key}=${encodeURIComponent(text)}&`)
  return roomAddress('lab', `tab=${tab}&${own.join('')}${encodeLink(settings, model)}`)
}
