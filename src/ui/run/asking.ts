/**
 * Asks the engine for runs: of the settings as they are, or of the last of a drag. Reads both: what is wanted is asked for,
 * and shown at once where its run is known.
 */
import { encodeLink, sameSettings } from '../../settings'
import type { Settings } from '../../settings/types'
import type { Lone } from '../../sampling/records'
import type { Engine } from '../../worker/protocol'
import type { PageState, PageStore } from '../app/state'
import { settingsRefusals } from '../method/methods'
import { heldLones, type Run, staysNear } from './run'
import type { ForeseeParts } from './foresee'
import type { RunCache } from './run-cache'

/** What the engine is at work on: asking writes it, and hearing compares events with it. */
export interface Work {
  /** Id of the run whose events count; −1 for none. */
  run: number
  /** Settings under way; null once their run has ended. */
  settings: Settings | null
  /** What the finished run is kept under, or the known one that is shown. */
  key: string
  /** The lone trajectories that were left out, and the run that has them. */
  lones: readonly Lone[]
  held: Run | null
}

export interface Asking {
  /** What runs are drawn with that nobody has asked for yet. */
  readonly ahead: ForeseeParts
  begin(settings: Settings, preview: boolean): void
  follow(settings: Settings): void
  settle(): void
  resume(): void
}

/** Whether positive and negative alone are of use to anybody: on the page, to the judge, or to what else asks for them. */
export const lonesAreAsked = ({ stage, judge }: Pick<PageState, 'stage' | 'judge'>): boolean =>
  stage.seen || stage.asked > 0 || judge.state.kind !== 'closed'

export interface AskingParts {
  readonly store: PageStore
  readonly engine: Engine
  readonly cache: RunCache
  readonly work: Work
}

export function createAsking({ store, engine, cache, work }: AskingParts): Asking {
  const { getState, patch } = store
  /** What a drag asks for while its last preview is under way. */
  let queued: Settings | null = null

  /** What is walked beside the guided trajectory: what somebody looks at and no run has. */
  const aloneBut = (lones: readonly Lone[]): readonly Lone[] =>
    (['positive', 'negative'] as const).filter(
      (which) =>
        !lones.includes(which) &&
        lonesAreAsked(getState()) &&
        (which === 'positive' || !getState().stage.negativeHidden),
    )

  // Without trajectories of their own it is another run, though the link is the same.
  const keyOf = (settings: Settings) => `${encodeLink(settings, getState().model)} ${aloneBut([]).join(' ')}`

  function begin(settings: Settings, preview: boolean) {
    queued = null
    const stage = { focus: Math.min(getState().stage.focus, settings.samples - 1) }
    const key = keyOf(settings)
    const known = cache.get(key)
    if (known) {
      engine.cancel()
      work.settings = null
      work.run = -1
      work.key = key
      patch({ run: { shown: known, settled: known, coming: null, failure: null }, stage })
      return
    }
    patch({ run: { failure: null }, engine: { fetching: null }, stage })
    if (getState().engine.status.kind !== 'ready') return
    if (settingsRefusals(settings, getState().model).length > 0) {
      // The page says why beside the method; the pictures stay those of the last settings that could run.
      engine.cancel()
      work.settings = null
      patch({ run: { coming: null } })
      return
    }
    work.settings = settings
    work.key = key
    const { settled } = getState().run
    work.held = settled
    work.lones = heldLones(settled, settings)
    // It may fail before it starts: its files have to come first.
    const coarse = preview && !staysNear(settled, settings)
    work.run = engine.run(settings, { preview: coarse, alone: aloneBut(work.lones) })
  }

  return {
    begin,
    // A drag lets the preview under way finish before the next begins: were each replaced by its successor, a slow
    // device would show nothing until the hand rests.
    // Where the old picture is nearer than a preview there is none, and the next value goes first.
    follow: (settings) => {
      const { coming, settled } = getState().run
      if (work.settings && coming?.pass === 'preview' && !staysNear(settled, settings)) queued = settings
      else begin(settings, true)
    },
    ahead: { getState, engine, cache, keyOf, aloneBut },
    settle: () => {
      if (queued) begin(queued, true)
    },
    resume: () => {
      const { settings } = getState()
      if (!work.settings || !sameSettings(work.settings, settings)) begin(settings, false)
    },
  }
}
