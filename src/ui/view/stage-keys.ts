/** Keys before an audience that are those of whatever is presented: the list that `?` shows is the list that is listened to. */

/** What can be presented: it goes on and back, tells its keys, and is left. */
export interface Stage {
  stepBy(by: number): void
  /** Shows the keys, or closes them. */
  help(): void
  leave(): void
}

export interface PresentKey<Hand extends Stage = Stage> {
  /** As `KeyboardEvent.key` has them, in lower case; a presenter's remote sends Page Down and Page Up. */
  readonly keys: readonly string[]
  readonly label: string
  readonly does: string
  act(hand: Hand): void
}

/** Presses what an open lesson offers; false where there is nothing to press. */
export function pressed(part: string): boolean {
  const button = document.querySelector<HTMLButtonElement>(`button[data-part="${part}"]:enabled`)
  button?.click()
  return button !== null
}

export const STEP_KEYS: readonly PresentKey[] = [
  {
    keys: ['pagedown', 'n'],
    label: 'Page Down or N',
    does: 'next step, of the lesson or of the way from noise',
    act: (stage) => void (pressed('lesson-next') || stage.stepBy(1)),
  },
  {
    keys: ['pageup', 'p'],
    label: 'Page Up or P',
    does: 'step back',
    act: (stage) => void (pressed('lesson-back') || stage.stepBy(-1)),
  },
]

export const STAGE_KEYS: readonly PresentKey[] = [
  {
    keys: ['l'],
    label: 'L',
    does: 'the text of the lesson aside, or back',
    act: () => void document.documentElement.toggleAttribute('data-aside'),
  },
  {
    keys: ['f'],
    label: 'F',
    does: 'the whole screen, or a window again',
    act: () => {
      // A browser may forbid it; the page then stays as it is.
      const done = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()
      void done.catch(() => undefined)
    },
  },
  { keys: ['?'], label: '?', does: 'these keys', act: (stage) => stage.help() },
  { keys: ['escape'], label: 'Escape', does: 'back to the page', act: (stage) => stage.leave() },
]

/** Keys of the whole page (`use-keys.ts`), told with the others. */
export const PAGE_KEYS = [
  { label: 'Space', does: 'play the way from noise' },
  { label: '← →', does: 'a step along it' },
]

export function keyOf<Hand extends Stage>(
  keys: readonly PresentKey<Hand>[],
  key: string,
): PresentKey<Hand> | undefined {
  return keys.find((one) => one.keys.includes(key.toLowerCase()))
}
