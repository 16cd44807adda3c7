/** A label at the left, and at the right what it is of. */
import type { ReactNode } from 'react'

export function Row({ label, children }: { readonly label: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="flex items-center justify-between gap-3">
      <span className="text-label">{label}</span>
      {children}
    </div>
  )
}
