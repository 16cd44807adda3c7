/** The playground's sessions, one at a time: the address says of which model, and another model opens another session. */
import { defaultFamily } from '../../../model/families'
import { decodeLink, encodeLink, firstSettings, linkModel, sameSettings, withoutRoom } from '../../../settings'
import type { ModelInfo } from '../../../model/types'
import type { EnginePort } from '../../app/engine-port'
import { seedKeptOf } from '../../app/link'
import { createSession, type Session, type SessionWindow } from '../../app/session'
import { createPageStore } from '../../app/state'
import { bringSteps } from '../../run/first-light'
import type { Run } from '../../run/run'
import { shellSlice, type ShellSlice, type ThemeChoice } from '../../app/shell'

export interface Play {
  /** The session in force; another one after another model was chosen. */
  session(): Session
  /** How often there was another one. */
  sessions(): number
  subscribe(changed: () => void): () => void
  dispose(): void
}

export interface PlayParts {
  readonly port: EnginePort
  readonly window: SessionWindow
  readonly theme: ThemeChoice
  /** Whether an address is the playground's own; others are left to their rooms. */
  readonly owns: (hash: string) => boolean
  readonly firstLight: (model: ModelInfo) => Promise<Run | null>
}

export function createPlay({ port, window, theme, owns, firstLight }: PlayParts): Play {
  const { models } = port
  const heard = new Set<() => void>()

  function open(shell: ShellSlice, address: string): Session {
    const hash = withoutRoom(address)
    const wanted = linkModel(hash, models)
    // A link may name a model that does not exist; reading the link says so.
    const model = models.find(({ id }) => id === wanted) ?? defaultFamily(models)
    const link = decodeLink(hash, model)
    const store = createPageStore(model, link.settings, link.problems, shell.theme)
    const seedKept = seedKeptOf(window.history.state) ?? link.namesSeed
    store.patch({ shell, notices: { notes: link.notes }, controls: { seedKept } })
    const opened = createSession({
      store,
      ...port,
      judging: port.judgingOf(model),
      window,
      owns,
      reopen: (next) => reopen(store.getState().shell, next),
    })
    bringSteps(store)
    // The stored pictures are those that the model opens with.
    const stored = sameSettings(link.settings, firstSettings(model)) ? firstLight(model) : Promise.resolve(null)
    void stored.then((run) => {
      if (run) opened.showStored(run)
      // The rest of the page is fetched from here on, since it must not hold up the first pictures.
      window.requestAnimationFrame(() => store.patch({ run: { opened: true } }))
    })
    opened.restart()
    return opened
  }

  function reopen(shell: ShellSlice, address: string) {
    session.dispose()
    session = open(shell, address)
    sessions++
    for (const changed of heard) changed()
  }

  let sessions = 0
  let session = open(shellSlice(theme), window.location.hash)
  // A model that was opened again, described in another way, is another one under its old name.
  const stopWatching = port.watchModels(() => {
    const { model, settings, shell } = session.store.getState()
    const now = models.find(({ id }) => id === model.id)
    if (now && now !== model) reopen(shell, `#${encodeLink(settings, model)}`)
  })
  return {
    session: () => session,
    sessions: () => sessions,
    subscribe: (changed) => {
      heard.add(changed)
      return () => heard.delete(changed)
    },
    dispose: () => {
      stopWatching()
      session.dispose()
    },
  }
}
