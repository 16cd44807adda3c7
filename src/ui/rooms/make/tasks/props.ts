/** What the form of a task is given, and what it gives. */
import type { Ask, Task } from '../../../../lesson'

export interface TaskFormProps<K extends Task['kind']> {
  readonly task: Extract<Task, { readonly kind: K }>
  readonly onChange: (task: Task) => void
  /** The family of networks that the step is of. */
  readonly family: string
}

export interface AskFormProps<K extends Ask['kind']> {
  readonly ask: Extract<Ask, { readonly kind: K }>
  readonly onChange: (ask: Ask) => void
  readonly family: string
}
