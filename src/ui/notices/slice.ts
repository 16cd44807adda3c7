/** What the page has to say that does not stop it. */
import type { EngineFailure } from '../../core/failure'

export interface NoticesSlice {
  /** Something that goes wrong without harm, such as full storage. */
  readonly warning: EngineFailure | null
  /** Parts of a link that were not understood. */
  readonly problems: readonly string[]
  /** What a link was understood to say and is worth knowing. */
  readonly notes: readonly string[]
  /** Why a file was not opened. */
  readonly refusal: string | null
  /** One line such as "Link copied", for the eye and the live region. */
  readonly message: string | null
}

export function noticesSlice(problems: readonly string[]): NoticesSlice {
  return { warning: null, problems, notes: [], refusal: null, message: null }
}
