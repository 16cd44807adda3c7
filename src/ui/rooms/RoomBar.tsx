/** The bar over a room: the page's name, and the way back to the pictures. */
import type { ReactNode } from 'react'

interface RoomBarProps {
  readonly back: string
  /** What else can be done here. */
  readonly children?: ReactNode
}

export function RoomBar({ back, children }: RoomBarProps) {
  return (
    <header className="flex h-12 items-center gap-4 border-b border-line px-3 sm:px-6">
      <p className="shrink-0 font-semibold tracking-[-0.01em]">
        Guidance<span className="max-sm:hidden"> Playground</span>
      </p>
      <div className="ml-auto flex min-w-0 gap-1.5">
        {children}
        <a data-part="to-play" className="button shrink-0" href={back}>
          Back to the pictures
        </a>
      </div>
    </header>
  )
}
