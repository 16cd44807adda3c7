/** How many chose which answer. */
import type { Ask } from '../../../lesson'
import { Line } from '../../lesson/Markdown'

interface BarsProps {
  readonly ask: Extract<Ask, { readonly kind: 'choice' }>
  readonly counts: readonly number[]
  /** Whether what is true may be seen. */
  readonly revealed: boolean
}

export function Bars({ ask, counts, revealed }: BarsProps) {
  const most = Math.max(1, ...counts)
  return (
    <ol
      data-part="answer-bars"
      className="num grid grid-cols-[minmax(6rem,auto)_1fr_auto] items-center gap-x-3 gap-y-1.5 text-label"
    >
      {ask.choices.map((choice, i) => {
        const right = revealed && i === ask.right
        return (
          <li key={choice} className="col-span-3 grid grid-cols-subgrid items-center" data-count={counts[i]}>
            <span className={`max-w-56 ${right ? 'font-medium text-positive' : ''}`}>
              <Line>{choice}</Line>
              {right && ' ✓'}
            </span>
            <span className="h-3.5 rounded-[2px] bg-sunken">
              <span
                className={`drawn block h-full rounded-[2px] ${right ? 'bg-positive' : 'bg-edge'}`}
                style={{ width: `${(100 * (counts[i] ?? 0)) / most}%` }}
              />
            </span>
            <span className="text-right">{counts[i]}</span>
          </li>
        )
      })}
    </ol>
  )
}
