/**
 * How a component reads the page's state and reaches its commands. The controls are often ahead of the pictures, so what
 * speaks of the controls reads `useWanted`, and what speaks of the pictures `useShown`: a test asks who reads both for why.
 */
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Settings } from '../../settings/types'
import type { Run } from '../run/run'
import type { Session } from './session'
import type { PageState } from './state'

/** What can be read of the state without saying whose settings are meant. */
export type Page = Omit<PageState, 'settings' | 'run'> & {
  readonly run: Omit<PageState['run'], 'shown' | 'settled'>
}

export const SessionContext = createContext<Session | null>(null)

/** The session's commands. Throws outside the page. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('no session: render inside SessionContext')
  return session
}

/** A part of the state; the selector must return the same reference while the part is unchanged. */
export function usePage<T>(selector: (state: Page) => T): T {
  return useStore(useSession().store, selector)
}

/** A part of the settings as the controls have them. */
export function useWanted<T>(selector: (settings: Settings, page: Page) => T): T {
  return useStore(useSession().store, (state) => selector(state.settings, state))
}

/** A part of the run whose pictures are on the stage; null before the first. */
export function useShown<T>(selector: (run: Run | null, page: Omit<PageState, 'settings'>) => T): T {
  return useStore(useSession().store, (state) => selector(state.run.shown, state))
}

/** A part of the settings that the pictures on the stage were made with; before the first pictures, of those to come. */
export function useShownSettings<T>(selector: (settings: Settings) => T): T {
  return useStore(useSession().store, ({ run: { shown }, settings }) => selector(shown?.settings ?? settings))
}
