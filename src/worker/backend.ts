/** What the worker engine needs of a backend: a runtime that has started, and denoisers over it; and what a backend says of itself. */
import type { EngineFailure } from '../core/failure'
import type { NetworkRequest } from '../engine/family'
import type { WalkingDevice } from '../engine/going-ahead'
import type { DecoderOptions, LatentDecoder } from '../engine/latent-decoder'
import type { OnnxDenoiser } from '../engine/onnx-denoiser'
import type { OnnxVision, VisionOptions } from '../engine/vision'
import type { Judge, JudgeFiles } from '../evaluation/judge'
import type { ModelInfo } from '../model/types'
import type { Weights } from '../network/weights'
import type { BackendId } from './protocol'

export interface DenoiserRequest extends NetworkRequest {
  readonly model: ModelInfo
  /** Called before each run of a session: at the first, everything is built. */
  readonly onRun: () => void
}

/** How a backend is started. */
export interface OpenRequest {
  readonly threads: number
  /** Where it may find out on how many cores it is fastest: on so many at most. */
  readonly most?: number
  /** The ways to workers that compute beside the engine's in its memory, as they come; null for one that does not. */
  readonly lanes: readonly Promise<MessagePort | null>[]
  /** Takes a WebGPU that is only software, far slower than WASM: right where a person asked for WebGPU by name. */
  readonly acceptSoftware: boolean
}

/** What a page can offer to a backend. */
export interface Surroundings {
  /** Cross-origin isolated, as shared memory between threads needs. */
  readonly isolated: boolean
  readonly cores: number
}

/** A file of `runtimes/`, which serves one backend or several. */
export type RuntimeId = 'webgpu' | 'wasm' | 'runner'

/** Starts a backend. Rejects with EngineError, or with what loading the runtime rejects with. */
export type Open = (id: BackendId, request: OpenRequest) => Promise<Backend>

/** One way to compute: a file of `backends/`. */
export interface BackendDefinition {
  readonly id: BackendId
  /** What a sentence calls it. */
  readonly name: string
  /** What the menu calls it, and one line on it there. */
  readonly label: string
  readonly help: string
  /** Candidates are tried by rising order, the fastest first. */
  readonly order: number
  /**
   * How many images are drawn side by side in the background. As many as fill a run of a graphics processor; on a
   * processor one, since it gains nothing by more and a drag then waits for less.
   */
  readonly together: number
  /** Why this page can't offer the backend; null where it can, though only a start tells whether it works. */
  readonly refusal: (page: Surroundings) => EngineFailure | null
  /** Why it would not start here, where the page learns that sooner than a worker would; null where only a start tells. */
  readonly lacking?: () => Promise<EngineFailure | null>
  /** How many threads it starts with, where the page would take `available`. */
  readonly threads: (available: number) => number
  /** Whether it spreads rows over lanes beside it, and finds out on how many it is fastest, which the page keeps for the next visit. */
  readonly lanes?: true
  /** The runtime that opens it, which only a worker loads and never the page. */
  readonly runtime: RuntimeId
}

export interface Backend {
  readonly id: BackendId
  /** What a person reads. */
  readonly label: string
  readonly threads: number
  /**
   * Finds that out by what `run` takes, and computes so from then on; gives back whether that could be told. Rejects with what `run`
   * rejects with. Absent where there is no choice.
   */
  readonly tune?: (run: () => Promise<unknown>) => Promise<boolean>
  /** Bytes that it holds of prepared weights, all sizes of a network together; absent: about as many again for each. */
  readonly held?: (weights: Weights) => number
  /** Rejects with BrokenRuntimeError when the device is lost; never resolves. Null for a processor that stays. */
  readonly lost: Promise<never> | null
  /** What goes ahead on courses with its denoisers of a model, and is told as they are of its runs. Absent, or null: nothing does. */
  readonly ahead?: (model: ModelInfo, onRun: () => void) => WalkingDevice | null
  /** The evaluations of the denoiser reject with BrokenRuntimeError when the runtime failed. */
  createDenoiser(request: DenoiserRequest): OnnxDenoiser
  /** Rejects with VisionError for a file that is none. What is asked of the transformer rejects as evaluations do. */
  createVision(request: Pick<VisionOptions, 'graph' | 'weights' | 'image'>): Promise<OnnxVision>
  /** Rejects with GraphError for a graph that is no decoder of such latents. What is asked of it rejects as evaluations do. */
  createDecoder(request: Pick<DecoderOptions, 'graph' | 'weights' | 'latent' | 'image'>): Promise<LatentDecoder>
  /**
   * The judge always runs on the processor: it is small, and its numbers need no proof there. What is asked of it rejects
   * as evaluations do.
   */
  createJudge(files: JudgeFiles): Promise<Judge>
}
