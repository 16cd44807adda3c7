/** One entry of the description: what it is, its field, why it was guessed so, and what of it to confirm. */
import type { ReactNode } from 'react'
import { Hint } from '../../kit/Hint'
import type { Explained } from './form'

interface EntryProps {
  /** Name in the page, for tests: `data-part`. */
  readonly part: string
  readonly title: string
  readonly explained: Explained
  readonly children: ReactNode
}

export function Entry({ part, title, explained: { reasons, doubts }, children }: EntryProps) {
  return (
    <div
      role="group"
      aria-label={title}
      data-part={part}
      data-doubt={doubts.length > 0 || undefined}
      className="grid gap-x-5 gap-y-1.5 border-t border-line py-3 sm:grid-cols-[9rem_minmax(0,1fr)]"
    >
      <h3 className="text-label font-medium">{title}</h3>
      <div className="flex min-w-0 flex-col gap-2">
        {children}
        {doubts.map((doubt) => (
          <p key={doubt} data-part="doubt" className="note text-hint">
            <span className="font-medium">To confirm:</span> {doubt}
          </p>
        ))}
        {reasons.length > 0 && <Hint>Why: {reasons.join('; ')}.</Hint>}
      </div>
    </div>
  )
}
