/** Keeps on how many cores this device computes fastest, from one visit to the next. */
import type { KeptCores } from './parts'

/** Another where what computes became another, so that what was found of it no longer holds. */
const VERSION = 1
/** What was found while other work slowed the device does not hold for good. */
const DAYS = 14
const DAY_MS = 86_400_000

export interface CoresParts {
  /** Those of the device. */
  readonly cores: number
  /** As many as are used where nothing is known. */
  readonly usual: number
  /** The browser's; reading or writing may throw. */
  readonly storage: () => Pick<Storage, 'getItem' | 'setItem'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export function keptCores({ cores, usual, storage, now }: CoresParts): KeptCores {
  const key = `cores ${VERSION} of ${cores}`
  const most = Math.max(usual, Math.min(cores, 4))
  return {
    most,
    kept: () => {
      try {
        const [count = 0, day = 0] = (storage().getItem(key) ?? '').split(' on ').map(Number)
        const fresh = Math.abs(now() / DAY_MS - day) <= DAYS
        return fresh && Number.isInteger(count) && count >= usual && count <= most ? count : null
      } catch {
        // Forbidden storage: it is found anew on each visit.
        return null
      }
    },
    keep: (count) => {
      try {
        storage().setItem(key, `${count} on ${Math.floor(now() / DAY_MS)}`)
      } catch (reason) {
        console.info('How many cores are fastest is not kept:', reason)
      }
    },
  }
}
