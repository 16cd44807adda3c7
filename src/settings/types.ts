/** Everything that determines the images, in one value: what the rows of `table.ts` hold, and the terms. */
import type { Own, TermOwn } from './table'

/** A value of a method's own parameter, as described by the method's metadata. */
export type ParameterValue = number | string | boolean

/** One negative: what it is, how hard to push away from it (`scale`), on which layers, and when (`window`). */
export interface Term extends TermOwn {
  /** Guidance method id, see `src/guidance`. */
  readonly method: string
  /** The method's own parameters, complete: every one that `parametersOf` lists, no other. */
  readonly parameters: Readonly<Record<string, ParameterValue>>
}

/** The first term is part of the settings themselves; `stack` holds those added to it. */
export interface Settings extends Term, Own {
  /** Model id: the folder under `models/`. */
  readonly model: string
  /** The solver's own parameters, complete: every one that its file lists, no other. */
  readonly solverParameters: Readonly<Record<string, number>>
  /** More negatives: D_pos + Σ s_i (D_pos − D_neg,i). */
  readonly stack: readonly Term[]
}
