/** What the engine client is made of in a browser, and what tests put in its place. */
import type { EngineFailure } from '../../core/failure'
import type { ModelFile, ModelInfo } from '../../model/types'
import type { Surroundings } from '../backend'
import type { BackendId } from '../protocol'
import type { MemoryBudget } from '../memory'

/** The part of `Worker` that the client uses. */
export interface WorkerPort {
  postMessage(message: unknown, transfer?: Transferable[]): void
  terminate(): void
  addEventListener(type: 'message' | 'messageerror' | 'error', listener: (event: Event) => void): void
}

/** A model with what it starts with: its default network, and what proves a backend. */
export interface ModelPackage {
  readonly model: ModelInfo
  /** By name. */
  readonly files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>
}

export interface KeptCores {
  /** So many may be tried. */
  readonly most: number
  /** What was found on an earlier visit; null where it is to be found. */
  readonly kept: () => number | null
  readonly keep: (cores: number) => void
}

export interface EngineParts {
  /** Starts a fresh worker. */
  readonly spawn: () => WorkerPort
  /** Starts a worker that runs programs for the engine's; its first message is the way to it, a `MessagePort`. */
  readonly spawnLane: () => WorkerPort
  /** Rejects with `EngineError`, or with the signal's reason. */
  readonly fetchModel: (request: {
    readonly model: string
    readonly signal: AbortSignal
    readonly onProgress: (loaded: number, total: number) => void
    /** Hashes of the model's files that an earlier visit left in the browser's storage. */
    readonly onKept: (files: readonly string[]) => void
    readonly onNotice: (notice: EngineFailure) => void
  }) => Promise<ModelPackage>
  /** One more file of the model. Rejects with `EngineError`, or with the signal's reason. */
  readonly fetchFile: (request: {
    readonly model: string
    readonly file: ModelFile
    readonly signal: AbortSignal
    readonly onProgress: (loaded: number) => void
    readonly onNotice: (notice: EngineFailure) => void
  }) => Promise<Uint8Array<ArrayBuffer>>
  /** How much of the device's memory the engine may take. */
  readonly memory: MemoryBudget
  /** Why a backend would not start here, where the page knows before any worker; null where only a start tells. */
  readonly lacking?: (backend: BackendId) => Promise<EngineFailure | null>
  /** What this page can offer to backends. */
  readonly page: Surroundings
  /** Threads for a backend that takes several. */
  readonly threads: number
  /** On how many cores a backend that finds that out was fastest on this device; absent where nothing is kept. */
  readonly cores?: KeptCores
  /**
   * Calls back once nobody holds the lock of this name, unless the signal is aborted before. A worker holds one as long as it lives:
   * the browser tells nothing of one that it ended.
   */
  readonly onRelease: (lock: string, callback: () => void, signal: AbortSignal) => void
  /** Milliseconds since some moment. */
  readonly now: () => number
  /** Calls back unless cancelled before; returns the canceller. */
  readonly after: (milliseconds: number, callback: () => void) => () => void
}
