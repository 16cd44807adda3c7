/** What of the playground's state the page around is told, and when it changes. */
import { sameSettings } from '../../settings'
import type { Settings } from '../../settings/types'
import type { PageState } from '../app/state'
import type { Session } from '../app/session'
import { frameOf, isWhole, type Run } from '../run/run'
import type { Change } from './desk'

/** Each part keeps its reference while it is unchanged. */
export interface Seen {
  readonly settings: Settings
  readonly at: number
  /** The run on the stage, where it is the finished one of the settings. */
  readonly drawn: Run | null
  readonly failure: PageState['run']['failure']
  readonly problems: readonly string[]
  readonly notes: readonly string[]
}

function drawnOf({ settings, run: { shown } }: PageState): Run | null {
  return shown && isWhole(shown) && sameSettings(shown.settings, settings) ? shown : null
}

/** `before`: what was seen of the state before, which spares comparing the same again. */
export function seenOf(state: PageState, before?: { readonly seen: Seen; readonly shown: Run | null }): Seen {
  const { settings, run, playhead, notices } = state
  const same = before?.seen.settings === settings && before.shown === run.shown
  return {
    settings,
    at: frameOf(playhead.position, settings.steps),
    drawn: same ? before.seen.drawn : drawnOf(state),
    failure: run.failure,
    problems: notices.problems,
    notes: notices.notes,
  }
}

function changeOf(a: Seen, b: Seen): Change | null {
  if (a.settings !== b.settings || a.at !== b.at) return 'wanted'
  const same = a.drawn === b.drawn && a.failure === b.failure && a.problems === b.problems && a.notes === b.notes
  return same ? null : 'drawn'
}

export function watch({ store }: Session, changed: (what: Change) => void): () => void {
  let seen = seenOf(store.getState())
  return store.subscribe((state, { run: { shown } }) => {
    const next = seenOf(state, { seen, shown })
    const what = changeOf(seen, next)
    seen = next
    if (what) changed(what)
  })
}
