/** What every thing to do is given, and what it gives. */
import type { Answer, Ask, Task } from '../../../lesson'

export interface TaskProps<K extends Task['kind']> {
  readonly task: Extract<Task, { readonly kind: K }>
  /** What was answered; null before. */
  readonly answer: Answer | null
  readonly onAnswer: (answer: Answer) => void
}

export interface AskProps<K extends Ask['kind']> {
  readonly ask: Extract<Ask, { readonly kind: K }>
  readonly question: string
  /** What was answered, which is then final and beside the truth; null before. */
  readonly answer: Extract<Answer, { readonly kind: K }> | null
  readonly onAnswer: (answer: Answer) => void
}
