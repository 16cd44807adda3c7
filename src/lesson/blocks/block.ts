/** The contract of the files in this folder: a thing to do in a step, as a fenced block. */
import type { Fields } from '../fields'
import type { Task } from '../types'

export type TaskKind = Exclude<Task['kind'], 'look'>
export type TaskOf<K extends TaskKind> = Extract<Task, { readonly kind: K }>

export interface BlockFormat<K extends TaskKind> {
  /** Null where something is wrong, which was said. */
  read(fields: Fields): TaskOf<K> | null
  /** As `read` reads it. */
  write(task: TaskOf<K>): Readonly<Record<string, unknown>>
}
