/** The attention layer looked into, and the vision transformer in use. */
import type { ModelInfo } from '../../model/types'

export interface Inspected {
  /** Which term of the equation: 0 is the first. */
  readonly term: number
  readonly layer: number
}

export interface NetworkSlice {
  readonly inspected: Inspected | null
  /** The token asked about. */
  readonly token: number | null
  /** Name of the reader's own vision transformer. */
  readonly vision: string | null
  /** Why a file was not taken as one. */
  readonly visionProblem: string | null
  /** Whether the model comes with one. */
  readonly shippedVision: boolean
}

export function networkSlice(model: ModelInfo): NetworkSlice {
  return { inspected: null, token: null, vision: null, visionProblem: null, shippedVision: model.vision !== null }
}
