/** The engine of a room of its own, beside the playground's: one model after another, and what it says of itself. Free of DOM. */
import type { ModelInfo } from '../../model/types'
import type { BackendChoice, Engine, EngineEvent, EngineListener } from '../../worker/protocol'
import { fetchingOf } from './events'
import type { EngineStatus, Fetching } from './slice'

export interface EngineSaid {
  readonly engine?: EngineStatus
  readonly fetching?: Fetching | null
}

/** What an event changes of what is known of the engine; null where it changes nothing. */
export function saidOf(event: EngineEvent, model: ModelInfo): EngineSaid | null {
  switch (event.kind) {
    case 'phase':
      return { engine: { kind: 'loading', backend: event.backend, phase: event.phase } }
    case 'ready':
      return { engine: { kind: 'ready', backend: event.backend } }
    case 'fetching':
    case 'combining':
      return { fetching: fetchingOf(event, model) }
    case 'fetched':
      return { fetching: null }
    case 'recovering':
      // Full storage costs this visit nothing.
      return event.failure.code === 'storage-full' ? null : { engine: { kind: 'recovering', failure: event.failure } }
    case 'failed':
      return { engine: { kind: 'failed', failure: event.failure }, fetching: null }
    // Another backend follows by itself; runs, and what they need, are the playground's.
    case 'kept':
    case 'tuned':
    case 'backend-rejected':
    case 'run-started':
    case 'step':
    case 'run-finished':
    case 'run-failed':
      return null
    default:
      return event satisfies never
  }
}

interface EngineHolder {
  of(model: string, choice?: BackendChoice): { readonly engine: Engine; readonly isNew: boolean }
  drop(): void
}

/** The engine of one model after another. */
export function createEngineHolder(
  port: { readonly connect: (listener: EngineListener) => Engine },
  hear: EngineListener,
): EngineHolder {
  let held: { readonly model: string; readonly engine: Engine } | null = null
  return {
    of: (model, choice = 'auto') => {
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
