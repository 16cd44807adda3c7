/** What the room and its workers say to each other. Both are of one build. */
import type { Path } from '../../../plane/cloud'
import type { ErrorMaps } from '../../../plane/errors'
import type { Lines } from '../../../plane/ground'
import type { Measures, Seen } from '../../../plane/measures'
import type { Label } from '../../../plane/mixture'
import type { Trajectory } from '../../../sampling/records'
import type { Settings } from '../../../settings/types'

/** Something of each trajectory that was walked. */
export type OfTrajectories<T> = Readonly<Record<Trajectory, T | null>>

export interface PartOfCloud {
  readonly sigmas: readonly number[]
  readonly paths: OfTrajectories<Path>
  readonly evaluations: number
  readonly push: number
  readonly milliseconds: number
}

export interface SeenPoints extends Seen {
  /** [points × 2] */
  readonly ends: Float32Array
}

/** What a worker can be asked, and what it answers to each. */
export interface Jobs {
  /** Some of the points: rows from `first` on. */
  readonly walk: { readonly asked: { settings: Settings; first: number; rows: number }; readonly answer: PartOfCloud }
  /** Points at the end, of each trajectory. */
  readonly measure: {
    readonly asked: { ends: OfTrajectories<Float32Array>; label: Label }
    readonly answer: OfTrajectories<Measures>
  }
  /** Some of the guided points at the end, and what the truth says of them: rows from `first` on. */
  readonly see: { readonly asked: { settings: Settings; first: number; rows: number }; readonly answer: SeenPoints }
  readonly lines: { readonly asked: { sigma: number; label: Label }; readonly answer: Lines }
  /** D⁺ − D⁻ at places; null where no one field says it. */
  readonly field: {
    readonly asked: { settings: Settings; step: number; x: Float32Array }
    readonly answer: Float32Array | null
  }
  readonly errors: { readonly asked: { sigma: number; label: Label; side: number }; readonly answer: ErrorMaps }
}

export type JobName = keyof Jobs

export type Request<K extends JobName = JobName> = {
  readonly [P in K]: { readonly id: number; readonly job: P; readonly asked: Jobs[P]['asked'] }
}[K]

export type Done<K extends JobName = JobName> = {
  readonly [P in K]: { readonly id: number; readonly kind: 'done'; readonly job: P; readonly answer: Jobs[P]['answer'] }
}[K]

export type Reply = Done | { readonly id: number; readonly kind: 'failed'; readonly job: JobName; readonly why: string }
