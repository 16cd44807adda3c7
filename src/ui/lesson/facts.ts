/** What the room that is seen knows of its pictures or points, for the conditions of lessons; and which of it a lesson asks for. */
import { useSyncExternalStore } from 'react'
import { createStore } from 'zustand/vanilla'
import type { Facts } from '../../lesson/condition'

interface Published {
  /** By room. */
  readonly rooms: Readonly<Record<string, Facts>>
  /** Names of facts that the step in view asks for. */
  readonly wanted: readonly string[]
  /** Why a wanted fact can't be told, or what it waits for; null where nothing is in the way. */
  readonly waiting: string | null
}

const store = createStore<Published>(() => ({ rooms: {}, wanted: [], waiting: null }))

const same = (a: Facts | undefined, b: Facts) => JSON.stringify(a) === JSON.stringify(b)

/** Tells what a room knows now; called again whenever that changes. */
export function publishFacts(room: string, read: () => Facts): void {
  const facts = read()
  const { rooms } = store.getState()
  if (!same(rooms[room], facts)) store.setState({ rooms: { ...rooms, [room]: facts } })
}

export const wantFacts = (wanted: readonly string[]) => store.setState({ wanted })
export const tellWaiting = (waiting: string | null) => store.setState({ waiting })

const NONE: Facts = {}
const use = <T>(of: (published: Published) => T) => useSyncExternalStore(store.subscribe, () => of(store.getState()))

export const useFacts = (room: string): Facts => use(({ rooms }) => rooms[room] ?? NONE)
export const useWantedFacts = (): readonly string[] => use(({ wanted }) => wanted)
export const useWaiting = (): string | null => use(({ waiting }) => waiting)
