/** Shows the room that the address names, and goes to another when the address does. */
import { createElement, lazy, Suspense, useCallback, useMemo, useState, useSyncExternalStore } from 'react'
import { type Rooms as Registry, visitOf } from './rooms'

function useHash(): string {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener('popstate', changed)
      return () => window.removeEventListener('popstate', changed)
    },
    () => window.location.hash,
  )
}

export interface RoomsProps {
  readonly rooms: Registry
}

export function Rooms({ rooms }: RoomsProps) {
  const hash = useHash()
  const { room, notes } = useMemo(() => visitOf(hash, rooms), [hash, rooms])
  const owns = useCallback((other: string) => visitOf(other, rooms).room === room, [rooms, room])
  const [views] = useState(() => new Map(Object.entries(rooms).map(([name, load]) => [name, lazy(load)])))
  const view = views.get(room)
  if (!view) throw new Error('the page was built without its playground')
  return <Suspense>{createElement(view, { key: room, owns, notes })}</Suspense>
}
