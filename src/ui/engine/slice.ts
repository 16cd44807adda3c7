/** What the page knows of the engine: where it runs, how far it has loaded, and which files are at hand. */
import type { EngineFailure } from '../../core/failure'
import type { BackendChoice, BackendId, BackendInfo, Phase } from '../../worker/protocol'

export type EngineStatus =
  | { readonly kind: 'loading'; readonly backend: BackendId | null; readonly phase: Phase | null }
  | { readonly kind: 'ready'; readonly backend: BackendInfo }
  | { readonly kind: 'recovering'; readonly failure: EngineFailure }
  | { readonly kind: 'failed'; readonly failure: EngineFailure }

export interface Rejection {
  readonly backend: BackendId
  readonly failure: EngineFailure
}

/** SHA-256 of the files that are at hand. */
export type Fetched = ReadonlySet<string>

/** Networks on their way that a run waits for. */
export interface Fetching {
  /** What is under way, such as `Fetching Small`. */
  readonly label: string
  readonly loaded: number
  readonly total: number
  readonly unit: 'bytes' | 'parts'
}

export interface EngineSlice {
  readonly status: EngineStatus
  /** Where the person wants it to run, and what was tried and did not do. */
  readonly choice: BackendChoice
  readonly rejected: readonly Rejection[]
  readonly fetched: Fetched
  readonly fetching: Fetching | null
}

export const LOADING: EngineStatus = { kind: 'loading', backend: null, phase: null }

export const engineSlice: EngineSlice = {
  status: LOADING,
  choice: 'auto',
  rejected: [],
  fetched: new Set(),
  fetching: null,
}
