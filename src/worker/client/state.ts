/** The one state of the engine client. */
import type { EngineFailure } from '../../core/failure'
import type { ModelInfo } from '../../model/types'
import type { BackendChoice } from '../protocol'
import type { Candidates } from './candidates'
import type { Connection } from './connection'
import type { ModelPackage } from './parts'

/** What belongs to one call of `start`. */
export interface Start {
  readonly model: string
  readonly choice: BackendChoice
  readonly candidates: Candidates
  readonly abort: AbortController
  /** The model with its first files, fetched at the first call. */
  readonly load: () => Promise<ModelPackage>
  /** The model as its manifest says, once that is there. */
  info: ModelInfo | null
}

export type State =
  /** `start` has not been called. */
  | { readonly kind: 'idle' }
  /** A candidate opens, or the first is about to: the worker comes after the call that caused it has returned. */
  | { readonly kind: 'starting'; readonly start: Start; readonly connection: Connection | null }
  /** The worker takes jobs, since a moment of `EngineParts.now`. */
  | {
      readonly kind: 'ready'
      readonly start: Start
      readonly connection: Connection
      readonly info: ModelInfo
      readonly since: number
    }
  /** A worker or its device was lost, and a fresh worker opens. */
  | { readonly kind: 'recovering'; readonly start: Start; readonly connection: Connection | null }
  /** Nothing more can be done without the person. */
  | { readonly kind: 'failed'; readonly failure: EngineFailure }
  | { readonly kind: 'disposed' }

export type Ready = Extract<State, { kind: 'ready' }>

export function startOf(state: State): Start | null {
  return 'start' in state ? state.start : null
}

export function connectionOf(state: State): Connection | null {
  return 'connection' in state ? state.connection : null
}

/** Why nothing can be asked now and not later either, or null. */
export function refusalOf(state: State): Error | null {
  if (state.kind === 'disposed') return new Error('the engine was disposed')
  return state.kind === 'failed' ? new Error(state.failure.message) : null
}
