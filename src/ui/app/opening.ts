/** Opens what a person brings: another model, the settings of a file, a link. Of another model than the page's it opens the page anew. */
import { absentModel } from '../../model/opened'
import type { ModelInfo } from '../../model/types'
import { decodeLink, encodeLink, firstSettings, linkModel, withoutRoom } from '../../settings'
import type { Settings } from '../../settings/types'
import type { Opener } from '../share/open'
import type { PageStore } from './state'

export interface OpeningCommands extends Omit<Opener, 'models' | 'say'> {
  /** Goes to another model's first picture. */
  openModel(model: ModelInfo): void
}

interface Parts {
  readonly store: PageStore
  readonly models: readonly ModelInfo[]
  readonly change: (settings: Settings) => void
  /** Goes to an address of another model. */
  readonly leaveFor: (hash: string, seedKept: boolean) => void
}

const NOTHING = { problems: [], notes: [], refusal: null }

export function createOpening({ store, models, change, leaveFor }: Parts): OpeningCommands {
  const { getState, patch } = store
  return {
    current: () => getState().model,
    refuse: (refusal) => patch({ notices: { ...NOTHING, refusal } }),
    openModel: (model) => leaveFor(`#${encodeLink(firstSettings(model), model)}`, false),
    openSettings: (settings, model) => {
      patch({ notices: NOTHING, controls: { seedKept: true } })
      if (model.id === getState().model.id) change(settings)
      else leaveFor(`#${encodeLink(settings, model)}`, true)
    },
    openLink: (hash) => {
      const link = withoutRoom(hash)
      const { model } = getState()
      const wanted = linkModel(link, models)
      if (wanted !== model.id && models.some(({ id }) => id === wanted)) return leaveFor(link, true)
      const absent = wanted === model.id ? null : absentModel(wanted)
      if (absent !== null) return patch({ notices: { ...NOTHING, refusal: absent } })
      const { settings, problems, notes, namesSeed } = decodeLink(link, model)
      patch({ notices: { ...NOTHING, problems, notes }, controls: { seedKept: namesSeed } })
      change(settings)
    },
  }
}
