/** Whether a key is being held: what it does again and again is one gesture, as a drag is. */

/** A key that is let go while the window is not in focus is not heard of; a press ends what a key began. */
const SIGNS = ['keydown', 'keyup', 'pointerdown', 'blur'] as const

type Listener = (event: { readonly type: string; readonly repeat?: boolean }) => void

/** The part of the browser window that tells of keys, and of Back and Forward. */
export interface ListeningWindow {
  addEventListener(type: 'popstate' | 'online' | (typeof SIGNS)[number], listener: Listener, capture?: boolean): void
  removeEventListener(type: 'popstate' | 'online' | (typeof SIGNS)[number], listener: Listener, capture?: boolean): void
}

export interface HeldKey {
  held(): boolean
  dispose(): void
}

/** `released` is called when a key is let go, and before another is pressed. */
export function watchKeys(window: ListeningWindow, released: () => void): HeldKey {
  let held = false
  const heard: Listener = ({ type, repeat }) => {
    if (type === 'keydown' && repeat) return
    if (held) released()
    held = type === 'keydown'
  }
  for (const sign of SIGNS) window.addEventListener(sign, heard, true)
  return {
    held: () => held,
    dispose: () => {
      for (const sign of SIGNS) window.removeEventListener(sign, heard, true)
    },
  }
}
