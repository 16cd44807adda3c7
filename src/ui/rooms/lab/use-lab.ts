/** What components of the lab read: its state, and whether their tab is the one that is seen. */
import { createContext, useContext } from 'react'
import { type StoreApi, useStore } from 'zustand'
import { useRoomSeen } from '../shown'
import type { Lab, LabState } from './lab'

export const TabShownContext = createContext(true)

/** Whether the tab is seen, and its room. */
export function useTabSeen(): boolean {
  const tab = useContext(TabShownContext)
  return useRoomSeen() && tab
}

/** `select` returns a reference. */
export function useLab<T>(lab: Lab, select: (state: LabState) => T): T {
  return useStore(lab.store, select)
}

/** The same of what a tab keeps for itself. */
export function useKept<S, T>(
  store: Pick<StoreApi<S>, 'getState' | 'getInitialState' | 'subscribe'>,
  select: (state: S) => T,
): T {
  return useStore(store, select)
}
