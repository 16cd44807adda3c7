/** What the sentences of the ways are made of: a picture's name in its colour, and what is said of keys. */
import type { ReactNode } from 'react'
import type { Role } from '../run/run'
import { CAPTION } from '../stage/Panel'

export function Name({ role }: { readonly role: Role }) {
  return <span className={`font-medium ${CAPTION[role].tone}`}>{role}</span>
}

/** A picture's name under it, pale while the picture is not seen. */
export function Label({ role, seen }: { readonly role: Role; readonly seen: boolean }) {
  return (
    <span
      data-part={`compare-${role}`}
      data-seen={seen}
      className={`flex items-baseline gap-1.5 ${seen ? `font-medium ${CAPTION[role].tone}` : 'text-muted'}`}
    >
      <span className={`size-2 rounded-full ${seen ? CAPTION[role].dot : 'border border-edge'}`} aria-hidden />
      {role}
    </span>
  )
}

/** Not shown where there is only a finger. */
export function Keys({ children }: { readonly children: ReactNode }) {
  return <span className="pointer-coarse:hidden">{children}</span>
}
