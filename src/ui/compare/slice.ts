/** What is compared on the large pictures, and how; and how many samples there were before nine were asked for. */
import type { Run } from '../run/run'
import type { PairId } from './pairs'

export interface CompareSlice {
  readonly open: boolean
  /** Id of the way that the two pictures are compared. */
  readonly way: string
  readonly pair: PairId
  /** Share of the width, from the left, that shows the first picture of the pair; the rest shows the second. */
  readonly cut: number
  /** A whole run that stays beside those to come. */
  readonly pinned: Run | null
  /** What "Nine samples" goes back to. */
  readonly samplesBefore: number
}

export const compareSlice: CompareSlice = {
  open: false,
  way: 'wipe',
  pair: 'positive-guided',
  cut: 0.5,
  pinned: null,
  samplesBefore: 1,
}
