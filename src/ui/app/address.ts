/**
 * The one writer of the address. In a frame it replaces, since an entry there would be one of the page around it. Browsers limit
 * how often an address may be written, by an error or by doing nothing: what was not written is written a little later.
 */
const AGAIN_MILLISECONDS = 2000
/** Longer than any browser's limit lasts; where writing is forbidden altogether there is an end to it. */
const ATTEMPTS = 20

/** The part of the browser window that holds the address. */
export interface AddressWindow {
  readonly history: Pick<History, 'pushState' | 'replaceState' | 'state'>
  readonly location: Pick<Location, 'hash' | 'href'>
  /** The window around it, or itself. */
  readonly parent: unknown
  setTimeout(callback: () => void, milliseconds: number): number
  clearTimeout(timer: number): void
}

export interface Address {
  push(hash: string, entry: unknown): void
  replace(hash: string, entry: unknown): void
  /** Leaves what is not yet written unwritten, since another address is in force. */
  forget(): void
}

/** As browsers keep it: some characters they encode. */
const asKept = (hash: string) => new URL(hash, 'http://page/').hash

export const isFramed = (window: Pick<AddressWindow, 'parent'>): boolean => window.parent !== window

export function createAddress(window: AddressWindow): Address {
  const mayPush = !isFramed(window)
  let timer = 0
  /** Whether an entry is still to be made for what could not be written. */
  let owed = false

  function written(push: boolean, hash: string, entry: unknown): boolean {
    try {
      if (push) window.history.pushState(entry, '', hash)
      else window.history.replaceState(entry, '', hash)
      return asKept(window.location.hash) === asKept(hash)
    } catch {
      return false
    }
  }

  function write(push: boolean, hash: string, entry: unknown, attempts = ATTEMPTS) {
    window.clearTimeout(timer)
    owed = mayPush && (push || owed)
    if (written(owed, hash, entry)) owed = false
    else if (attempts > 1) timer = window.setTimeout(() => write(false, hash, entry, attempts - 1), AGAIN_MILLISECONDS)
  }

  return {
    push: (hash, entry) => write(true, hash, entry),
    replace: (hash, entry) => write(false, hash, entry),
    forget: () => {
      window.clearTimeout(timer)
      owed = false
    },
  }
}
