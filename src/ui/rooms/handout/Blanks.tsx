/** What is filled in by hand: boxes, a scale, empty axes, lines. On the teacher's sheet the answer stands in them. */
import type { Ask, Task } from '../../../lesson'
import { plain } from '../../../core/format'
import { Line, Words } from '../../lesson/Markdown'
import { Axes } from './Axes'

type AskOf<K extends Ask['kind']> = Extract<Ask, { readonly kind: K }>
type TaskOf<K extends Task['kind']> = Extract<Task, { readonly kind: K }>

interface Answered {
  readonly answers: boolean
}

function Ruled({ lines }: { readonly lines: number }) {
  return (
    <div aria-hidden className="flex flex-col">
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} className="block h-7 border-b border-edge" />
      ))}
    </div>
  )
}

function Choices({ ask, answers }: Answered & { readonly ask: AskOf<'choice'> }) {
  return (
    <ul className="flex flex-wrap gap-x-8 gap-y-1.5">
      {ask.choices.map((choice, i) => (
        <li key={choice} className="flex items-baseline gap-2">
          <span
            aria-hidden
            className="inline-flex size-3.5 shrink-0 translate-y-0.5 items-center justify-center border border-ink"
          >
            {answers && i === ask.right ? '✓' : ''}
          </span>
          <span>
            <Line>{choice}</Line>
            {answers && i === ask.right && <span className="sr-only"> (right)</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}

const SCALE = { width: 480, side: 16, at: 16 }

function Scale({ ask, answers }: Answered & { readonly ask: AskOf<'number'> }) {
  const { min, max, right, tolerance, unit } = ask
  const x = (value: number) => SCALE.side + ((value - min) / (max - min)) * (SCALE.width - 2 * SCALE.side)
  const ticks = Array.from({ length: 9 }, (_, i) => min + ((max - min) * i) / 8)
  const named = `${plain(right)}${unit === null ? '' : ` ${unit}`}`
  return (
    <>
      <svg
        viewBox={`0 0 ${SCALE.width} 40`}
        className="num w-full max-w-xl"
        fontSize="11"
        fill="var(--ink)"
        role="img"
        aria-label={`A scale from ${plain(min)} to ${plain(max)}`}
      >
        <line x1={x(min)} x2={x(max)} y1={SCALE.at} y2={SCALE.at} stroke="var(--ink)" />
        {ticks.map((tick, i) => (
          <g key={tick}>
            <line x1={x(tick)} x2={x(tick)} y1={SCALE.at - (i % 4 === 0 ? 6 : 4)} y2={SCALE.at} stroke="var(--ink)" />
            {i % 4 === 0 && (
              <text x={x(tick)} y={SCALE.at + 15} textAnchor="middle">
                {plain(Number(tick.toPrecision(3)))}
              </text>
            )}
          </g>
        ))}
        {answers && <circle cx={x(right)} cy={SCALE.at} r="5" fill="none" stroke="var(--ink)" strokeWidth="2" />}
      </svg>
      {answers && (
        <p>
          {named}, give or take {plain(tolerance)}
        </p>
      )}
    </>
  )
}

interface Placed {
  /** Settings with which the step begins. */
  readonly preset: string | null
}

function Asked({ ask, answers, preset }: Answered & Placed & { readonly ask: Ask }) {
  switch (ask.kind) {
    case 'choice':
      return <Choices {...{ ask, answers }} />
    case 'number':
      return <Scale {...{ ask, answers }} />
    case 'curve':
      return <Axes {...{ ask, answers, preset }} />
    default:
      return ask satisfies never
  }
}

function Goals({ task, answers }: Answered & { readonly task: TaskOf<'find'> }) {
  return (
    <ul className="flex flex-col gap-2">
      {task.goals.map((goal, i) => (
        <li key={i} className="flex flex-wrap items-baseline gap-x-3">
          <span>
            <Line>{goal.say}</Line>:
          </span>
          {answers ? (
            <span className="num">{task.solution[i]?.replaceAll('&', ', ') ?? goal.when}</span>
          ) : (
            <span aria-hidden className="inline-block min-w-48 flex-1 border-b border-edge" />
          )}
        </li>
      ))}
    </ul>
  )
}

export function Blanks({ task, answers, preset }: Answered & Placed & { readonly task: Task }) {
  switch (task.kind) {
    case 'look':
      return null
    case 'predict':
      return (
        <>
          <Asked ask={task.ask} {...{ answers, preset }} />
          {answers && task.because !== null && <Words>{task.because}</Words>}
        </>
      )
    case 'find':
      return (
        <>
          <Goals {...{ task, answers }} />
          {answers && task.hint !== null && <p>Hint: {task.hint}</p>}
        </>
      )
    case 'explain':
      return answers ? (
        <ul className="list-disc pl-5">
          {task.points.map((point) => (
            <li key={point}>
              <Line>{point}</Line>
            </li>
          ))}
        </ul>
      ) : (
        <Ruled lines={4} />
      )
    default:
      return task satisfies never
  }
}
