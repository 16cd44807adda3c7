/** Shows the room that the address names, and goes to another when the address does. */
import {
  type ComponentType,
  lazy,
  type LazyExoticComponent,
  Suspense,
  useCallback,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react'
import { PLAY, type RoomProps, type Rooms as Registry, visitOf } from './rooms'

function useHash(): string {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener('popstate', changed)
      return () => window.removeEventListener('popstate', changed)
    },
    () => window.location.hash,
  )
}

type View = LazyExoticComponent<ComponentType<RoomProps>>

export function Rooms({ rooms }: { readonly rooms: Registry }) {
  const hash = useHash()
  const { room, notes } = useMemo(() => visitOf(hash, rooms), [hash, rooms])
  const owns = useCallback((other: string) => visitOf(other, rooms).room === room, [rooms, room])
  const [views] = useState(() => new Map<string, View>())
  const load = rooms[room] ?? rooms[PLAY]
  if (!load) throw new Error('the page was built without rooms')
  const View = views.get(room) ?? lazy(load)
  views.set(room, View)
  return (
    <Suspense>
      <View key={room} owns={owns} notes={notes} />
    </Suspense>
  )
}
