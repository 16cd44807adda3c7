/** Which engine and which models stand behind the page. `vite --mode fake` puts an imitation in this file's place. */
import type { ModelInfo } from '../../model/types'
import type { Published } from '../../evaluation/published'
import { createMetricsClient, fetchJudge, judgeBytes } from '../../worker/judge-client'
import type { Engine, EngineListener } from '../../worker/protocol'
import type { Judging } from '../judge/judge'

export interface EnginePort {
  readonly models: readonly ModelInfo[]
  readonly publishedOf: (model: ModelInfo) => readonly Published[]
  readonly connect: (listener: EngineListener) => Engine
  readonly judging: Judging
}

export async function openPort(): Promise<EnginePort> {
  const { judge, models, publishedOf } = await import('./models')
  const judging: Judging = {
    bytes: judgeBytes(judge),
    fetch: (signal, onProgress) => fetchJudge(judge, signal, onProgress),
    meter: createMetricsClient,
  }
  const { createEngine } = await import('../../worker/client')
  return { models, publishedOf, connect: createEngine, judging }
}
