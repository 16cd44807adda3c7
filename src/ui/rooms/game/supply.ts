/** What the game is played with: an engine, renders that are fetched, and samples that are drawn while a person thinks. Free of DOM. */
import { failureOf } from '../../../core/failure'
import type { Engine, EngineListener } from '../../../worker/protocol'
import type { EnginePort } from '../../app/engine-port'
import { saidOf } from '../../engine/apart'
import { type RoundId, settingsOfPair } from './pairs'
import type { GameState } from './state'

export interface SupplyParts {
  readonly port: Pick<EnginePort, 'connect' | 'rendersOf'>
  readonly window: { readonly performance: Pick<Performance, 'now'> }
}

export type Patch = (change: Partial<GameState>) => void

/** What the engine says, written into the state. */
export function createHearing(patch: Patch, get: () => GameState, ready: () => void): EngineListener {
  return (event) => {
    const said = saidOf(event, get().subject.model)
    if (said) patch(said)
    if (event.kind === 'ready') ready()
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
