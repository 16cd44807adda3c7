/** The typed messages between the page and the engine worker, and the events that the engine client gives the page. */
import type { EngineFailure } from '../core/failure'
import type { Decoded } from '../engine/latent-decoder'
import type { RowCount } from '../sampling/alike'
import type { FinalSample, Lone, StepRecord } from '../sampling/records'
import type { ModelInfo, NetworkRef } from '../model/types'
import type { JudgeFiles, Judgement } from '../evaluation/judge'
import type { Settings } from '../settings/types'

/** Id of a file in `backends/`. */
export type BackendId = string
/** A backend's id, or `auto`: the first candidate that reproduces the model's golden output. */
export type BackendChoice = BackendId

export interface BackendInfo {
  readonly id: BackendId
  /** What a person reads, such as `WebGPU · NVIDIA` or `WASM · 4 threads`. */
  readonly label: string
  readonly threads: number
  /** Largest relative error against the stored golden output; null where the model has none. */
  readonly goldenError: number | null
}

export type Phase =
  /** Bytes of the model's files. */
  | { readonly kind: 'download'; readonly loaded: number; readonly total: number }
  /** Loading the runtime, rewriting the graph, creating sessions. */
  | { readonly kind: 'compile' }
  /** First evaluation, compared with the golden output. */
  | { readonly kind: 'verify' }

/** A coarse preview (few steps) first, then the full run. */
export type RunPass = 'preview' | 'full'

export interface RunSummary {
  /** SHA-256 (hex) of each guided image's float32 bytes. */
  readonly digests: readonly string[]
  readonly evaluatedRows: number
  readonly milliseconds: number
}

export type EngineEvent =
  | { readonly kind: 'phase'; readonly backend: BackendId; readonly phase: Phase }
  /** A candidate was given up for the next one. */
  | { readonly kind: 'backend-rejected'; readonly backend: BackendId; readonly failure: EngineFailure }
  /** Hashes of the model's files that lie in the browser's storage: no run has to download them. */
  | { readonly kind: 'kept'; readonly files: readonly string[] }
  | { readonly kind: 'ready'; readonly backend: BackendInfo; readonly model: ModelInfo }
  /** The backend has found out, while nothing was asked, on how many threads it is fastest. */
  | ({ readonly kind: 'tuned' } & Pick<BackendInfo, 'label' | 'threads'>)
  /**
   * Bytes of files that a run needs beside the default network; `network` says for which, null for the vision transformer.
   * `fetched` follows the last of a network, whether its files came, failed or are no longer wanted; `came` has the hashes of
   * those that are at hand from here on.
   */
  | { readonly kind: 'fetching'; readonly network: NetworkRef | null; readonly loaded: number; readonly total: number }
  | { readonly kind: 'fetched'; readonly network: NetworkRef | null; readonly came: readonly string[] }
  /** Weights are made of several files, in the worker; `done` rises to `total`. */
  | { readonly kind: 'combining'; readonly network: NetworkRef; readonly done: number; readonly total: number }
  /** `settings` are those asked for: a preview says in its steps how many it has. */
  | { readonly kind: 'run-started'; readonly run: number; readonly pass: RunPass; readonly settings: Settings }
  | { readonly kind: 'step'; readonly run: number; readonly pass: RunPass; readonly record: StepRecord }
  | {
      readonly kind: 'run-finished'
      readonly run: number
      readonly pass: RunPass
      readonly samples: readonly FinalSample[]
      readonly summary: RunSummary
    }
  | { readonly kind: 'run-failed'; readonly run: number; readonly failure: EngineFailure }
  /** Something went wrong and the engine is mending it itself (new device, next backend, download again). */
  | { readonly kind: 'recovering'; readonly failure: EngineFailure }
  /** Nothing more can be done without the person. */
  | { readonly kind: 'failed'; readonly failure: EngineFailure }

/** A request for the effective attention maps of a layer at a recorded point of the run. */
export interface MapRequest {
  readonly settings: Settings
  /** Which negative: 0 is the settings' own, 1 the first of the stack. Default 0. */
  readonly term?: number
  readonly layer: number
  readonly x: Float32Array
  readonly sigma: number
  readonly sample: number
  readonly step: number
}

/**
 * Effective maps, mean over heads, [tokens × tokens]. The negative's is null where there is none, where it perturbs other
 * layers only, and where it is no single evaluation at x_t (SAG, SWG, momentum).
 */
export interface MapResult {
  readonly positive: Float32Array
  readonly negative: Float32Array | null
  readonly height: number
  readonly width: number
}

/**
 * The page's handle on the engine. Implemented by `src/worker/client`.
 *
 * `run` is latest-wins: at most one run is in flight, a newer one replaces the waiting one and cancels the running one
 * within one evaluation; events of superseded runs are not delivered. Run ids grow. Every run that is not superseded
 * ends in `run-finished` (pass `full`) or `run-failed`, whatever happens to devices or workers in between.
 */
export interface Engine {
  /** Loads a model on the best candidate (or the chosen one); a second call replaces the first. */
  start(model: string, choice: BackendChoice): void
  run(settings: Settings, options: RunOptions): number
  cancel(): void
  attentionMap(request: MapRequest): Promise<MapResult>
  /**
   * Takes an ONNX file as the vision transformer in place of the model's own, for this page's life; null goes back to it.
   * Rejects with one sentence that says what the file must be, and the one before stays.
   */
  useVision(bytes: Uint8Array<ArrayBuffer> | null): Promise<void>
  /**
   * Draws one image for each of the settings (`samples` is 1), and those of its trajectories `alone`, side by side, in the background: a run goes first, and what it
   * interrupts is drawn again after it. A row of the network that several of them ask for is evaluated once. `told` hears how far it is.
   * Rejects with a sentence, or with the signal's reason.
   */
  draw(
    settings: readonly Settings[],
    alone: readonly Lone[],
    signal: AbortSignal,
    told?: (rows: RowCount) => void,
  ): Promise<readonly FinalSample[]>
  /**
   * Draws a run that nobody has asked for yet, when there is nothing else to do: every run and every drawing goes first, and what they
   * interrupt is begun again after them. Rejects as `draw` does.
   */
  foresee(settings: Settings, alone: readonly Lone[], signal: AbortSignal): Promise<Foreseen>
  /** What a judge sees in images of the model's size. Rejects with a sentence. */
  judge(files: JudgeFiles, images: readonly Float32Array[]): Promise<readonly Judgement[]>
  /** Pictures of latents, of a model that has a decoder. Rejects with a sentence. */
  decode(latents: readonly Float32Array[]): Promise<readonly Decoded[]>
  dispose(): void
}

/** A whole run, step by step. */
export interface Foreseen {
  readonly records: readonly StepRecord[]
  readonly samples: readonly FinalSample[]
  readonly summary: RunSummary
}

/** How a run is drawn: what nobody looks at is not worth computing. */
export interface RunOptions {
  readonly preview: boolean
  /** Trajectories that somebody looks at beside the guided one; pictures of the others are null. Default both. */
  readonly alone?: readonly Lone[]
}

export type EngineListener = (event: EngineEvent) => void
