/** Which engine and which models stand behind the page. `vite --mode fake` puts an imitation in this file's place. */
import type { ModelInfo } from '../../model/types'
import type { Published } from '../../evaluation/published'
import { createEngine } from '../../worker/client'
import { createMetricsClient, fetchJudge, judgeBytes } from '../../worker/judge-client'
import type { Engine, EngineListener } from '../../worker/protocol'
import type { Judging } from '../judge/judge'
import { judge, models, publishedOf } from './models'

export interface EnginePort {
  readonly models: readonly ModelInfo[]
  readonly publishedOf: (model: ModelInfo) => Promise<readonly Published[]>
  readonly connect: (listener: EngineListener) => Engine
  readonly judging: Judging
}

export function openPort(): EnginePort {
  return {
    models,
    publishedOf,
    connect: createEngine,
    judging: {
      bytes: judgeBytes(judge),
      fetch: (signal, onProgress) => fetchJudge(judge, signal, onProgress),
      meter: createMetricsClient,
    },
  }
}
