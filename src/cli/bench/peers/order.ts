/** What a peer is told to do, and what it gives back. */

export interface Order {
  /** The positive's and the negative's own pictures too. */
  readonly alone: boolean
  /** All rows of a step in one run, not two sessions. */
  readonly batch: boolean
}

export interface Done {
  readonly ms: number
  /** Null where this system does not tell. */
  readonly cpu: number | null
  /** The guided one. */
  readonly picture: Float32Array
}
