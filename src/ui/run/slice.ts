/** The runs that the page holds at once: the one on the stage, the last full one, and the one under way. */
import type { EngineFailure } from '../../core/failure'
import type { Run } from './run'

export interface RunSlice {
  /** The run whose pictures are on the stage. */
  readonly shown: Run | null
  /** The last run that went all the way in full. */
  readonly settled: Run | null
  /** The run that is being sampled. */
  readonly coming: Run | null
  readonly failure: EngineFailure | null
  /** The first pictures stand, or none were stored: what the first view does without may be fetched. */
  readonly opened: boolean
}

export const runSlice: RunSlice = { shown: null, settled: null, coming: null, failure: null, opened: false }
