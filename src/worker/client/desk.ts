/** What the parts of the engine client know of the whole: its state as far as they need it, and how to make themselves heard. */
import type { EngineFailure } from '../../core/failure'
import type { Need } from '../../engine/needs'
import type { Settings } from '../../settings/types'
import type { EngineEvent } from '../protocol'
import type { EngineParts } from './parts'
import type { Ready } from './state'
import type { Supplies } from './supplies'

export interface Desk {
  /** The worker that takes jobs, or null while there is none. */
  readonly ready: () => Ready | null
  /** Why there will be none. */
  readonly failure: () => EngineFailure | null
  /** Files of a run. Throws RangeError for settings that the model can't serve; call it when ready. */
  readonly needs: (settings: Settings) => readonly Need[]
  readonly supplies: Supplies
  /** Ends downloads that nothing needs any more. */
  readonly dropUnwanted: () => void
  readonly emit: (event: EngineEvent) => void
  /** Restarts the watch over a start or a job that may hang. */
  readonly watch: () => void
  /** Gives the worker its next job, if it is free and there is one. */
  readonly pump: () => void
  readonly after: EngineParts['after']
}
