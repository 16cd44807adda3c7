/** What the page says of a room before it is opened: the contract of `about.ts` in a room's folder. A room without one is led to from elsewhere. */
import type { ModelInfo } from '../../model/types'

export interface About {
  readonly title: string
  /** What a person does there, in a few words. */
  readonly what: string
  /** Place in the list, ascending. */
  readonly place: number
  /** Where it can't be opened for every model. */
  readonly when?: (model: ModelInfo) => boolean
}
