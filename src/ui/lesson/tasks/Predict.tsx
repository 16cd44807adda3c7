/** A prediction: asked, then said for good, and only then the truth beside it. */
import { useEffect, useRef } from 'react'
import { ChoiceAsk } from '../asks/ChoiceAsk'
import { CurveAsk } from '../asks/CurveAsk'
import { NumberAsk } from '../asks/NumberAsk'
import { Words } from '../Markdown'
import type { TaskProps } from './props'

function Asked({ task: { ask, question }, answer, onAnswer }: TaskProps<'predict'>) {
  const common = { question, onAnswer }
  switch (ask.kind) {
    case 'choice':
      return <ChoiceAsk {...common} ask={ask} answer={answer?.kind === 'choice' ? answer : null} />
    case 'number':
      return <NumberAsk {...common} ask={ask} answer={answer?.kind === 'number' ? answer : null} />
    case 'curve':
      return <CurveAsk {...common} ask={ask} answer={answer?.kind === 'curve' ? answer : null} />
    default:
      return ask satisfies never
  }
}

export function Predict(props: TaskProps<'predict'>) {
  const { task, answer } = props
  const truth = useRef<HTMLDivElement>(null)
  const before = useRef(answer)
  // The button that was pressed is gone: what it brought takes the focus.
  useEffect(() => {
    if (answer !== null && before.current === null) truth.current?.focus()
    before.current = answer
  }, [answer])
  return (
    <>
      <div className="font-medium">
        <Words>{task.question}</Words>
      </div>
      <div ref={truth} tabIndex={-1} className="flex flex-col gap-2.5 outline-none">
        <Asked {...props} />
        {answer !== null && task.because !== null && (
          <div data-part="lesson-because" className="note">
            <Words>{task.because}</Words>
          </div>
        )}
      </div>
    </>
  )
}
