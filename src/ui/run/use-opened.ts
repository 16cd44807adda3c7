/** Whether the first pictures stand, or none are to come: the rest of the page is fetched from then on. */
import { useDeferredValue } from 'react'
import { usePage } from '../app/store'

/** Deferred from false: where the pictures stand at the first drawing already, that is shown before anything is asked for. */
export function useOpened(): boolean {
  return useDeferredValue(
    usePage((state) => state.run.opened),
    false,
  )
}
