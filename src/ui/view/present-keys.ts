/** What the keys do before an audience: the list that `?` shows is the list that is listened to. */
import type { Session } from '../app/session'
import { pageView } from './state'

/** What of the presentation is not in the page's state. */
export interface Presented {
  /** Whether the guided picture is covered, to be guessed. */
  readonly covered: boolean
  readonly equation: boolean
  readonly controls: boolean
  readonly help: boolean
}

export const PRESENTED: Presented = { covered: false, equation: false, controls: false, help: false }

export interface Stagehand {
  readonly session: Session
  readonly now: Presented
  readonly set: (change: Partial<Presented>) => void
  readonly leave: () => void
}

export interface PresentKey {
  /** As `KeyboardEvent.key` has them, in lower case; a presenter's remote sends Page Down and Page Up. */
  readonly keys: readonly string[]
  readonly label: string
  readonly does: string
  act(hand: Stagehand): void
}

/** Presses what an open lesson offers; false where there is nothing to press. */
function pressed(part: string): boolean {
  const button = document.querySelector<HTMLButtonElement>(`button[data-part="${part}"]:enabled`)
  button?.click()
  return button !== null
}

function isShown(name: string): boolean {
  const { rules } = pageView.getState()
  return !rules || rules.of(name) !== 'hidden'
}

export const PRESENT_KEYS: readonly PresentKey[] = [
  {
    keys: ['pagedown', 'n'],
    label: 'Page Down or N',
    does: 'next step, of the lesson or of the way from noise',
    act: ({ session }) => void (pressed('lesson-next') || session.stepBy(1)),
  },
  {
    keys: ['pageup', 'p'],
    label: 'Page Up or P',
    does: 'step back',
    act: ({ session }) => void (pressed('lesson-back') || session.stepBy(-1)),
  },
  {
    keys: ['h'],
    label: 'H',
    does: 'hide the guided picture, to be guessed',
    act: ({ session, set }) => {
      session.set({ compare: { open: false } })
      set({ covered: true, equation: false })
    },
  },
  {
    keys: ['r'],
    label: 'R',
    does: 'reveal it, or the answer of the lesson',
    act: ({ now, set }) => {
      if (now.covered) set({ covered: false })
      else pressed('lesson-say')
    },
  },
  {
    keys: ['b'],
    label: 'B',
    does: 'blink: positive and guided by turns in one place',
    act: ({ session, set }) => {
      const { compare } = session.store.getState()
      set({ covered: false, equation: false })
      session.set({ compare: { open: !compare.open, way: 'blink', pair: 'positive-guided', cut: 0 } })
    },
  },
  {
    keys: ['e'],
    label: 'E',
    does: 'the equation at this step, or the pictures again',
    act: ({ now, set }) => {
      if (isShown('equation')) set({ equation: !now.equation })
    },
  },
  {
    keys: ['c'],
    label: 'C',
    does: 'controls beside the pictures, or none',
    act: ({ now, set }) => set({ controls: !now.controls && isShown('controls') }),
  },
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
  { keys: ['?'], label: '?', does: 'these keys', act: ({ now, set }) => set({ help: !now.help }) },
  { keys: ['escape'], label: 'Escape', does: 'back to the page', act: ({ leave }) => leave() },
]

/** Keys of the whole page (`use-keys.ts`), told with the others. */
export const PAGE_KEYS = [
  { label: 'Space', does: 'play the way from noise to picture' },
  { label: '← →', does: 'a step along it' },
]

export function presentKey(key: string): PresentKey | undefined {
  return PRESENT_KEYS.find(({ keys }) => keys.includes(key.toLowerCase()))
}
