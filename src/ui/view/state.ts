/**
 * How the page is shown, as far as its first view must know: an address without view keys has no rules, and what makes
 * them (`effective.ts`) is loaded only for one that has some, or for a lesson.
 */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ModelInfo } from '../../model/types'
import type { Settings } from '../../settings/types'
import type { PartName } from '../../settings/view'

export type PartState = 'shown' | 'held' | 'hidden'

/** What becomes of a wish: the part of it that may be, and what to say where nothing of it may. */
export interface Allowed {
  readonly wanted: Partial<Settings>
  readonly refusal: string | null
}

/** What holds while the view is in force. */
export interface Rules {
  of(name: PartName): PartState
  /** Who holds what is held: `the lesson`, `this page`. */
  readonly holder: string
  /** The scale that a lesson lets the slider go to, where it says so. */
  readonly topScale?: number | undefined
  allowed(wanted: Partial<Settings>, before: Settings, model: ModelInfo): Allowed
}

export interface PageView {
  /** Null: all parts are shown, and none is held. */
  readonly rules: Rules | null
  readonly embed: boolean
  readonly present: boolean
  /** What the address asks for. */
  readonly theme: 'light' | 'dark' | null
  /** What of the address was not understood. */
  readonly problems: readonly string[]
}

export const PLAIN: PageView = { rules: null, embed: false, present: false, theme: null, problems: [] }

/** One for all rooms, since an address has one view. */
export const pageView: StoreApi<PageView> = createStore(() => PLAIN)
