/** What a per-step number is: the contract of the files in `numbers/`. */
import type { ImageSize } from '../core/image'
import type { SampleRecord, TermRecord } from '../sampling/records'

/** What a number is derived from. */
export interface Given {
  readonly sample: SampleRecord
  /** One negative of the sample; the first is the sample itself. */
  readonly term: TermRecord
  /** Shape of the tensors, for numbers that look at places or frequencies. */
  readonly shape: ImageSize
}

export interface StepNumber {
  /** In links and stored runs; never changed. */
  readonly id: string
  /** In plain words, for a person who meets it for the first time. */
  readonly name: string
  /** The same in a word or two, before the symbol. */
  readonly plain: string
  /** The symbol as it stands on a button or at the head of a column, in plain characters; the plain word where there is none. */
  readonly short: string
  /** KaTeX. */
  readonly symbol: string
  /** One sentence or two: what it says, and what a high or low value means. */
  readonly help: string
  /** Place in the list, ascending. */
  readonly place: number
  /** Whose number it is: of each difference, or of the guided D. */
  readonly about: 'difference' | 'guided'
  /** On the noise axis: a line over all steps with its value, the value alone, or nothing. */
  readonly axis: 'line' | 'value' | null
  /** Id of the number that this one is the applied counterpart of: shown beside it where a rule makes the two differ. */
  readonly beside?: string
  /** Id of the plot that shows what the number is about. */
  readonly plot: string
  /** `share`: read as percent. `cosine`, `length`: as they are. `waves`: a count across the image. */
  readonly unit: 'share' | 'cosine' | 'length' | 'waves'
  /** Lowest and highest value that there can be. */
  readonly range: readonly [low: number, high: number]
  /** Null where there is nothing to measure (no negative was evaluated, or the run was stored without what it takes). */
  of(given: Given): number | null
}
