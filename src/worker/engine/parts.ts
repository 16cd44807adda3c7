/** What the worker engine is given by its worker, and by tests; and what it works with once a model is loaded. */
import type { FamilyDenoiser } from '../../engine/family'
import type { ModelInfo } from '../../model/types'
import type { Backend } from '../backend'
import type { Reply } from '../messages'
import type { BackendRequest } from '../open-backend'

export interface WorkerEngineParts {
  readonly post: (reply: Reply) => void
  readonly open: (request: BackendRequest) => Promise<Backend>
  /** Resolves in a later task, after messages that have arrived were handled. */
  readonly yieldToMessages: () => Promise<void>
  /** Resolves after a pause long enough for the page to ask for more. */
  readonly rest: () => Promise<void>
  readonly now: () => number
}

/** A model on a backend that has proved itself on it. */
export interface Loaded {
  readonly model: ModelInfo
  readonly backend: Backend
  readonly denoiser: FamilyDenoiser
}
