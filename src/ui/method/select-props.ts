/** What the chooser of a method is given, and what its menu gets of it. */
import type { ReactNode } from 'react'

export interface MethodSelectProps {
  /** Name in the page, for tests: `data-part`. */
  readonly part: string
  readonly label: string
  /** The term whose method is chosen: 0 is the first, and one beyond the stack is a term to be added. */
  readonly at: number
  readonly value: string | null
  readonly placeholder?: string
  readonly onChange: (method: string) => void
}

export interface MethodMenuProps extends Pick<MethodSelectProps, 'part' | 'at' | 'value' | 'onChange'> {
  readonly labelledBy: string
  readonly className: string
  readonly face: ReactNode
}
