/** What the game is played with: an engine, renders that are fetched, and samples that are drawn while a person thinks. Free of DOM. */
import { failureOf } from '../../../core/failure'
import type { BackendChoice, Engine, EngineEvent } from '../../../worker/protocol'
import type { EnginePort } from '../../app/engine-port'
import { fetchingOf } from '../../engine/events'
import { type RoundId, settingsOfPair } from './pairs'
import type { GameState } from './state'

export interface SupplyParts {
  readonly port: Pick<EnginePort, 'connect' | 'rendersOf'>
  readonly window: { readonly performance: Pick<Performance, 'now'> }
}

export type Patch = (change: Partial<GameState>) => void

/** What the engine says, written into the state. */
export function createHearing(patch: Patch, get: () => GameState, ready: () => void): (event: EngineEvent) => void {
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
      // Another backend follows by itself; runs, and what they need, are the playground's.
      case 'kept':
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
export function createSupply({ port, window }: SupplyParts, patch: Patch, get: () => GameState) {
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
      const drawn = await engine.draw([settingsOfPair(subject.settings, pair, round, subject.model)], [], signal)
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
        if (!signal.aborted) patch({ failure: failureOf(error) })
      })
    },
    stop: () => stopped.abort(),
  }
}

/** The engine of one model after another. */
export function createEngineHolder(port: SupplyParts['port'], hear: (event: EngineEvent) => void) {
  let held: { readonly model: string; readonly engine: Engine } | null = null
  return {
    of: (model: string, choice: BackendChoice = 'auto'): { readonly engine: Engine; readonly isNew: boolean } => {
      if (held?.model === model) return { engine: held.engine, isNew: false }
      held?.engine.dispose()
      held = { model, engine: port.connect(hear) }
      held.engine.start(model, choice)
      return { engine: held.engine, isNew: true }
    },
    drop: () => {
      held?.engine.dispose()
      held = null
    },
  }
}
