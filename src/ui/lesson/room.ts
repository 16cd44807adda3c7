/** The room beside the lesson, whose facts its conditions ask for. */
import { createContext, useContext } from 'react'
import { PLAY } from '../rooms/rooms'

export const RoomContext = createContext(PLAY)

export const useRoom = (): string => useContext(RoomContext)
