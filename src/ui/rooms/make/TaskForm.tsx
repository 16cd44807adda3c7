/** What there is to do in a step: one thing at most. */
import { useState } from 'react'
import type { Task } from '../../../lesson'
import { Segments } from '../../kit/Segments'
import { ExplainForm } from './tasks/ExplainForm'
import { FindForm } from './tasks/FindForm'
import { NEW_ASKS, PredictForm } from './tasks/PredictForm'

const NEW_TASKS: { readonly [K in Task['kind']]: Extract<Task, { readonly kind: K }> } = {
  look: { kind: 'look' },
  predict: { kind: 'predict', question: '', ask: NEW_ASKS.choice, because: null },
  find: { kind: 'find', task: '', goals: [{ say: '', when: '' }], hint: null, solution: [] },
  explain: { kind: 'explain', question: '', points: [] },
}

const KINDS: readonly { readonly value: Task['kind']; readonly label: string }[] = [
  { value: 'look', label: 'Look' },
  { value: 'predict', label: 'Predict' },
  { value: 'find', label: 'Find' },
  { value: 'explain', label: 'Explain' },
]

interface TaskFormProps {
  readonly task: Task
  readonly family: string
  readonly onChange: (task: Task) => void
}

function Form({ task, ...props }: TaskFormProps) {
  switch (task.kind) {
    case 'look':
      return <p className="text-label text-muted">Nothing is asked: students read, look and try.</p>
    case 'predict':
      return <PredictForm task={task} {...props} />
    case 'find':
      return <FindForm task={task} {...props} />
    case 'explain':
      return <ExplainForm task={task} {...props} />
    default:
      return task satisfies never
  }
}

export function TaskForm(props: TaskFormProps) {
  const { task, onChange } = props
  const [left, setLeft] = useState<readonly Task[]>([])
  /** Back to a kind that was left, with what was written there. */
  function choose(value: string) {
    const kind = KINDS.find((each) => each.value === value)?.value
    if (!kind || kind === task.kind) return
    setLeft([...left.filter((each) => each.kind !== task.kind), task])
    onChange(left.find((each) => each.kind === kind) ?? NEW_TASKS[kind])
  }
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="mb-1.5 text-label text-muted">What students do</legend>
      <Segments part="task" label="What students do" value={task.kind} options={KINDS} onChange={choose} />
      <Form {...props} />
    </fieldset>
  )
}
