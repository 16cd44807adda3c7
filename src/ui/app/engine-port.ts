/** Which engine and which models stand behind the page. `vite --mode fake` puts an imitation in this file's place. */
import type { ModelInfo } from '../../model/types'
import type { Curve } from '../../evaluation/curves'
import type { Published } from '../../evaluation/published'
import { createEngine } from '../../worker/client'
import type { Engine, EngineListener } from '../../worker/protocol'
import type { Judging } from '../judge/judge'
import { judgingOf } from './judging'
import { curvesOf, models, publishedOf, watchModels } from './models'
import type { Renders } from '../../storage/renders'

export interface EnginePort {
  /** The list itself grows when a person opens a model. */
  readonly models: readonly ModelInfo[]
  /** Calls back when the list has changed, until the function that it returns is called. */
  readonly watchModels: (changed: () => void) => () => void
  readonly publishedOf: (model: ModelInfo) => Promise<readonly Published[]>
  readonly curvesOf: (model: ModelInfo) => Promise<readonly Curve[]>
  readonly connect: (listener: EngineListener) => Engine
  /** The judge of the family's images, or null where it has none. */
  readonly judgingOf: (model: ModelInfo) => Judging | null
  /** Pictures that no network made. Rejects with EngineError, or with the signal's reason. */
  readonly rendersOf: (model: ModelInfo, signal: AbortSignal) => Promise<Renders>
}

export function openPort(): EnginePort {
  return {
    models,
    watchModels,
    publishedOf,
    curvesOf,
    connect: createEngine,
    judgingOf,
    // Fetched with the game only.
    rendersOf: async (model, signal) => (await import('./renders')).rendersOf(model, signal),
  }
}
