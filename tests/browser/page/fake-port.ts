/** Stands in the place of `src/ui/app/engine-port.ts` in `vite --mode fake`: the page with an imitation of the engine. */
import type { EnginePort } from '../../../src/ui/app/engine-port'
import { loadJudgeInfo, models } from '../../../src/ui/app/models'
import { createMetricsClient, fetchJudge } from '../../../src/worker/client/judge'
import { createFakeEngine, fakeModel, fakePublished } from './fake-engine'

/** The family whose judge looks at the imitation's pictures. */
const judged = models.find(({ judge }) => judge !== null)!

export function openPort(): EnginePort {
  return {
    models: [fakeModel],
    publishedOf: () => Promise.resolve(fakePublished),
    connect: createFakeEngine,
    judgingOf: () => ({
      bytes: judged.judge?.bytes ?? 0,
      fetch: async (signal, onProgress) => fetchJudge(judged.id, await loadJudgeInfo(judged), signal, onProgress),
      meter: createMetricsClient,
    }),
  }
}
