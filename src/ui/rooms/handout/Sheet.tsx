/** A lesson on paper, to be written on; or the teacher's, with answers and the settings of each step. */
import { Fragment } from 'react'
import { presetsInForce, type Lesson, type Step, type Task } from '../../../lesson'
import type { ModelInfo } from '../../../model/types'
import { Line, Text } from '../../lesson/Markdown'
import { presetWords } from '../../teaching/present'
import { Blanks } from './Blanks'

interface SheetProps {
  readonly lesson: Lesson
  /** Where the lesson is opened; null where that is too long to be typed. */
  readonly address: string | null
  readonly answers: boolean
  readonly models: readonly ModelInfo[]
}

function questionOf(task: Task): string | null {
  switch (task.kind) {
    case 'look':
      return null
    case 'find':
      return task.task
    case 'predict':
    case 'explain':
      return task.question
    default:
      return task satisfies never
  }
}

interface StepProps extends Pick<SheetProps, 'answers' | 'models'> {
  readonly step: Step
  readonly at: number
  /** Settings with which it begins. */
  readonly preset: string | null
}

function OneStep({ step, at, preset, answers, models }: StepProps) {
  const { title, place, body, task } = step
  const question = questionOf(task)
  return (
    <section data-part="handout-step" className="flex flex-col gap-2.5 border-t border-line pt-3 pb-4">
      <h2 className="font-semibold">
        <span className="num">{at + 1}</span> <Line>{title}</Line>
      </h2>
      {place.preset !== null && (
        <p className="text-hint text-muted wrap-anywhere">
          The page shows {presetWords(place.preset, models)}
          {answers && <span className="block">#{place.preset}</span>}
        </p>
      )}
      <Text body={body} />
      {question !== null && (
        <div className="flex flex-col gap-2.5 break-inside-avoid">
          <div className="font-medium">
            <Line>{question}</Line>
          </div>
          <Blanks {...{ task, answers, preset }} />
        </div>
      )}
    </section>
  )
}

export function Sheet({ lesson, address, answers, models }: SheetProps) {
  const { title, minutes, steps, teacher } = lesson
  const presets = presetsInForce(steps)
  return (
    <article data-part="handout" data-answers={answers} className="mt-6 max-w-[46rem] print:mt-0 print:max-w-none">
      <h1 className="text-lead font-semibold">
        <Line>{title}</Line>
      </h1>
      <p className="mt-1 mb-4 text-hint text-muted wrap-anywhere">
        {minutes} minutes · {address ?? 'opened by the link that your teacher gives you'}
      </p>
      {!answers && (
        <p aria-hidden className="mb-4 flex gap-6 text-label text-muted">
          <span className="flex-[2] border-b border-edge">Name or group</span>
          <span className="flex-1 border-b border-edge">Date</span>
        </p>
      )}
      {steps.map((step, at) => (
        <Fragment key={at}>
          <OneStep {...{ step, at, answers, models }} preset={presets[at] ?? null} />
        </Fragment>
      ))}
      {answers && teacher !== null && (
        <section data-part="handout-teacher" className="flex flex-col gap-2.5 border-t border-ink pt-3">
          <h2 className="font-semibold">For the teacher</h2>
          <Text body={teacher} />
        </section>
      )}
    </article>
  )
}
