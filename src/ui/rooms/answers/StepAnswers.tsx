/** One step of the lesson: what was asked, and what the class said. */
import type { Step } from '../../../lesson'
import type { Summary } from '../../../lesson'
import { Line, Words } from '../../lesson/Markdown'
import { Bars } from './Bars'
import { Curves } from './Curves'
import { Dots } from './Dots'
import { Explained } from './Explained'
import { Found } from './Found'

export interface StepAnswersProps {
  readonly at: number
  readonly step: Step
  readonly summary: Summary
  /** How many sheets there are. */
  readonly sheets: number
  /** Settings with which the step begins. */
  readonly preset: string | null
  /** Whether what is true, and who said what, may be seen. */
  readonly revealed: boolean
  readonly named: boolean
}

const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0)

/** How many answered, and how many of them were right where that can be said. */
function tally(summary: Summary, revealed: boolean): string {
  const right = (count: number) => (revealed ? `, ${count} right` : '')
  switch (summary.kind) {
    case 'look':
      return ''
    case 'choice':
      return `${sum(summary.counts)} answered${right(summary.right)}`
    case 'number':
      return `${summary.said.length} answered${right(summary.right)}`
    case 'curve':
      return `${summary.said.length} drawn`
    case 'find':
      return `${summary.tried} found something`
    case 'explain':
      return `${summary.said.length} explained`
    default:
      return summary satisfies never
  }
}

function Answered({ step: { task }, summary, sheets, preset, revealed, named }: StepAnswersProps) {
  if (task.kind === 'find' && summary.kind === 'find')
    return <Found goals={task.goals} found={summary.goals} {...{ sheets, preset, named }} />
  if (task.kind === 'explain' && summary.kind === 'explain')
    return <Explained points={task.points} said={summary.said} {...{ revealed, named }} />
  if (task.kind !== 'predict') return null
  const { ask } = task
  if (ask.kind === 'choice' && summary.kind === 'choice')
    return <Bars ask={ask} counts={summary.counts} {...{ revealed }} />
  if (ask.kind === 'number' && summary.kind === 'number')
    return <Dots ask={ask} values={summary.said.map(({ value }) => value)} {...{ revealed }} />
  if (ask.kind === 'curve' && summary.kind === 'curve')
    return <Curves ask={ask} curves={summary.said.map(({ value }) => value)} {...{ revealed, preset }} />
  return null
}

export function StepAnswers(props: StepAnswersProps) {
  const { at, step, summary, revealed } = props
  const { task } = step
  if (task.kind === 'look') return null
  return (
    <section data-part="step-answers" data-step={at} className="border-t border-line py-5">
      <p className="flex items-baseline justify-between gap-3 text-hint text-muted">
        <span>
          Step {at + 1}: <Line>{step.title}</Line>
        </span>
        <span className="num shrink-0">{tally(summary, revealed)}</span>
      </p>
      <h2 className="mt-1 mb-3 max-w-[46rem] text-sentence font-medium">
        <Line>{task.kind === 'find' ? task.task : task.question}</Line>
      </h2>
      <div className="flex flex-col gap-3">
        <Answered {...props} />
        {revealed && task.kind === 'predict' && task.because !== null && (
          <div className="note max-w-[46rem] text-label text-muted">
            <Words>{task.because}</Words>
          </div>
        )}
      </div>
    </section>
  )
}
