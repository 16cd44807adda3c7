/** What a person can do on the page: the commands of its features, put together around one store and one engine. */
import type { Published } from '../../evaluation/published'
import type { ModelInfo } from '../../model/types'
import type { Engine, EngineListener } from '../../worker/protocol'
import { type AnimationWindow, createPlayhead, type PlayheadCommands } from '../axis/playhead'
import { type ControlCommands, createControlCommands } from '../controls/commands'
import { watchOnline } from '../engine/back-online'
import { createEngineCommands, type EngineCommands } from '../engine/commands'
import { createEngineListener } from '../engine/events'
import { createEvaluationController, type EvaluationController, type Judging } from '../judge/judge'
import { createMethodCommands, type MethodCommands } from '../method/commands'
import { createNetworkCommands, type NetworkCommands } from '../network/commands'
import { createRuns, type RunCommands } from '../run/runs'
import { createLink, type LinkCommands, type LinkWindow } from './link'
import { createAllowed } from './allowed'
import type { PagePatch, PageStore } from './state'

const MESSAGE_MILLISECONDS = 4000

export interface Session
  extends
    RunCommands,
    LinkCommands,
    PlayheadCommands,
    ControlCommands,
    EngineCommands,
    NetworkCommands,
    MethodCommands {
  readonly store: PageStore
  readonly models: readonly ModelInfo[]
  readonly judge: EvaluationController
  /** Bytes that asking the judge fetches; null where the family has none. */
  readonly judgeBytes: number | null
  set(patch: PagePatch): void
  say(message: string): void
  dispose(): void
}

/** The part of the browser window that a session uses. */
export interface SessionWindow extends LinkWindow, AnimationWindow {}

export interface SessionParts {
  readonly store: PageStore
  readonly connect: (listener: EngineListener) => Engine
  /** The judge of the family's images, or null where it has none. */
  readonly judging: Judging | null
  readonly window: SessionWindow
  /** The models that there are to choose from. */
  readonly models: readonly ModelInfo[]
  readonly publishedOf: (model: ModelInfo) => Promise<readonly Published[]>
  readonly owns: (hash: string) => boolean
  readonly reopen: (hash: string) => void
}

export function createSession(parts: SessionParts): Session {
  const { store, connect, judging, window, models } = parts
  const engine: Engine = connect((event) => hear(event))
  const runs = createRuns({ store, engine })
  const hear = createEngineListener({ store, runs })
  const judge = createEvaluationController({ store, engine, judging, now: () => window.performance.now() })
  let messageTimer = 0
  function say(message: string) {
    window.clearTimeout(messageTimer)
    store.patch({ notices: { message } })
    messageTimer = window.setTimeout(() => store.patch({ notices: { message: null } }), MESSAGE_MILLISECONDS)
  }
  const link = createLink({ ...parts, runs, allowed: createAllowed({ store, say }) })
  const playhead = createPlayhead({ store, window })
  const engineCommands = createEngineCommands({ store, engine, runs })
  const stopWatching = watchOnline({ store, window, restart: engineCommands.restart, rerun: runs.rerun })
  return {
    ...createControlCommands({ store, change: link.change, rerun: runs.rerun }),
    ...engineCommands,
    ...createNetworkCommands({ store, engine, runs }),
    ...createMethodCommands(parts),
    store,
    judge,
    judgeBytes: judging?.bytes ?? null,
    change: link.change,
    settle: link.settle,
    link: link.link,
    keepSeeds: link.keepSeeds,
    current: link.current,
    refuse: link.refuse,
    openModel: link.openModel,
    openSettings: link.openSettings,
    openLink: link.openLink,
    models,
    rerun: runs.rerun,
    hideNegative: runs.hideNegative,
    see: runs.see,
    ask: runs.ask,
    showStored: runs.showStored,
    ahead: runs.ahead,
    seek: playhead.seek,
    stepBy: playhead.stepBy,
    togglePlay: playhead.togglePlay,
    look: playhead.look,
    set: store.patch,
    say,
    dispose: () => {
      link.dispose()
      stopWatching()
      playhead.stop()
      judge.close()
      engine.dispose()
    },
  }
}
