/** One step: its title, its text, and what there is to do. */
import type { Ref } from 'react'
import type { Answer, Step as LessonStep } from '../../lesson'
import { Line, Text } from './Markdown'
import { Explain } from './tasks/Explain'
import { Find } from './tasks/Find'
import { Predict } from './tasks/Predict'

interface StepProps {
  readonly step: LessonStep
  readonly answer: Answer | null
  readonly onAnswer: (answer: Answer) => void
  readonly heading: Ref<HTMLHeadingElement>
}

function Todo({ step: { task }, answer, onAnswer }: Omit<StepProps, 'heading'>) {
  switch (task.kind) {
    case 'look':
      return null
    case 'predict':
      return <Predict {...{ task, answer, onAnswer }} />
    case 'find':
      return <Find {...{ task, answer, onAnswer }} />
    case 'explain':
      return <Explain {...{ task, answer, onAnswer }} />
    default:
      return task satisfies never
  }
}

const WORDS = { look: '', predict: 'Predict', find: 'Find', explain: 'Explain' } as const

export function Step({ heading, ...props }: StepProps) {
  const { step } = props
  const { kind } = step.task
  return (
    <>
      <h2 ref={heading} tabIndex={-1} className="text-lead font-semibold outline-none">
        <Line>{step.title}</Line>
      </h2>
      {step.body.text !== '' && <Text body={step.body} />}
      {kind !== 'look' && (
        <section
          data-part="lesson-task"
          data-kind={kind}
          aria-label={WORDS[kind]}
          className="mt-1 flex flex-col gap-2.5 border-t border-line pt-3"
        >
          <p className="text-hint font-medium text-muted" aria-hidden>
            {WORDS[kind]}
          </p>
          <Todo {...props} />
        </section>
      )}
    </>
  )
}
