/**
 * Rooms: purposes of the page, each with an address of its own. A room is a folder here whose `room.tsx` is loaded when its
 * address is opened. `#room=<folder>&…` names it; every link without `room` opens *play*, whatever else it says. Pure.
 */
import type { ComponentType } from 'react'
import { linkParts } from '../../settings'

export const PLAY = 'play'

export interface RoomProps {
  /** Whether an address is this room's; another is left to its own room. */
  readonly owns: (hash: string) => boolean
  /** The address in force, of whatever room. */
  readonly hash: string
  /** Sentences about how the address led here, such as that it names a room that does not exist. */
  readonly notes: readonly string[]
  /** Whether the host has another version of the page by now. It is said above every room but the playground, which says it itself. */
  readonly newVersion: boolean
}

/** A file `room.tsx`: what is seen in the room, which reads the rest of the address itself. */
export interface RoomModule {
  readonly default: ComponentType<RoomProps>
}

/** Loads a room, by the name of its folder. */
export type Rooms = Readonly<Record<string, () => Promise<RoomModule>>>

/** Rooms by the paths of their files, as `import.meta.glob` gives them. */
export function roomsOf(files: Readonly<Record<string, () => Promise<RoomModule>>>): Rooms {
  return Object.fromEntries(
    Object.entries(files).map(([path, load]) => [/([^/]+)\/room\.tsx$/.exec(path)?.[1] ?? path, load]),
  )
}

export interface Visit {
  readonly room: string
  readonly notes: readonly string[]
}

/** The room that an address opens. One that names a room of which there is none opens *play*, which says so. */
export function visitOf(hash: string, rooms: Rooms): Visit {
  const { room: wanted } = linkParts(hash)
  if (wanted === undefined || wanted === PLAY) return { room: PLAY, notes: [] }
  if (Object.hasOwn(rooms, wanted)) return { room: wanted, notes: [] }
  return { room: PLAY, notes: [`This page has no room “${wanted}”, so here is the playground.`] }
}

/** The address of a room, with the rest that it reads. */
export function roomAddress(room: string, rest: string): string {
  return `#room=${room}&${rest}`
}
