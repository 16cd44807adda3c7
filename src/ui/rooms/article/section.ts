/** What a section of the article is on this page: what it says in our words, and figures from our own measurements. Data, one file each in `sections/`. */
import type { Claim } from '../measured/claim'
import type { Estimate } from '../../../evaluation/metrics'
import type { Finding, Shape, ShapePoint, ShapeVerdict } from '../measured/shape'
import type { ModelInfo } from '../../../model/types'
import type { Asked } from './evidence'

/** Settings under a name; null: the family has no network for them. */
export interface Named {
  readonly label: string
  asked(model: ModelInfo): Asked | null
}

interface Described {
  readonly id: string
  readonly title: string
  /** What the article or its paper shows, whole sentences. */
  readonly paper: string
  /** Neither the article nor its paper has this figure, so that it can't be as in one. */
  readonly own?: true
  /** Sweep files that draw its points, by their names in `public/sweeps`. */
  readonly sweeps?: readonly string[]
  /** Why ours may differ, said only where it came out like this. */
  readonly why?: Partial<Readonly<Record<Finding, string>>>
}

/** A curve as it is drawn. */
export interface Line {
  readonly label: string
  readonly points: readonly ShapePoint[]
}

/** One curve or several, of the same setting along the axis. */
export interface Lines extends Described {
  readonly kind: 'lines'
  /** What is under the axis, what the article says of such a curve, and how that is judged. */
  readonly shape: Shape
  /** The setting along the axis. */
  readonly along: string
  readonly lines: readonly Named[]
  /** What came of what the paper says of the lines beside each other, of those that were measured. */
  readonly judge?: (lines: readonly Line[]) => ShapeVerdict | null
}

/** What was measured of a variant or place: how far from no guidance. */
export interface Judged {
  readonly label: string
  readonly against: Estimate
}

/** Variants of one thing, one under the other. */
export interface Table extends Described {
  readonly kind: 'table'
  /** What is compared, over its first column. */
  readonly of: string
  rows(model: ModelInfo): readonly Named[]
  /** What came of what the paper says, of its rows, null where one was not measured; null where too few were. */
  readonly judge?: (rows: readonly (Judged | null)[]) => ShapeVerdict | null
}

/** A place on a side of a plane: what it is called, and what it asks for. */
export interface Side {
  readonly label: string
  readonly asks: Readonly<Record<string, unknown>>
}

/** Two settings, one across and one down. */
export interface Plane extends Described {
  readonly kind: 'plane'
  readonly across: string
  readonly down: string
  columns(model: ModelInfo): readonly Side[]
  rows(model: ModelInfo): readonly Side[]
  /** What all places share. */
  asked(model: ModelInfo): Asked | null
  /** As a table's, of the places row by row. */
  readonly judge?: (rows: readonly (readonly (Judged | null)[])[]) => ShapeVerdict | null
}

export type Figure = Lines | Table | Plane

/** A file of `sections/`. */
export interface Section {
  readonly id: string
  /** Its number, as lessons name it. */
  readonly order: number
  readonly title: string
  /** What the article says, in our words: paragraphs. */
  readonly says: readonly string[]
  /** Methods whose equations stand here. */
  readonly methods: readonly string[]
  readonly claims: readonly Claim[]
  readonly figures: readonly Figure[]
}
