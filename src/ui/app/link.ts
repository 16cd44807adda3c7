/** Changes of the settings, and the link and history kept in step with them. */
import type { FamilyInfo } from '../../model/families'
import type { ModelInfo } from '../../model/types'
import { decodeLink, encodeLink, firstSettings, linkModel, sameSettings } from '../../settings'
import type { Settings } from '../../settings/types'
import { chosenSeed } from '../controls/seeds'
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

/** What a page is opened by: a link, whose seed is meant, or the choice of a model. */
export type Opening = 'link' | 'choice'

export interface LinkCommands {
  change(patch: Partial<Settings>, gesture?: Gesture): void
  /** Ends a drag, so that the next one makes its own history entry. */
  settle(): void
  link(): string
  /** Goes to another model's first picture. */
  openModel(model: ModelInfo): void
}

/** The part of the browser window that holds the address. */
export interface LinkWindow {
  readonly history: Pick<History, 'pushState' | 'replaceState'>
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
  readonly reopen: (by: Opening) => void
}

export function createLink({ store, models, runs, window, owns, reopen }: Parts): LinkCommands & { dispose(): void } {
  const { getState, patch } = store
  let dragging = false
  let timer = 0
  const hash = () => `#${encodeLink(getState().settings, getState().model)}`

  function write(push: boolean) {
    if (push) window.history.pushState(null, '', hash())
    else window.history.replaceState(null, '', hash())
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
    if (linkModel(address, models) !== model.id) return reopen('link')
    const { settings, problems, notes } = decodeLink(address, model)
    // The page's own entries say every seed: one that is no chosen one was the person's.
    const seedKept = settings.seed !== chosenSeed(settings.class, model)
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
    openModel: (model) => {
      window.history.pushState(null, '', `#${encodeLink(firstSettings(model), model)}`)
      reopen('choice')
    },
    dispose: () => window.removeEventListener('popstate', onHistory),
  }
}
