/** What can be left out round an attention, as it was found in somebody's graph. */

/** An addition x + f(x) of the graph. */
export interface Addition {
  /** What it makes. */
  readonly sum: string
  /** Which of its operands is f(x). */
  readonly branch: 0 | 1
  /** Number of its axes, of which the first is that of the rows. */
  readonly rank: number
}

export type Branches =
  | { readonly kind: 'found'; readonly additions: readonly Addition[] }
  | { readonly kind: 'refused'; readonly reason: string }

/** What can be left out round a layer (SLG, STG). */
export interface LayerBranches {
  /** The attention's own branch: one addition, or one for each stream of tokens that it gives results to. */
  readonly attention: Branches
  /** What else its block adds. */
  readonly block: Branches
  /** The last convolution of the residual block before it, by what it makes, and the channels that enter it; null where there is none. */
  readonly convolution: { readonly made: string; readonly channels: number } | null
}

const NONE: Branches = { kind: 'refused', reason: 'nothing can be left out round it' }
export const NO_BRANCHES: LayerBranches = { attention: NONE, block: NONE, convolution: null }
