/** A key of the keyboard, in a line of text. */
import type { ReactNode } from 'react'

export function Key({ children }: { readonly children: ReactNode }) {
  return (
    <kbd className="rounded-[3px] border border-line bg-surface px-1 font-sans text-tiny whitespace-nowrap text-ink">
      {children}
    </kbd>
  )
}
