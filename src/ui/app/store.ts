/** How a component reads the page's state and reaches its commands. */
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Session } from './session'
import type { PageState } from './state'

export const SessionContext = createContext<Session | null>(null)

/** The session's commands. Throws outside the page. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('no session: render inside SessionContext')
  return session
}

/** A part of the state; the selector must return the same reference while the part is unchanged. */
export function usePage<T>(selector: (state: PageState) => T): T {
  return useStore(useSession().store, selector)
}
