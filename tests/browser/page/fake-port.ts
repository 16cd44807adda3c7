/** Stands in the place of `src/ui/app/engine-port.ts` in `vite --mode fake`: the page with an imitation of the engine. */
import type { ModelInfo } from '../../../src/model/types'
import type { EnginePort } from '../../../src/ui/app/engine-port'
import { judgingOf } from '../../../src/ui/app/judging'
import { createFakeEngine, fakeModel, fakePublished } from './fake-engine'

/** Another family, with fewer classes and without a judge; the same imitation draws it. */
const fakeShapes: ModelInfo = {
  ...fakeModel,
  id: 'shapes',
  name: 'Shapes (imitation)',
  family: { ...fakeModel.family, sentence: 'Flat shapes.', order: 2, unnamedInLinks: false },
  judge: null,
  conditioning: { ...fakeModel.conditioning, classes: fakeModel.conditioning.classes.slice(0, 3) },
}

export function openPort(): EnginePort {
  return {
    models: [fakeModel, fakeShapes],
    publishedOf: (model) => Promise.resolve(model === fakeModel ? fakePublished : []),
    connect: createFakeEngine,
    judgingOf,
  }
}
