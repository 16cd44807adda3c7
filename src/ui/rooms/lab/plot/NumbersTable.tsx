/** All numbers of a curve as a table: what the drawing says, for those who do not see it, and what it leaves out. */
import type { ReactNode } from 'react'

interface NumbersTableProps {
  readonly part: string
  /** Over numbers. */
  readonly heads: readonly string[]
  /** Of columns behind them, whose cells say what they are: heard, and not seen. */
  readonly unseen: readonly string[]
  /** Its rows; each begins with the settings. */
  readonly children: ReactNode
}

export function NumbersTable({ part, heads, unseen, children }: NumbersTableProps) {
  return (
    <div className="relative overflow-x-auto" role="group" aria-label="Numbers of the curve" tabIndex={0}>
      <table data-part={part} className="num text-hint">
        <caption className="sr-only">Numbers of the curve, with 95 % intervals</caption>
        <thead>
          <tr className="text-muted">
            <th scope="col" className="pb-1 text-left font-normal">
              settings
            </th>
            {heads.map((head) => (
              <th key={head} scope="col" className="pb-1 pl-5 text-right font-normal whitespace-nowrap">
                {head}
              </th>
            ))}
            {unseen.map((head) => (
              <th key={head} scope="col" className="pl-5 text-left font-normal">
                <span className="sr-only">{head}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
