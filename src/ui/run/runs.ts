/** Which run the engine is asked for, and which one is on the stage: by settings asked for, known runs and the engine's answers. */
import { encodeLink, sameSettings } from '../../settings'
import type { Settings } from '../../settings/types'
import type { Engine, EngineEvent } from '../../worker/protocol'
import type { PagePatch, PageState, PageStore } from '../app/state'
import { filesOf, settingsRefusals } from '../method/methods'
import { covers, type Run, sameSubject } from './run'
import { RunCache } from './run-cache'

export interface RunCommands {
  /** Samples the current settings again. */
  rerun(): void
  /** Folds the negative's own panel away, or brings it back. */
  hideNegative(hidden: boolean): void
  showStored(run: Run): void
}

export type RunEvent = Extract<EngineEvent, { kind: 'run-started' | 'step' | 'run-finished' | 'run-failed' }>

export interface Runs extends RunCommands {
  /** Samples settings, or shows them at once where they are known. */
  begin(settings: Settings, preview: boolean): void
  /** The same during a drag, behind the preview that is under way. */
  follow(settings: Settings): void
  /** Begins what a drag asked for last. */
  settle(): void
  /** Begins once the engine is ready; after a recovery it goes on with its run by itself. */
  resume(): void
  /** The engine gives up what it is at work on. */
  drop(): void
  /** What was sampled before is no longer what the same settings give. */
  forget(): void
  hear(event: RunEvent): void
}

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

export function createRuns({ store, engine }: { readonly store: PageStore; readonly engine: Engine }): Runs {
  const { getState, patch } = store
  const cache = new RunCache()
  // Without the negative's own trajectory it is another run, though the link is the same.
  const cacheKey = (settings: Settings) =>
    `${encodeLink(settings, getState().model)}${getState().stage.negativeHidden ? ' without negative' : ''}`
  let current = -1
  /** What the engine is at work on, and what a drag asks for meanwhile. */
  let running: Settings | null = null
  let runningKey = ''
  let queued: Settings | null = null

  function begin(settings: Settings, preview: boolean) {
    queued = null
    const stage = { focus: Math.min(getState().stage.focus, settings.samples - 1) }
    const known = cache.get(cacheKey(settings))
    if (known) {
      engine.cancel()
      running = null
      current = -1
      patch({ run: { shown: known, settled: known, coming: null, failure: null }, stage })
      return
    }
    patch({ run: { failure: null }, engine: { fetching: null }, stage })
    if (getState().engine.status.kind !== 'ready') return
    if (settingsRefusals(settings, getState().model).length > 0) {
      // The page says why beside the method; the pictures stay those of the last settings that could run.
      engine.cancel()
      running = null
      patch({ run: { coming: null } })
      return
    }
    running = settings
    runningKey = cacheKey(settings)
    engine.run(settings, { preview, negativeAlone: !getState().stage.negativeHidden })
  }

  function settle() {
    if (queued) begin(queued, true)
  }

  /** The files at hand after a run under these settings. */
  const withFiles = (settings: Settings) =>
    new Set([...getState().engine.fetched, ...filesOf(settings, getState().model).map(({ sha256 }) => sha256)])

  function finish(finished: Run) {
    if (finished.pass === 'preview') {
      patch({ run: admit(finished, getState()) })
    } else {
      cache.set(runningKey, finished)
      running = null
      patch({
        run: { coming: null, shown: finished, settled: finished },
        engine: { fetching: null, fetched: withFiles(finished.settings) },
      })
    }
    settle()
  }

  /** The coming run, where an event is of it. */
  function comingOf(event: Extract<RunEvent, { kind: 'step' | 'run-finished' }>): Run | null {
    const { coming } = getState().run
    return event.run === current && coming?.pass === event.pass ? coming : null
  }

  function hear(event: RunEvent) {
    switch (event.kind) {
      case 'run-started':
        // Events of superseded runs are not delivered, so the run that starts is the current one.
        current = event.run
        patch({ run: { coming: started(event) }, engine: { fetching: null } })
        return
      case 'step': {
        const coming = comingOf(event)
        if (!coming) return
        const records = [...coming.records.slice(0, event.record.index), event.record]
        const grown = { ...coming, steps: event.record.steps, records }
        patch({ run: admit(grown, getState()), engine: { fetching: null } })
        return
      }
      case 'run-finished': {
        const coming = comingOf(event)
        if (coming) finish({ ...coming, final: event.samples, summary: event.summary })
        return
      }
      case 'run-failed':
        if (event.run !== current) return
        running = null
        patch({ run: { coming: null, failure: event.failure }, engine: { fetching: null } })
        settle()
        return
      default:
        event satisfies never
    }
  }

  const rerun = () => begin(getState().settings, false)

  return {
    begin,
    // A drag lets the preview under way finish before the next begins: were each replaced by its successor, a slow
    // device would show nothing until the hand rests.
    follow: (settings) => {
      if (running && getState().run.coming?.pass === 'preview') queued = settings
      else begin(settings, true)
    },
    settle,
    resume: () => {
      if (!running || !sameSettings(running, getState().settings)) rerun()
    },
    drop: () => {
      running = null
    },
    forget: () => cache.clear(),
    hear,
    rerun,
    hideNegative: (negativeHidden) => {
      patch({ stage: { negativeHidden } })
      // Hiding needs nothing new; showing needs the trajectory that was left out.
      if (!negativeHidden) rerun()
    },
    showStored: (run) => {
      const { run: held, settings } = getState()
      // A live run that came first is better, and a link may ask for something else.
      if (!held.shown && sameSettings(run.settings, settings)) patch({ run: { shown: run, settled: run } })
    },
  }
}
