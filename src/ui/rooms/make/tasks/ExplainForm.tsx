/** A question that is answered in words of one's own, and what the teacher listens for. */
import { Lines, TextField } from '../fields'
import type { TaskFormProps } from './props'

export function ExplainForm({ task, onChange }: TaskFormProps<'explain'>) {
  return (
    <>
      <TextField
        part="question"
        label="Question, answered in words of one’s own"
        value={task.question}
        onChange={(question) => onChange({ ...task, question })}
      />
      <Lines
        part="points"
        label="What a good answer says, one point a line; only teachers see it"
        values={task.points}
        onChange={(points) => onChange({ ...task, points })}
      />
    </>
  )
}
