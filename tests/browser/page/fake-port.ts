/** Stands in the place of `src/ui/app/engine-port.ts` in `vite --mode fake`: the page with an imitation of the engine. */
import type { ModelInfo } from '../../../src/model/types'
import type { EnginePort } from '../../../src/ui/app/engine-port'
import { judgingOf } from '../../../src/ui/app/judging'
import { createFakeEngine, fakeModel, fakeRenders } from './fake-engine'
import { fakeCurves, fakePublished, fakePublishedShapes } from './fake-published'
import { downloadFailed, EngineError } from '../../../src/core/failure'

/** Another family, with fewer classes, without a judge and without renders; the same imitation draws it. */
const fakeShapes: ModelInfo = {
  ...fakeModel,
  id: 'shapes',
  name: 'Shapes (imitation)',
  family: { ...fakeModel.family, sentence: 'Flat shapes.', order: 2, unnamedInLinks: false },
  judge: null,
  renders: null,
  conditioning: { kind: 'class', labelDropout: false, classes: fakeModel.conditioning.classes.slice(0, 3) },
}

let asked = 0
let measured = 0

export function openPort(): EnginePort {
  return {
    models: [fakeModel, fakeShapes],
    watchModels: () => () => undefined,
    // `?measured=missing` is a server without the numbers of the second family, once.
    publishedOf: (model) => {
      if (model === fakeModel) return Promise.resolve(fakePublished(model))
      const missing = measured++ === 0 && new URLSearchParams(location.search).get('measured') === 'missing'
      return missing
        ? Promise.reject(new Error('the server answered 404'))
        : Promise.resolve(fakePublishedShapes(model))
    },
    curvesOf: (model) => Promise.resolve(model === fakeModel ? fakeCurves(model) : []),
    connect: createFakeEngine,
    judgingOf,
    // `?renders=missing` in the address is a server without them, once.
    rendersOf: (model) => {
      const missing = asked++ === 0 && new URLSearchParams(location.search).get('renders') === 'missing'
      return missing
        ? Promise.reject(new EngineError(downloadFailed('renders.png', 'the server answered 404')))
        : Promise.resolve(fakeRenders(model))
    },
  }
}
