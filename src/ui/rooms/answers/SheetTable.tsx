/** Each sheet at a glance: which steps were answered, and which rightly. */
import { isRight, type Lesson } from '../../../lesson'
import type { Gathered } from '../../../lesson'

interface SheetTableProps {
  readonly lesson: Lesson
  readonly sheets: Gathered['sheets']
}

function markOf(lesson: Lesson, at: number, sheet: Gathered['sheets'][number]): readonly [sign: string, words: string] {
  const answer = sheet.steps[at] ?? null
  const step = lesson.steps[at]
  if (answer === null || step === undefined) return ['·', 'not answered']
  switch (isRight(step.task, answer)) {
    case true:
      return ['✓', step.task.kind === 'find' ? 'all found' : 'right']
    case false:
      return step.task.kind === 'find' ? ['–', 'partly found'] : ['✗', 'not right']
    case null:
      return ['●', 'answered']
  }
}

export function SheetTable({ lesson, sheets }: SheetTableProps) {
  const asked = lesson.steps.flatMap(({ task }, at) => (task.kind === 'look' ? [] : [at]))
  return (
    <details data-part="sheets" className="border-t border-line py-5 text-label">
      <summary className="cursor-pointer font-medium">Each sheet</summary>
      <div className="relative mt-3 overflow-x-auto" tabIndex={0} role="region" aria-label="Each sheet">
        <table className="num">
          <thead>
            <tr className="text-hint text-muted">
              <th scope="col" className="pr-4 text-left font-normal">
                Sheet
              </th>
              {asked.map((at) => (
                <th key={at} scope="col" className="px-2 font-normal">
                  Step {at + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sheets.map((sheet) => (
              <tr key={`${sheet.lesson} ${sheet.sheet}`} className="border-t border-line">
                <th scope="row" className="min-w-20 py-1 pr-4 text-left font-normal">
                  {sheet.called}
                </th>
                {asked.map((at) => {
                  const [sign, words] = markOf(lesson, at, sheet)
                  return (
                    <td key={at} className="px-2 text-center">
                      <span
                        aria-hidden
                        className={sign === '✓' ? 'text-positive' : sign === '✗' ? 'text-negative' : ''}
                      >
                        {sign}
                      </span>
                      <span className="sr-only">{words}</span>
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
        <p className="mt-2 text-hint text-muted">
          ✓ right, or all found · ✗ not right · – partly found · ● answered · nothing yet: ·
        </p>
      </div>
    </details>
  )
}
