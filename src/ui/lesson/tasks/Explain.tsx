/** Words of one's own. They are kept as they are typed; what they are worth is for people to say. */
import { useId } from 'react'
import { Words } from '../Markdown'
import type { TaskProps } from './props'

const LONGEST = 4000

export function Explain({ task, answer, onAnswer }: TaskProps<'explain'>) {
  const id = useId()
  const text = answer?.kind === 'explain' ? answer.text : ''
  return (
    <>
      <div id={id} className="font-medium">
        <Words>{task.question}</Words>
      </div>
      <textarea
        data-part="lesson-explain"
        aria-labelledby={id}
        rows={5}
        maxLength={LONGEST}
        value={text}
        className="w-full rounded-[5px] border border-line bg-surface px-2 py-1.5 text-label hover:border-edge focus-visible:outline-2 focus-visible:outline-positive"
        onChange={(event) => onAnswer({ kind: 'explain', text: event.target.value })}
      />
      <p className="text-hint text-muted">Kept in this browser as you write.</p>
    </>
  )
}
