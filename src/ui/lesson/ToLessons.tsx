/** From a lesson to the list of all: the lesson is closed by it, which a plain link would take along. */
import { go, listAddress } from './address'

export function ToLessons({ children }: { readonly children: string }) {
  return (
    <button type="button" className="button" data-part="to-learn" onClick={() => go(listAddress(window.location.hash))}>
      {children}
    </button>
  )
}
