/** What the room holds: files, what was seen in them, the form, pictures of a trial, the opened model. Pure. */
import type { LayerMap } from '../../../evaluation/layers/map'
import type { KeptModel } from '../../../storage/opened-models'
import type { BroughtFile } from '../../../worker/opener/files'
import type { Looked, OpenedModel, Tried } from '../../../worker/opener/messages'
import type { Form } from './form'
import type { Role } from './roles'

/** Something that takes a while, and may fail. */
export type Work<T> =
  | { readonly kind: 'none' }
  | { readonly kind: 'working'; readonly done: number; readonly total: number; readonly what: string }
  | { readonly kind: 'done'; readonly value: T }
  /** `why`: a sentence or two on what happened, why, and what to do. */
  | { readonly kind: 'failed'; readonly why: string }

export type Trial = Tried & { readonly form: Form }

export const NONE = { kind: 'none' } as const

export interface OpenState {
  readonly files: readonly BroughtFile[]
  /** Path of the graph among them. */
  readonly graph: string | null
  /** What other graphs are for, as far as it was changed by hand. */
  readonly roles: Readonly<Record<string, Role>>
  /** The graph is so large that it is read only when a person says so. */
  readonly held: boolean
  readonly looking: Work<Looked>
  readonly form: Form | null
  readonly trying: Work<Trial>
  /** The last pictures, which stay until there are newer ones. */
  readonly trial: Trial | null
  /** The model as it came, until its layers are proved: it can be used as soon as it is there. */
  readonly opening: Work<OpenedModel & { readonly form: Form }>
  /** Finding and proving its layers. */
  readonly proving: Work<null>
  /** What PAG does at each layer of the opened model. */
  readonly mapping: Work<LayerMap>
  /** Putting an opened model into the browser's storage. */
  readonly keeping: Work<string>
  /** Bringing a worse network beside a kept model, and which; null: nobody asked. */
  readonly adding: { readonly id: string; readonly work: Work<void> } | null
  /** Models that were opened before. */
  readonly kept: readonly KeptModel[]
  /** What could not be done with the files that came last; what stands stays. */
  readonly refusal: string | null
}

export const beginningState: OpenState = {
  files: [],
  graph: null,
  roles: {},
  held: false,
  looking: NONE,
  form: null,
  trying: NONE,
  trial: null,
  opening: NONE,
  proving: NONE,
  mapping: NONE,
  keeping: NONE,
  adding: null,
  kept: [],
  refusal: null,
}

/** The value of what is done. */
export function valueOf<T>(work: Work<T>): T | null {
  return work.kind === 'done' ? work.value : null
}

/** Files that the graph names and that did not come. */
export function missingOf({ looking }: Pick<OpenState, 'looking'>): readonly string[] {
  return valueOf(looking)?.look.missing ?? []
}

/** Whether what was made of a form is of it as it is now. */
export function isCurrent({ form }: Pick<OpenState, 'form'>, made: { readonly form: Form } | null): boolean {
  return made !== null && made.form.description === form?.description
}
