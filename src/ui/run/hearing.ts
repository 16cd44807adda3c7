/** Takes the engine's answers: a run that starts, grows, finishes or fails, and when it takes the stage. */
import type { Settings } from '../../settings/types'
import type { EngineEvent } from '../../worker/protocol'
import type { PagePatch, PageState, PageStore } from '../app/state'
import { filesOf } from '../method/methods'
import type { Work } from './asking'
import { covers, filled, filledStep, type Run, sameSubject } from './run'
import type { RunCache } from './run-cache'

export type RunEvent = Extract<EngineEvent, { kind: 'run-started' | 'step' | 'run-finished' | 'run-failed' }>

/**
 * The coming run takes the stage as soon as it has the frame under the playhead, so that while a slider is dragged the
 * pictures change from one finished state to the next. Where it starts from other noise or another class there is
 * nothing to compare with, and watching it form beats waiting.
 */
function admit(coming: Run, { run: { shown }, playhead }: PageState): PagePatch['run'] & object {
  const following = shown?.id === coming.id && shown.pass === coming.pass
  const unlike = !shown || !sameSubject(shown.settings, coming.settings)
  return following || (unlike && coming.records.length > 0) || covers(coming, playhead.playing ? 1 : playhead.position)
    ? { coming, shown: coming }
    : { coming }
}

function started({ run, pass, settings }: Extract<RunEvent, { kind: 'run-started' }>): Run {
  const { steps } = settings
  return { id: run, origin: 'live', pass, settings, steps, records: [], final: null, summary: null }
}

/** The files at hand after a run under these settings. */
function filesAfter(settings: Settings, { engine, model }: PageState): ReadonlySet<string> {
  return new Set([...engine.fetched, ...filesOf(settings, model).map(({ sha256 }) => sha256)])
}

export interface HearingParts {
  readonly store: PageStore
  readonly cache: RunCache
  readonly work: Work
  /** Begins what a drag asked for meanwhile. */
  readonly settle: () => void
}

export function createHearing({ store, cache, work, settle }: HearingParts): (event: RunEvent) => void {
  const { getState, patch } = store

  function finish(finished: Run) {
    if (finished.pass === 'preview') {
      patch({ run: admit(finished, getState()) })
    } else {
      cache.set(work.key, finished)
      work.settings = null
      patch({
        run: { coming: null, shown: finished, settled: finished },
        engine: { fetching: null, fetched: filesAfter(finished.settings, getState()) },
      })
    }
    settle()
  }

  /** The coming run, where an event is of it. */
  function comingOf(event: Extract<RunEvent, { kind: 'step' | 'run-finished' }>): Run | null {
    const { coming } = getState().run
    return event.run === work.run && coming?.pass === event.pass ? coming : null
  }

  return (event) => {
    switch (event.kind) {
      case 'run-started':
        // Events of superseded runs are not delivered, so the run that starts is the current one.
        work.run = event.run
        patch({ run: { coming: started(event) }, engine: { fetching: null } })
        return
      case 'step': {
        const coming = comingOf(event)
        if (!coming) return
        // A preview has other steps than the run whose trajectories it could have.
        const record = event.pass === 'full' ? filledStep(event.record, work.held, work.lones) : event.record
        const records = [...coming.records.slice(0, record.index), record]
        const grown = { ...coming, steps: record.steps, records }
        patch({ run: admit(grown, getState()), engine: { fetching: null } })
        return
      }
      case 'run-finished': {
        const coming = comingOf(event)
        if (coming)
          finish({ ...coming, final: filled(event.samples, work.held?.final, work.lones), summary: event.summary })
        return
      }
      case 'run-failed':
        if (event.run !== work.run) return
        work.settings = null
        patch({ run: { coming: null, failure: event.failure }, engine: { fetching: null } })
        settle()
        return
      default:
        event satisfies never
    }
  }
}
