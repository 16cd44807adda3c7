/** What a name of the graph stands for while it is compiled. */
import type { Tensor } from './tensor'

/** Small values that are known: shapes, indices, factors. Booleans are 0 and 1. */
export interface Known {
  readonly kind: 'known'
  readonly dims: readonly number[]
  readonly values: readonly number[]
  readonly type: 'float' | 'integer' | 'boolean'
}

export interface Laid {
  readonly kind: 'tensor'
  readonly tensor: Tensor
}

/** A reshape that needs a copy, put off until somebody needs it: a group norm only counts in other lengths for a while. */
export interface Regrouped {
  readonly kind: 'regrouped'
  readonly source: Tensor
  readonly dims: readonly number[]
}

/**
 * A group norm that is not computed yet, since what it is multiplied by and added to can be part of it. `x` [rows, channels, ...];
 * `dims`: what the graph takes it for at the moment; scale and shift [1 or rows, channels].
 */
export interface Normalised {
  readonly kind: 'normalised'
  readonly x: Tensor
  readonly dims: readonly number[]
  readonly groups: number
  readonly epsilon: number
  readonly scale: Tensor | null
  readonly shift: Tensor | null
}

export type Value = Known | Laid | Regrouped | Normalised

export const known = (dims: readonly number[], values: readonly number[], type: Known['type'] = 'integer'): Known => ({
  kind: 'known',
  dims,
  values,
  type,
})
