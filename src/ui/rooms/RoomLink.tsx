/** A link to another room, which keeps what is in force here. It follows the controls after them: a drag moves nothing but itself. */
import { type ReactNode, useDeferredValue, useMemo } from 'react'
import { encodeLink } from '../../settings'
import { usePage, useWanted } from '../app/store'
import { roomAddress } from './rooms'

interface RoomLinkProps {
  readonly room: string
  readonly part: string
  readonly className: string
  readonly children: ReactNode
}

export function RoomLink({ room, part, className, children }: RoomLinkProps) {
  const model = usePage((state) => state.model)
  const settings = useDeferredValue(useWanted((wanted) => wanted))
  const href = useMemo(() => roomAddress(room, encodeLink(settings, model)), [room, settings, model])
  return (
    <a className={className} data-part={part} href={href}>
      {children}
    </a>
  )
}
