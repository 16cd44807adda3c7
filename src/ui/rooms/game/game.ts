/** Plays the game: reads its address, has the samples drawn while a person thinks, and takes the answers. Free of DOM. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { failureOf, messageOf } from '../../../core/failure'
import type { BackendChoice, Engine, EngineEvent } from '../../../worker/protocol'
import type { EnginePort } from '../../app/engine-port'
import type { LinkWindow } from '../../app/link'
import { fetchingOf } from '../../engine/events'
import { LOADING } from '../../engine/slice'
import { readAddress, type Subject, writeAddress } from './address'
import { PAIRS, type RoundId, settingsOfPair, type Side } from './pairs'
import { beginning, type GameState, scoresOf, stageOf } from './state'

const MESSAGE_MILLISECONDS = 4000

export interface Game {
  readonly store: Pick<StoreApi<GameState>, 'getState' | 'getInitialState' | 'subscribe'>
  /** Names the side of the render; nothing happens unless that is asked. */
  choose(side: Side): void
  /** Goes to the next pair, or to the end of the round. */
  next(): void
  /** The second round, of samples without guidance. */
  goOn(): void
  /** Other pairs, under the same settings. */
  playAgain(): void
  /** Does again what failed. */
  retry(choice?: BackendChoice): void
  /** An address that replays these pairs, and tells the scores. */
  link(): string
  say(message: string): void
  dispose(): void
}

export interface GameParts {
  readonly port: Pick<EnginePort, 'models' | 'connect' | 'rendersOf'>
  readonly window: LinkWindow & { readonly performance: Pick<Performance, 'now'> }
  readonly owns: (hash: string) => boolean
  /** A seed that nobody chose. */
  readonly fresh: () => number
}

type Patch = (change: Partial<GameState>) => void

/** What the engine says, written into the state. */
function createHearing(patch: Patch, get: () => GameState, ready: () => void): (event: EngineEvent) => void {
  return (event) => {
    switch (event.kind) {
      case 'phase':
        return patch({ engine: { kind: 'loading', backend: event.backend, phase: event.phase } })
      case 'ready':
        patch({ engine: { kind: 'ready', backend: event.backend } })
        return ready()
      case 'fetching':
      case 'combining':
        return patch({ fetching: fetchingOf(event, get().subject.model) })
      case 'fetched':
        return patch({ fetching: null })
      case 'recovering':
        // Full storage costs this visit nothing.
        return event.failure.code === 'storage-full'
          ? undefined
          : patch({ engine: { kind: 'recovering', failure: event.failure } })
      case 'failed':
        return patch({ engine: { kind: 'failed', failure: event.failure }, fetching: null })
      // Another backend follows by itself; runs are the playground's.
      case 'backend-rejected':
      case 'run-started':
      case 'step':
      case 'run-finished':
      case 'run-failed':
        return
      default:
        return event satisfies never
    }
  }
}

/** Fetches renders and draws samples, one after another, until the round has all of its pictures or `stop` is called. */
function createSupply({ port, window }: GameParts, patch: Patch, get: () => GameState) {
  let stopped = new AbortController()
  let readyAt = 0

  async function fetchRenders(signal: AbortSignal) {
    const { model } = get().subject
    if (!model.renders) return patch({ renders: { kind: 'none' } })
    patch({ renders: { kind: 'loading' } })
    try {
      const renders = await port.rendersOf(model, signal)
      if (!signal.aborted) patch({ renders: { kind: 'ready', renders } })
    } catch (error) {
      if (!signal.aborted) patch({ renders: { kind: 'failed', failure: failureOf(error) } })
    }
  }

  async function draw(engine: Engine, round: RoundId, signal: AbortSignal) {
    for (;;) {
      const { subject, rounds } = get()
      const { pairs, samples } = rounds[round]
      const pair = pairs[samples.length]
      if (!pair) return
      const asked = window.performance.now()
      const drawn = await engine.draw([settingsOfPair(subject.settings, pair, round, subject.model)], signal)
      signal.throwIfAborted()
      const sample = drawn[0]?.guided
      if (!sample) throw new Error('The engine left a sample out.')
      const milliseconds = window.performance.now() - Math.max(asked, readyAt)
      // Answers may have come meanwhile.
      const now = get().rounds
      patch({ milliseconds, rounds: { ...now, [round]: { ...now[round], samples: [...samples, sample] } } })
    }
  }

  return {
    ready: () => {
      readyAt = window.performance.now()
    },
    begin: (engine: Engine) => {
      stopped.abort()
      stopped = new AbortController()
      const { signal } = stopped
      if (get().renders.kind !== 'ready') void fetchRenders(signal)
      if (!get().subject.model.renders) return
      patch({ failure: null })
      draw(engine, get().round, signal).catch((error: unknown) => {
        if (!signal.aborted) patch({ failure: messageOf(error) })
      })
    },
    stop: () => stopped.abort(),
  }
}

