/** Changes of the settings, and the link and history kept in step with them. */
import type { FamilyInfo } from '../../model/families'
import type { ModelInfo } from '../../model/types'
import { decodeLink, encodeLink, firstSettings, linkModel, sameSettings } from '../../settings'
import type { Settings } from '../../settings/types'
import type { Runs } from '../run/runs'
import { withoutRoom } from '../rooms/rooms'
import type { PageStore } from './state'

/** How long the link waits during a drag: browsers limit replaceState. */
const LINK_MILLISECONDS = 200

export type Gesture =
  /** A click, a key, a choice: a history entry of its own. */
  | 'discrete'
  /** Part of a drag: the first one makes the entry, the others replace it. */
  | 'drag'

/** What an entry of the history holds beside the address; an address that came from elsewhere has none. */
export interface Entry {
  readonly seedKept: boolean
}

/** Whether the seed of an entry is the person's own; null where the page did not write it. */
export function seedKeptOf(state: unknown): boolean | null {
  if (typeof state !== 'object' || state === null || !('seedKept' in state)) return null
  return typeof state.seedKept === 'boolean' ? state.seedKept : null
}

export interface LinkCommands {
  change(patch: Partial<Settings>, gesture?: Gesture): void
  /** Ends a drag, so that the next one makes its own history entry. */
  settle(): void
  link(): string
  /** Makes the seed the person's own, or not; Back and a reload remember it. */
  keepSeeds(kept: boolean): void
  /** Goes to another model's first picture. */
  openModel(model: ModelInfo): void
}

/** The part of the browser window that holds the address. */
export interface LinkWindow {
  readonly history: Pick<History, 'pushState' | 'replaceState' | 'state'>
  readonly location: Pick<Location, 'hash' | 'href'>
  addEventListener(type: 'popstate', listener: () => void): void
  removeEventListener(type: 'popstate', listener: () => void): void
  setTimeout(callback: () => void, milliseconds: number): number
  clearTimeout(timer: number): void
}

interface Parts {
  readonly store: PageStore
  readonly models: readonly FamilyInfo[]
  readonly runs: Runs
  readonly window: LinkWindow
  /** Whether an address is the playground's own; others are left to their rooms. */
  readonly owns: (hash: string) => boolean
  /** Opens the page anew, for an address of another model: classes, layers and engine belong to one. */
  readonly reopen: () => void
}

export function createLink({ store, models, runs, window, owns, reopen }: Parts): LinkCommands & { dispose(): void } {
  const { getState, patch } = store
  let dragging = false
  let timer = 0
  const hash = () => `#${encodeLink(getState().settings, getState().model)}`

  function write(push: boolean) {
    const entry: Entry = { seedKept: getState().controls.seedKept }
    if (push) window.history.pushState(entry, '', hash())
    else window.history.replaceState(entry, '', hash())
  }

  function change(wanted: Partial<Settings>, gesture: Gesture = 'discrete') {
    const before = getState().settings
    const settings = { ...before, ...wanted }
    if (sameSettings(before, settings)) return
    patch({ settings })
    window.clearTimeout(timer)
    if (gesture === 'drag' && dragging) timer = window.setTimeout(() => write(false), LINK_MILLISECONDS)
    else write(true)
    dragging = gesture === 'drag'
    if (gesture === 'drag') runs.follow(settings)
    else runs.begin(settings, true)
  }

  function onHistory() {
    if (!owns(window.location.hash)) return
    window.clearTimeout(timer)
    dragging = false
    const { model, settings: before } = getState()
    const address = withoutRoom(window.location.hash)
    if (linkModel(address, models) !== model.id) return reopen()
    const { settings, problems, notes, namesSeed } = decodeLink(address, model)
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
      if (!dragging) return
      dragging = false
      runs.settle()
      window.clearTimeout(timer)
      write(false)
    },
    link: () => `${window.location.href.replace(/#.*$/, '')}${hash()}`,
    keepSeeds: (seedKept) => {
      patch({ controls: { seedKept } })
      // During a drag the entry is written when it ends.
      if (!dragging) write(false)
    },
    openModel: (model) => {
      const entry: Entry = { seedKept: false }
      window.history.pushState(entry, '', `#${encodeLink(firstSettings(model), model)}`)
      reopen()
    },
    dispose: () => window.removeEventListener('popstate', onHistory),
  }
}
