/**
 * Which run the engine is asked for, and which one is on the stage: by settings asked for, known runs and the engine's
 * answers. Reads both: a stored run is shown only where it is of the wanted settings.
 */
import { sameSettings } from '../../settings'
import type { Settings } from '../../settings/types'
import type { Engine } from '../../worker/protocol'
import type { PageStore } from '../app/state'
import { type Asking, createAsking, lonesAreAsked, type Work } from './asking'
import { createHearing, type RunEvent } from './hearing'
import { hasLones, type Run } from './run'
import { RunCache } from './run-cache'

export interface RunCommands {
  /** Samples the current settings again. */
  rerun(): void
  /** Folds the negative's own panel away, or brings it back. */
  hideNegative(hidden: boolean): void
  /** Whether the pictures are on the page: positive and negative alone are walked for those who see them. */
  see(seen: boolean): void
  /** Asks for positive and negative alone, until what it gives back is called. */
  ask(): () => void
  showStored(run: Run): void
  readonly ahead: Asking['ahead']
}

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

export function createRuns({ store, engine }: { readonly store: PageStore; readonly engine: Engine }): Runs {
  const { getState, patch } = store
  const cache = new RunCache()
  const work: Work = { run: -1, settings: null, key: '', lones: [], held: null }
  const asking = createAsking({ store, engine, cache, work })
  const rerun = () => asking.begin(getState().settings, false)
  const askMore = (more: number) => patch({ stage: { asked: getState().stage.asked + more } })
  store.subscribe((state, before) => {
    // What was left out so far is walked now; before the first run nothing was.
    if (lonesAreAsked(before) || !lonesAreAsked(state) || work.key === '') return
    const { keyOf, aloneBut } = asking.ahead
    const key = keyOf(state.settings)
    if (work.key === key) return
    const { settled } = state.run
    const stands = !work.settings && settled && sameSettings(settled.settings, state.settings)
    if (stands && hasLones(settled, aloneBut([]), state.model)) cache.set(key, settled)
    else rerun()
  })

  return {
    ...asking,
    hear: createHearing({ store, cache, work, settle: asking.settle }),
    drop: () => {
      work.settings = null
    },
    forget: () => cache.clear(),
    rerun,
    hideNegative: (negativeHidden) => {
      patch({ stage: { negativeHidden } })
      // Hiding needs nothing new; showing needs the trajectory that was left out.
      if (!negativeHidden) rerun()
    },
    see: (seen) => patch({ stage: { seen } }),
    ask: () => {
      askMore(1)
      return () => askMore(-1)
    },
    showStored: (run) => {
      const { run: held, settings } = getState()
      // A live run that came first is better, and a link may ask for something else.
      if (!held.shown && sameSettings(run.settings, settings)) patch({ run: { shown: run, settled: run } })
    },
  }
}
