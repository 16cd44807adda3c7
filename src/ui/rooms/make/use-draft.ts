/** The draft, kept in this browser as it is typed, and which of its steps is open. */
import { useCallback, useState } from 'react'
import { NEW_DRAFT, newStep, parseDraft, type Draft, type DraftStep } from '../../../lesson'

const KEY = 'lesson draft'

function stored(): Draft {
  try {
    return parseDraft(JSON.parse(localStorage.getItem(KEY) ?? 'null')) ?? NEW_DRAFT
  } catch {
    return NEW_DRAFT
  }
}

function store(draft: Draft) {
  try {
    localStorage.setItem(KEY, JSON.stringify(draft))
  } catch {
    // It then lasts as long as the page.
  }
}

const clamped = (at: number, draft: Draft) => Math.max(0, Math.min(at, draft.steps.length - 1))

export interface Making {
  readonly draft: Draft
  readonly at: number
  /** What was there before a lesson was opened or begun; null where nothing would be lost. */
  readonly before: Draft | null
  readonly open: (at: number) => void
  readonly change: (change: Partial<Draft>) => void
  readonly changeStep: (at: number, change: Partial<DraftStep>) => void
  readonly add: (preset: string | null) => void
  readonly remove: (at: number) => void
  readonly move: (at: number, by: -1 | 1) => void
  /** Puts another in its place. */
  readonly replace: (draft: Draft) => void
}

interface State {
  readonly draft: Draft
  readonly at: number
  readonly before: Draft | null
}

export function useDraft(): Making {
  const [state, setState] = useState<State>(() => ({ draft: stored(), at: 0, before: null }))
  const set = useCallback((next: (state: State) => State) => {
    setState((before) => {
      const after = next(before)
      store(after.draft)
      return after
    })
  }, [])
  const steps = (change: (steps: readonly DraftStep[]) => readonly DraftStep[], at?: (state: State) => number) =>
    set((now) => {
      const draft = { ...now.draft, steps: change(now.draft.steps) }
      return { ...now, draft, at: clamped(at?.(now) ?? now.at, draft) }
    })
  return {
    ...state,
    open: (at) => setState((now) => ({ ...now, at: clamped(at, now.draft) })),
    change: (change) => set((now) => ({ ...now, draft: { ...now.draft, ...change } })),
    changeStep: (at, change) => steps((all) => all.map((step, i) => (i === at ? { ...step, ...change } : step))),
    add: (preset) =>
      steps(
        (all) => [...all, newStep(preset)],
        ({ draft }) => draft.steps.length,
      ),
    remove: (at) => steps((all) => all.filter((_, i) => i !== at)),
    move: (at, by) =>
      steps(
        (all) => all.map((step, i) => (i === at ? (all[at + by] ?? step) : i === at + by ? (all[at] ?? step) : step)),
        ({ draft }) => clamped(at + by, draft),
      ),
    replace: (draft) =>
      set((now) => ({ draft, at: 0, before: now.draft.steps.length > 0 && now.draft !== draft ? now.draft : null })),
  }
}
