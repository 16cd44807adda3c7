/** A sentence that explains what stands above it. */
import type { ReactNode } from 'react'

interface HintProps {
  /** Name in the page, for tests: `data-part`. */
  readonly part?: string
  /** For what the sentence describes: `aria-describedby`. */
  readonly id?: string
  /** Figures that change keep their places. */
  readonly figures?: boolean
  readonly className?: string
  readonly children: ReactNode
}

export function Hint({ part, id, figures = false, className = '', children }: HintProps) {
  return (
    <p id={id} data-part={part} className={`text-hint text-muted ${figures ? 'num' : ''} ${className}`}>
      {children}
    </p>
  )
}
