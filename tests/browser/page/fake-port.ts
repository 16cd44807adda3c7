/** Stands in the place of `src/ui/app/engine-port.ts` in `vite --mode fake`: the page with an imitation of the engine. */
import type { EnginePort } from '../../../src/ui/app/engine-port'
import { judge } from '../../../src/ui/app/models'
import { createMetricsClient, fetchJudge, judgeBytes } from '../../../src/worker/judge-client'
import { createFakeEngine, fakeModel, fakePublished } from './fake-engine'

export function openPort(): EnginePort {
  return {
    models: [fakeModel],
    publishedOf: () => Promise.resolve(fakePublished),
    connect: createFakeEngine,
    judging: {
      bytes: judgeBytes(judge),
      fetch: (signal, onProgress) => fetchJudge(judge, signal, onProgress),
      meter: createMetricsClient,
    },
  }
}
