/** The last page: what was answered, and where to go from here. */
import type { Ref } from 'react'
import { isRight, type Answers, type Lesson } from '../../lesson'
import { HandIn } from '../teaching/HandIn'
import { Line } from './Markdown'
import { ToLessons } from './ToLessons'

interface EndProps {
  readonly lesson: Lesson
  readonly answers: Answers
  /** As the address names it. */
  readonly name: string
  readonly heading: Ref<HTMLHeadingElement>
  readonly onForget: () => void
  /** Brings back what was just forgotten; null where nothing was. */
  readonly onRemember: (() => void) | null
}

/** In a word what became of a task. */
function outcome(lesson: Lesson, answers: Answers, at: number): string {
  const [task, answer] = [lesson.steps[at]!.task, answers.steps[at] ?? null]
  if (answer === null) return 'not answered'
  switch (answer.kind) {
    case 'choice':
    case 'number':
      return isRight(task, answer) === true ? 'predicted right' : 'predicted otherwise'
    case 'curve':
      return 'drawn'
    case 'find':
      return `${answer.met.filter((met) => met !== null).length} of ${answer.met.length} found`
    case 'explain':
      return answer.text.trim() === '' ? 'not answered' : 'explained'
    default:
      return answer satisfies never
  }
}

export function End({ lesson, answers, name, heading, onForget, onRemember }: EndProps) {
  const asked = lesson.steps.flatMap((step, at) => (step.task.kind === 'look' ? [] : [{ step, at }]))
  return (
    <>
      <h2 ref={heading} tabIndex={-1} className="text-lead font-semibold outline-none">
        You have come to the end
      </h2>
      <ol data-part="lesson-outcomes" className="flex flex-col gap-1.5 text-label">
        {asked.map(({ step, at }) => (
          <li key={at} className="flex items-baseline justify-between gap-3">
            <span className="min-w-0">
              <Line>{step.title}</Line>
            </span>
            <span className="shrink-0 text-muted">{outcome(lesson, answers, at)}</span>
          </li>
        ))}
      </ol>
      {answers.steps.some((answer) => answer !== null) && <HandIn {...{ lesson, answers, name }} />}
      <p>The page is yours now: every control is there, and the address keeps what you make of it.</p>
      <div className="flex flex-wrap gap-2">
        <ToLessons>Other lessons</ToLessons>
        <button type="button" className="button quiet" data-part="lesson-again" onClick={onRemember ?? onForget}>
          {onRemember ? 'Bring my answers back' : 'Forget my answers'}
        </button>
      </div>
    </>
  )
}
