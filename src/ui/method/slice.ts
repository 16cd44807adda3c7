/** What was measured of the model's methods before. */
import type { Published } from '../../evaluation/published'

export interface MethodSlice {
  readonly published: readonly Published[]
}

export const methodSlice: MethodSlice = { published: [] }
