/** The backends that a start may still take, in order, and when one of them is given up. */
import { candidatesOn } from '../backend-registry'
import type { Surroundings } from '../backend'
import type { BackendChoice, BackendId } from '../protocol'

/** Losses of device or worker after which a candidate is given up. */
const LOSSES = 2
/** One that worked for so long is sound: its losses before are forgiven, since a laptop that sleeps loses its device each time. */
const SOUND_MS = 600_000

/** What to do after a candidate failed: take it once more, take the next, or give up since none is left. */
export type WayOn =
  | { readonly kind: 'again' }
  | { readonly kind: 'next'; readonly rejected: BackendId }
  | { readonly kind: 'none-left' }

export class Candidates {
  #left: readonly BackendId[]
  #losses = 0

  constructor(choice: BackendChoice, page: Surroundings) {
    this.#left = choice === 'auto' ? candidatesOn(page) : [choice]
  }

  /** The one in use. */
  get current(): BackendId {
    return this.#left[0]!
  }

  /** The current one did not pass its start. */
  refuse(): WayOn {
    const [rejected, ...rest] = this.#left
    if (rest.length === 0) return { kind: 'none-left' }
    this.#left = rest
    this.#losses = 0
    return { kind: 'next', rejected: rejected! }
  }

  /** The current one worked for so many milliseconds, and then its device or its worker was lost. */
  lose(worked: number): WayOn {
    this.#losses = worked < SOUND_MS ? this.#losses + 1 : 1
    return this.#losses < LOSSES ? { kind: 'again' } : this.refuse()
  }
}
