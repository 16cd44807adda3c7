/** A part of the controls under a heading. */
import { type ReactNode, useId } from 'react'

interface SectionProps {
  readonly title: string
  /** What stands at the right of the heading. */
  readonly aside?: ReactNode
  readonly children: ReactNode
}

export function Section({ title, aside, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="border-b border-line py-4 first:pt-0 last:border-b-0">
      <div className="mb-2.5 flex items-baseline justify-between gap-1">
        <h2 id={id} className="font-medium whitespace-nowrap">
          {title}
        </h2>
        {aside}
      </div>
      <div className="flex flex-col gap-2.5">{children}</div>
    </section>
  )
}
