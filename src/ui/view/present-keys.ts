/** What the keys do before an audience of the pictures. */
import type { Session } from '../app/session'
import { type PresentKey, pressed, type Stage, STAGE_KEYS, STEP_KEYS } from './stage-keys'
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

export interface Stagehand extends Stage {
  readonly session: Session
  readonly now: Presented
  readonly set: (change: Partial<Presented>) => void
}

function isShown(name: string): boolean {
  const { rules } = pageView.getState()
  return !rules || rules.of(name) !== 'hidden'
}

export const PRESENT_KEYS: readonly PresentKey<Stagehand>[] = [
  ...STEP_KEYS,
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
  ...STAGE_KEYS,
]
