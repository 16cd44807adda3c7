/** What the view lets be changed by hand: a wish for what a lesson or the page around holds is refused, and said. */
import type { ModelInfo } from '../../model/types'
import type { Settings } from '../../settings/types'
import { pageView } from '../view/state'
import type { PageStore } from './state'

/** The part of a wish that may be; `model`: what the wish is of, where not of the model in force. */
export type Allow = (wanted: Partial<Settings>, model?: ModelInfo) => Partial<Settings>

interface Parts {
  readonly store: PageStore
  readonly say: (message: string) => void
}

export const createAllowed =
  ({ store, say }: Parts): Allow =>
  (asked, of) => {
    const { rules } = pageView.getState()
    if (!rules) return asked
    const { settings, model } = store.getState()
    const { wanted, refusal } = rules.allowed(asked, settings, of ?? model)
    if (refusal !== null) say(refusal)
    return wanted
  }
