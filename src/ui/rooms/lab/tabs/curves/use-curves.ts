/** What the components of the tab read: the desk of curves, and what there is of points. */
import { useSyncExternalStore } from 'react'
import type { WorkState } from '../../judged/work'
import type { CurvesState } from './desk'
import type { Curves } from './make'
import type { SearchState } from './search-desk'

export const useDesk = ({ desk: { store } }: Curves): CurvesState =>
  useSyncExternalStore(store.subscribe, store.getState)

export const useWork = ({ work: { store } }: Curves): WorkState => useSyncExternalStore(store.subscribe, store.getState)

export const useSearch = ({ search: { store } }: Curves): SearchState =>
  useSyncExternalStore(store.subscribe, store.getState)
