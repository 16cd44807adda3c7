/** The rooms that there are: every folder beside this file. */
import { type RoomModule, roomsOf } from './rooms'

export const rooms = roomsOf(import.meta.glob<RoomModule>('./*/room.tsx'))
