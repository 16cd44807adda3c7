/** What the room that is seen knows of its pictures or points, for the conditions of lessons; and which of it a lesson asks for. */
import { useSyncExternalStore } from 'react'
import { createStore } from 'zustand/vanilla'
import type { Facts } from '../../lesson/condition'

/** What a room knows. */
export interface Known {
  readonly facts: Facts
  /** Whether they are of the settings in force: those of a step before must not count for the next. */
  readonly current: boolean
}

interface Published {
  /** By room. */
  readonly rooms: Readonly<Record<string, Known>>
  /** Names of facts that the step in view asks for. */
  readonly wanted: readonly string[]
  /** Why a wanted fact can't be told, or what it waits for; null where nothing is in the way. */
  readonly waiting: string | null
}

const store = createStore<Published>(() => ({ rooms: {}, wanted: [], waiting: null }))

const NOTHING: Known = { facts: {}, current: false }

/** Tells what a room knows now, called again whenever that changes; and whether it is of the settings in force, or of those before. */
export function publishFacts(room: string, read: () => Facts, current = true): void {
  const { rooms } = store.getState()
  store.setState({ rooms: { ...rooms, [room]: { facts: read(), current } } })
}

export const wantFacts = (wanted: readonly string[]) => store.setState({ wanted })
export const tellWaiting = (waiting: string | null) => store.setState({ waiting })

/** At this moment, which may be later than what is drawn. */
export const factsNow = (room: string): Known => store.getState().rooms[room] ?? NOTHING

const use = <T>(of: (published: Published) => T) => useSyncExternalStore(store.subscribe, () => of(store.getState()))

export const useFacts = (room: string): Known => use(({ rooms }) => rooms[room] ?? NOTHING)
export const useWantedFacts = (): readonly string[] => use(({ wanted }) => wanted)
export const useWaiting = (): string | null => use(({ waiting }) => waiting)
