/** Changes of the settings, and the link and history kept in step with them. */
import { decodeLink, encodeLink, linkModel, sameSettings } from '../../settings'
import type { Settings } from '../../settings/types'
import type { Runs } from '../run/runs'
import type { PageStore } from './state'

/** How long the link waits during a drag: browsers limit replaceState. */
const LINK_MILLISECONDS = 200

export type Gesture =
  /** A click, a key, a choice: a history entry of its own. */
  | 'discrete'
  /** Part of a drag: the first one makes the entry, the others replace it. */
  | 'drag'

export interface LinkCommands {
  change(patch: Partial<Settings>, gesture?: Gesture): void
  /** Ends a drag, so that the next one makes its own history entry. */
  settle(): void
  link(): string
}

/** The part of the browser window that holds the address. */
export interface LinkWindow {
  readonly history: Pick<History, 'pushState' | 'replaceState'>
  readonly location: Pick<Location, 'hash' | 'href' | 'reload'>
  addEventListener(type: 'popstate', listener: () => void): void
  removeEventListener(type: 'popstate', listener: () => void): void
  setTimeout(callback: () => void, milliseconds: number): number
  clearTimeout(timer: number): void
}

interface Parts {
  readonly store: PageStore
  readonly runs: Runs
  readonly window: LinkWindow
}

export function createLink({ store, runs, window }: Parts): LinkCommands & { dispose(): void } {
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
    window.clearTimeout(timer)
    dragging = false
    const { model, settings: before } = getState()
    // Classes, layers and engine belong to the model that the page was opened with.
    if (linkModel(window.location.hash) !== model.id) return window.location.reload()
    const { settings, problems, notes } = decodeLink(window.location.hash, model)
    patch({ notices: { problems, notes } })
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
    dispose: () => window.removeEventListener('popstate', onHistory),
  }
}
