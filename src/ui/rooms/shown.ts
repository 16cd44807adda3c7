/** Whether the room that a component stands in is the one that is seen; keys and titles of the whole page ask. */
import { createContext, useContext } from 'react'

export const ShownContext = createContext(true)

export const useRoomSeen = (): boolean => useContext(ShownContext)
