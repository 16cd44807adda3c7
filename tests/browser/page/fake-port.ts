/** Stands in the place of `src/ui/app/engine-port.ts` in `vite --mode fake`: the page with an imitation of the engine. */
import type { ModelInfo } from '../../../src/model/types'
import type { EnginePort } from '../../../src/ui/app/engine-port'
import { loadJudgeInfo, models } from '../../../src/ui/app/models'
import { createMetricsClient, fetchJudge } from '../../../src/worker/client/judge'
import { createFakeEngine, fakeModel, fakePublished } from './fake-engine'

/** The family whose judge looks at the imitation's pictures. */
const judged = models.find(({ judge }) => judge !== null)!

const fakeAvatars: ModelInfo = { ...fakeModel, judge: judged.judge }

/** Another family, with fewer classes and without a judge; the same imitation draws it. */
const fakeShapes: ModelInfo = {
  ...fakeModel,
  id: 'shapes',
  name: 'Shapes (imitation)',
  family: { ...fakeModel.family, sentence: 'Flat shapes.', order: 2, unnamedInLinks: false },
  conditioning: { ...fakeModel.conditioning, classes: fakeModel.conditioning.classes.slice(0, 3) },
}

export function openPort(): EnginePort {
  return {
    models: [fakeAvatars, fakeShapes],
    publishedOf: (model) => Promise.resolve(model === fakeAvatars ? fakePublished : []),
    connect: createFakeEngine,
    judgingOf: (model) =>
      model.judge && {
        bytes: model.judge.bytes,
        fetch: async (signal, onProgress) => fetchJudge(judged.id, await loadJudgeInfo(judged), signal, onProgress),
        meter: createMetricsClient,
      },
  }
}
