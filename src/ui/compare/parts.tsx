/** What the sentences of the ways are made of: a picture's name in its colour, and what is said of keys. */
import type { ReactNode } from 'react'
import type { Pictured } from '../run/run'
import { CAPTION } from '../stage/Panel'

const CAPTIONS: Record<Pictured, { readonly tone: string; readonly dot: string }> = {
  ...CAPTION,
  pinned: { tone: 'text-ink', dot: 'border-2 border-ink' },
}

export function Name({ role }: { readonly role: Pictured }) {
  return <span className={`font-medium ${CAPTIONS[role].tone}`}>{role}</span>
}

/** A picture's name under it, pale while the picture is not seen. */
export function Label({ role, seen }: { readonly role: Pictured; readonly seen: boolean }) {
  return (
    <span
      data-part={`compare-${role}`}
      data-seen={seen}
      className={`flex items-baseline gap-1.5 ${seen ? `font-medium ${CAPTIONS[role].tone}` : 'text-muted'}`}
    >
      <span className={`size-2 rounded-full ${seen ? CAPTIONS[role].dot : 'border border-edge'}`} aria-hidden />
      {role}
    </span>
  )
}

/** Not shown where there is only a finger. */
export function Keys({ children }: { readonly children: ReactNode }) {
  return <span className="pointer-coarse:hidden">{children}</span>
}
