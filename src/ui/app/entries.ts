/** Entries of the history: a click, a choice, a whole drag and a key as long as it is held make one each, which follows what they change. */
import { type AddressWindow, createAddress } from './address'
import { type ListeningWindow, watchKeys } from './held-key'

/** How long the address waits during a gesture: browsers limit how often it is written. */
const WAIT_MILLISECONDS = 200

export interface Entries {
  /** The settings changed: by part of a drag, or else. */
  changed(drag: boolean): void
  /** What goes with the settings changed; no entry is made of it. */
  touched(): void
  /** Whether a drag is under way. */
  dragging(): boolean
  /** The drag rests. A key that is held settles again and again, and goes on. */
  rested(): void
  /** Another address came from elsewhere. */
  left(): void
  dispose(): void
}

interface Parts {
  readonly window: AddressWindow & ListeningWindow
  /** What is in force, as address and as state of an entry. */
  readonly now: () => { readonly hash: string; readonly entry: unknown }
}

export function createEntries({ window, now }: Parts): Entries {
  const address = createAddress(window)
  let drag = false
  /** Whether the gesture under way has its entry. */
  let begun = false
  /** Whether that entry is behind what is in force. */
  let behind = false
  let timer = 0
  const keys = watchKeys(window, end)

  function write(push: boolean) {
    behind = false
    const { hash, entry } = now()
    if (push) address.push(hash, entry)
    else address.replace(hash, entry)
  }

  /** What comes next has an entry of its own. */
  function end() {
    window.clearTimeout(timer)
    drag = false
    begun = false
    if (behind) write(false)
  }

  function left() {
    window.clearTimeout(timer)
    address.forget()
    drag = false
    begun = false
    behind = false
  }

  return {
    changed: (byDrag) => {
      window.clearTimeout(timer)
      if (begun && (keys.held() || (byDrag && drag))) {
        behind = true
        timer = window.setTimeout(() => write(false), WAIT_MILLISECONDS)
      } else write(true)
      drag = byDrag
      begun = byDrag || keys.held()
    },
    touched: () => {
      // During a gesture the entry is written when it ends.
      if (begun) behind = true
      else write(false)
    },
    dragging: () => drag,
    rested: () => {
      if (!keys.held()) end()
    },
    left,
    dispose: () => {
      left()
      keys.dispose()
    },
  }
}
