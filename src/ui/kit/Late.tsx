/** What is said at once to those who don't look, and seen only where it still holds after a moment: a drag does not flicker. */
import { type ReactNode, useState } from 'react'

interface LateProps {
  /** Name in the page, for tests: `data-part`. */
  readonly part: string
  /** What it waits for: each new one begins the moment anew, until it was seen once. */
  readonly of: string
  readonly className?: string
  readonly children: ReactNode
}

export function Late({ part, of, className = '', children }: LateProps) {
  const [seen, setSeen] = useState<string | null>(null)
  return (
    <span key={seen ?? of} data-part={part} className={`late ${className}`} onAnimationStart={() => setSeen(of)}>
      {children}
    </span>
  )
}
