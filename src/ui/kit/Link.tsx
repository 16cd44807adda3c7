/** A link to another page, in a window of its own: what is being sampled here stays. */
import type { ReactNode } from 'react'

export function Link({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <a className="link" href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  )
}
