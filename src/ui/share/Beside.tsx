/** What is copied at the left, and at the right what comes of it; below each other on a phone. */
import type { ReactNode } from 'react'

interface BesideProps {
  /** The heading of what is seen. */
  readonly preview: string
  readonly seen: ReactNode
  readonly children: ReactNode
}

export function Beside({ preview, seen, children }: BesideProps) {
  return (
    <div className="grid gap-x-6 gap-y-4 sm:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="min-w-0">{children}</div>
      <div>
        <h3 className="mb-1.5 text-hint text-muted">{preview}</h3>
        {seen}
      </div>
    </div>
  )
}
