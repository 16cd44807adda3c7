/** The page's state: the model and the settings, and a slice of each feature, kept in the feature's folder. Plain data. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ModelInfo } from '../../model/types'
import type { Settings } from '../../settings/types'
import { type PlayheadSlice, playheadSlice } from '../axis/slice'
import { type CompareSlice, compareSlice } from '../compare/slice'
import { type ControlsSlice, controlsSlice } from '../controls/slice'
import { type EngineSlice, engineSlice } from '../engine/slice'
import { type EquationSlice, equationSlice } from '../equation/slice'
import { type JudgeSlice, judgeSlice } from '../judge/slice'
import { type MethodSlice, methodSlice } from '../method/slice'
import { type NetworkSlice, networkSlice } from '../network/slice'
import { type NoticesSlice, noticesSlice } from '../notices/slice'
import { type RunSlice, runSlice } from '../run/slice'
import { type StageSlice, stageSlice } from '../stage/slice'
import { type ShellSlice, shellSlice, type ThemeChoice } from './shell'

/** What the page is about. */
interface Subject {
  readonly model: ModelInfo
  readonly settings: Settings
}

interface Slices {
  readonly run: RunSlice
  readonly playhead: PlayheadSlice
  readonly stage: StageSlice
  readonly compare: CompareSlice
  readonly equation: EquationSlice
  readonly network: NetworkSlice
  readonly engine: EngineSlice
  readonly method: MethodSlice
  readonly controls: ControlsSlice
  readonly judge: JudgeSlice
  readonly notices: NoticesSlice
  readonly shell: ShellSlice
}

export type PageState = Subject & Slices

/** A change of the state: fields of any number of slices at once. */
export type PagePatch = Partial<Subject> & { readonly [Name in keyof Slices]?: Partial<Slices[Name]> }

export interface PageStore extends Pick<StoreApi<PageState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** Changes what the patch names; a slice that it does not name keeps its reference. */
  patch(patch: PagePatch): void
}

const merged = <T extends object>(slice: T, change: Partial<T> | undefined): T =>
  change ? { ...slice, ...change } : slice

function patched(state: PageState, patch: PagePatch): PageState {
  return {
    model: patch.model ?? state.model,
    settings: patch.settings ?? state.settings,
    run: merged(state.run, patch.run),
    playhead: merged(state.playhead, patch.playhead),
    stage: merged(state.stage, patch.stage),
    compare: merged(state.compare, patch.compare),
    equation: merged(state.equation, patch.equation),
    network: merged(state.network, patch.network),
    engine: merged(state.engine, patch.engine),
    method: merged(state.method, patch.method),
    controls: merged(state.controls, patch.controls),
    judge: merged(state.judge, patch.judge),
    notices: merged(state.notices, patch.notices),
    shell: merged(state.shell, patch.shell),
  }
}

export function createPageStore(
  model: ModelInfo,
  settings: Settings,
  problems: readonly string[],
  theme: ThemeChoice,
): PageStore {
  const store = createStore<PageState>(() => ({
    model,
    settings,
    run: runSlice,
    playhead: playheadSlice,
    stage: stageSlice,
    compare: compareSlice,
    equation: equationSlice,
    network: networkSlice(model),
    engine: engineSlice,
    method: methodSlice,
    controls: controlsSlice,
    judge: judgeSlice,
    notices: noticesSlice(problems),
    shell: shellSlice(theme),
  }))
  return { ...store, patch: (patch) => store.setState((state) => patched(state, patch)) }
}
