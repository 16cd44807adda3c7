/** A sentence that explains what stands above it. */
import type { ReactNode } from 'react'

interface HintProps {
  /** For what the sentence describes: `aria-describedby`. */
  readonly id?: string
  /** Figures that change keep their places. */
  readonly figures?: boolean
  readonly className?: string
  readonly children: ReactNode
}

export function Hint({ id, figures = false, className = '', children }: HintProps) {
  return (
    <p id={id} className={`text-hint text-muted ${figures ? 'num' : ''} ${className}`}>
      {children}
    </p>
  )
}
