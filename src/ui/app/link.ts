/** Changes of the settings, and the link and history kept in step with them. */
import type { ModelInfo } from '../../model/types'
import { decodeLink, encodeLink, linkModel, sameSettings, stickyView, withoutRoom } from '../../settings'
import type { Settings } from '../../settings/types'
import type { Runs } from '../run/runs'
import { type AddressWindow, createAddress } from './address'
import type { Allow } from './allowed'
import { createEntries } from './entries'
import type { ListeningWindow } from './held-key'
import { createOpening, type OpeningCommands } from './opening'
import type { PageStore } from './state'

export type Gesture =
  /** A click, a key, a choice: a history entry of its own, and one for a key that is held. */
  | 'discrete'
  /** Part of a drag: the first one makes the entry, the others replace it. */
  | 'drag'
  /** Part of what the page around an embed does, past what is held for the reader. */
  | 'around'

/** What an entry of the history holds beside the address; an address that came from elsewhere has none. */
export interface Entry {
  readonly seedKept: boolean
}

const entryOf = (seedKept: boolean): Entry => ({ seedKept })

/** Whether the seed of an entry is the person's own; null where the page did not write it. */
export function seedKeptOf(state: unknown): boolean | null {
  if (typeof state !== 'object' || state === null || !('seedKept' in state)) return null
  return typeof state.seedKept === 'boolean' ? state.seedKept : null
}

export interface LinkCommands extends OpeningCommands {
  change(patch: Partial<Settings>, gesture?: Gesture): void
  /** Ends a drag, so that the next one makes its own history entry. */
  settle(): void
  link(): string
  /** Makes the seed the person's own, or not; Back and a reload remember it. */
  keepSeeds(kept: boolean): void
}

/** The part of the browser window that holds the address and tells of what changes it. */
export interface LinkWindow extends AddressWindow, ListeningWindow {}

interface Parts {
  readonly store: PageStore
  readonly models: readonly ModelInfo[]
  readonly runs: Runs
  readonly window: LinkWindow
  /** Whether an address is the playground's own; others are left to their rooms. */
  readonly owns: (hash: string) => boolean
  /** Opens the page anew, for an address of another model: classes, layers and engine belong to one. */
  readonly reopen: (hash: string) => void
  readonly allowed: Allow
}

/** A link of another model with what is held as it is; null where it may not be opened. */
function allowedLink(link: string, { store, models, allowed }: Parts): string | null {
  const model = models.find(({ id }) => id === linkModel(link, models))
  if (!model) return null
  const { settings } = decodeLink(link, model)
  const wanted = allowed(settings, model)
  if (wanted.model === undefined) return null
  const next = { ...store.getState().settings, ...wanted }
  return sameSettings(next, settings) ? link : `#${encodeLink(next, model)}`
}

export function createLink(parts: Parts): LinkCommands & { dispose(): void } {
  const { store, models, runs, window, owns, reopen, allowed } = parts
  const { getState, patch } = store
  const hash = () => `#${encodeLink(getState().settings, getState().model)}`
  /** With how the page is shown, which no setting changes. */
  const shownAs = (link: string) => `${link}${stickyView(window.location.hash)}`
  const entries = createEntries({
    window,
    now: () => ({ hash: shownAs(hash()), entry: entryOf(getState().controls.seedKept) }),
  })

  function change(wanted: Partial<Settings>, gesture: Gesture = 'discrete') {
    const before = getState().settings
    const settings = { ...before, ...(gesture === 'around' ? wanted : allowed(wanted)) }
    if (sameSettings(before, settings)) return
    patch({ settings })
    const drag = gesture !== 'discrete'
    entries.changed(drag)
    if (drag) runs.follow(settings)
    else runs.begin(settings, true)
  }

  function leaveFor(link: string, seedKept: boolean) {
    const allowedOne = allowedLink(link, parts)
    if (allowedOne === null) return
    const other = shownAs(allowedOne)
    createAddress(window).push(other, entryOf(seedKept))
    reopen(other)
  }

  function onHistory() {
    entries.left()
    if (!owns(window.location.hash)) return
    const { model, settings: before } = getState()
    const link = withoutRoom(window.location.hash)
    if (linkModel(link, models) !== model.id) return reopen(link)
    const { settings, problems, notes, namesSeed } = decodeLink(link, model)
    // An address from elsewhere says nothing new of a seed that is in force.
    const unsaid = settings.seed === before.seed ? getState().controls.seedKept : namesSeed
    const seedKept = seedKeptOf(window.history.state) ?? unsaid
    patch({ notices: { problems, notes }, controls: { seedKept } })
    if (sameSettings(settings, before)) return
    patch({ settings })
    runs.begin(settings, true)
  }
  window.addEventListener('popstate', onHistory)

  return {
    change,
    settle: () => {
      if (!entries.dragging()) return
      runs.settle()
      entries.rested()
    },
    link: () => `${window.location.href.replace(/#.*$/, '')}${hash()}`,
    keepSeeds: (seedKept) => {
      patch({ controls: { seedKept } })
      entries.touched()
    },
    ...createOpening({ store, models, change, leaveFor }),
    dispose: () => {
      entries.dispose()
      window.removeEventListener('popstate', onHistory)
    },
  }
}
