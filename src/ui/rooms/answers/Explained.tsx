/** Explanations side by side, and what the teacher listens for. */
import type { Said } from '../../../lesson'
import { Line } from '../../lesson/Markdown'

interface ExplainedProps {
  readonly points: readonly string[]
  readonly said: readonly Said<string>[]
  readonly revealed: boolean
  readonly named: boolean
}

export function Explained({ points, said, revealed, named }: ExplainedProps) {
  return (
    <>
      {revealed && points.length > 0 && (
        <div data-part="answer-points" className="text-label text-positive">
          A good answer says:{' '}
          {points.map((point, i) => (
            <span key={point}>
              {i > 0 && '; '}
              <Line>{point}</Line>
            </span>
          ))}
          .
        </div>
      )}
      <ul data-part="answer-texts" className="columns-[17rem] gap-3">
        {said.map(({ by, value }, i) => (
          <li
            key={i}
            className="mb-3 break-inside-avoid rounded-md border border-line bg-surface px-3 py-2 text-label wrap-break-word whitespace-pre-line"
          >
            {value}
            {named && <span className="mt-1 block text-hint text-muted">{by}</span>}
          </li>
        ))}
      </ul>
    </>
  )
}
