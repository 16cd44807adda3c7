/** What the page has to say that does not stop it. */
import type { EngineFailure } from '../../core/failure'

export interface NoticesSlice {
  /** Something that goes wrong without harm, such as full storage. */
  readonly warning: EngineFailure | null
  /** Parts of a link that were not understood. */
  readonly problems: readonly string[]
  /** What a link was understood to say and is worth knowing. */
  readonly notes: readonly string[]
  /** Whether the host has another version of the page by now. */
  readonly newVersion: boolean
  /** Why a file was not opened. */
  readonly refusal: string | null
  /** One line such as "Link copied", for the eye and the live region. */
  readonly message: string | null
}

export function noticesSlice(problems: readonly string[]): NoticesSlice {
  return { warning: null, problems, notes: [], newVersion: false, refusal: null, message: null }
}