/** The engine of one model after another. */
function createEngineHolder(port: GameParts['port'], hear: (event: EngineEvent) => void) {
  let held: { readonly model: string; readonly engine: Engine } | null = null
  return {
    of: (model: string, choice: BackendChoice = 'auto'): { readonly engine: Engine; readonly isNew: boolean } => {
      if (held?.model === model) return { engine: held.engine, isNew: false }
      held?.engine.dispose()
      held = { model, engine: port.connect(hear) }
      held.engine.start(model, choice)
      return { engine: held.engine, isNew: true }
    },
    dispose: () => held?.engine.dispose(),
  }
}

function createCommands(
  { window }: GameParts,
  get: () => GameState,
  patch: Patch,
  begin: () => void,
): Pick<Game, 'choose' | 'next' | 'goOn' | 'link' | 'say'> {
  let timer = 0
  return {
    choose: (side) => {
      const { rounds, round } = get()
      if (stageOf(get()).kind !== 'asking') return
      patch({ rounds: { ...rounds, [round]: { ...rounds[round], answers: [...rounds[round].answers, side] } } })
    },
    next: () => {
      if (stageOf(get()).kind === 'told') patch({ at: get().at + 1 })
    },
    goOn: () => {
      if (get().round !== 'guided' || get().at < PAIRS) return
      patch({ round: 'unguided', at: 0 })
      begin()
    },
    link: () => `${window.location.href.replace(/#.*$/, '')}${writeAddress(get().subject, scoresOf(get()))}`,
    say: (message) => {
      window.clearTimeout(timer)
      patch({ message })
      timer = window.setTimeout(() => patch({ message: null }), MESSAGE_MILLISECONDS)
    },
  }
}

export function createGame(parts: GameParts): Game {
  const { port, window, owns, fresh } = parts
  const read = (): Subject => readAddress(window.location.hash, port.models, fresh)
  const first = read()
  const store = createStore<GameState>(() => ({
    ...beginning(first),
    renders: { kind: 'loading' },
    engine: LOADING,
    fetching: null,
    milliseconds: null,
    message: null,
  }))
  const { getState: get, setState: patch } = store
  const supply = createSupply(parts, patch, get)
  const engines = createEngineHolder(port, createHearing(patch, get, supply.ready))
  const begin = () => {
    const { model } = get().subject
    // A family that can't be played needs no engine.
    if (model.renders) supply.begin(engines.of(model.id).engine)
    else patch({ renders: { kind: 'none' } })
  }

  function open(subject: Subject) {
    const other = subject.model !== get().subject.model
    patch({ ...beginning(subject), ...(other && { renders: { kind: 'loading' }, engine: LOADING }) })
    begin()
  }
  const onHistory = () => {
    if (owns(window.location.hash)) open(read())
  }
  window.history.replaceState(null, '', writeAddress(first, first.sent ?? {}))
  window.addEventListener('popstate', onHistory)
  begin()

  return {
    ...createCommands(parts, get, patch, begin),
    store,
    playAgain: () => {
      const subject = { ...get().subject, game: fresh(), sent: null, notes: [] }
      window.history.pushState(null, '', writeAddress(subject))
      open(subject)
    },
    retry: (choice = 'auto') => {
      const { engine, isNew } = engines.of(get().subject.model.id, choice)
      if (!isNew && get().engine.kind === 'failed') {
        patch({ engine: LOADING })
        engine.start(get().subject.model.id, choice)
      }
      supply.begin(engine)
    },
    dispose: () => {
      window.removeEventListener('popstate', onHistory)
      supply.stop()
      engines.dispose()
    },
  }
}
