/** The page's state: plain data. `session.ts` is the only writer of what comes from the engine or goes into the link. */
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ModelInfo } from '../../model/types'
import type { Published } from '../../evaluation/published'
import type { Settings } from '../../settings/types'
import type { BackendChoice, BackendId, BackendInfo, Phase } from '../../worker/protocol'
import type { EngineFailure } from '../../core/failure'
import type { Evaluation, JudgeState, Verdicts } from '../judge/judge'
import type { Lens } from '../lens/lens'
import type { Fetched } from '../method/methods'
import type { Run, View } from '../run/run'
import type { Session } from './session'

export type ThemeChoice = 'system' | 'light' | 'dark'

export type EngineStatus =
  | { readonly kind: 'loading'; readonly backend: BackendId | null; readonly phase: Phase | null }
  | { readonly kind: 'ready'; readonly backend: BackendInfo }
  | { readonly kind: 'recovering'; readonly failure: EngineFailure }
  | { readonly kind: 'failed'; readonly failure: EngineFailure }

export interface Rejection {
  readonly backend: BackendId
  readonly failure: EngineFailure
}

export type Overlay = 'off' | 'equation' | 'all'

export interface Inspected {
  readonly term: number
  readonly layer: number
}

/** Networks on their way that a run waits for. */
export interface Fetching {
  /** What is under way, such as `Fetching Small`. */
  readonly label: string
  readonly loaded: number
  readonly total: number
  readonly unit: 'bytes' | 'parts'
}

export interface PageState {
  readonly model: ModelInfo
  readonly settings: Settings
  /** The run whose pictures are on the stage. */
  readonly shown: Run | null
  /** The last run that went all the way in full. */
  readonly settled: Run | null
  /** The run that is being sampled. */
  readonly coming: Run | null
  /** Playhead: share of the way, 1 is σ = 0. */
  readonly position: number
  readonly playing: boolean
  readonly view: View
  /** The sample that the equation, the lines and the maps are about. */
  readonly focus: number
  /** What stands beside the equation. */
  readonly lens: Lens
  /** Where a mask or the windows' coverage is laid over the pictures. */
  readonly overlay: Overlay
  readonly pixel: { readonly x: number; readonly y: number } | null
  /** The attention layer looked into, of which term of the equation (0 is the first), and the token asked about. */
  readonly inspected: Inspected | null
  readonly token: number | null
  readonly engine: EngineStatus
  readonly choice: BackendChoice
  readonly rejected: readonly Rejection[]
  /** Files of the model that are at hand. */
  readonly fetched: Fetched
  readonly fetching: Fetching | null
  readonly runFailure: EngineFailure | null
  /** Something that does not stop the page, such as full storage. */
  readonly warning: EngineFailure | null
  /** Parts of a link that were not understood. */
  readonly problems: readonly string[]
  /** What a link was understood to say and is worth knowing. */
  readonly notes: readonly string[]
  /** Why a file was not opened. */
  readonly refusal: string | null
  /** One line such as "Link copied", for the eye and the live region. */
  readonly message: string | null
  /** The ablation whose variants are offered, by id. */
  readonly ablation: string | null
  /** Name of the reader's own vision transformer, and whether the model comes with one. */
  readonly vision: string | null
  /** Why a file was not taken as one. */
  readonly visionProblem: string | null
  readonly shippedVision: boolean
  readonly judge: JudgeState
  /** What the judge sees in the pictures of the last full run. */
  readonly verdicts: Verdicts | null
  readonly evaluation: Evaluation | null
  /** What was measured of the model before. */
  readonly published: readonly Published[]
  readonly seedLocked: boolean
  readonly theme: ThemeChoice
  readonly presenting: boolean
  /** The negative's own panel is folded away, and its trajectory not computed. */
  readonly negativeHidden: boolean
}

export type PageStore = StoreApi<PageState>

export function createPageStore(
  model: ModelInfo,
  settings: Settings,
  problems: readonly string[],
  theme: ThemeChoice,
): PageStore {
  return createStore<PageState>(() => ({
    model,
    settings,
    shown: null,
    settled: null,
    coming: null,
    position: 1,
    playing: false,
    view: 'denoised',
    focus: 0,
    lens: 'pixel',
    overlay: 'equation',
    pixel: null,
    inspected: null,
    token: null,
    engine: { kind: 'loading', backend: null, phase: null },
    choice: 'auto',
    rejected: [],
    fetched: new Set(),
    fetching: null,
    runFailure: null,
    warning: null,
    problems,
    notes: [],
    refusal: null,
    message: null,
    ablation: null,
    vision: null,
    visionProblem: null,
    shippedVision: model.vision !== null,
    judge: { kind: 'closed' },
    verdicts: null,
    evaluation: null,
    published: [],
    seedLocked: true,
    theme,
    presenting: false,
    negativeHidden: false,
  }))
}

export const SessionContext = createContext<Session | null>(null)

/** The session's commands. Throws outside the page. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('no session: render inside SessionContext')
  return session
}

/** A part of the state; the selector must return the same reference while the part is unchanged. */
export function usePage<T>(selector: (state: PageState) => T): T {
  return useStore(useSession().store, selector)
}
