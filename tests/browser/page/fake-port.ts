/** Stands in the place of `src/ui/app/engine-port.ts` in `vite --mode fake`: the page with an imitation of the engine. */
import type { ModelInfo } from '../../../src/model/types'
import type { EnginePort } from '../../../src/ui/app/engine-port'
import { judgingOf } from '../../../src/ui/app/judging'
import type { Judging } from '../../../src/ui/judge/judge'
import { normals } from '../../../src/core/random'
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

/** A judge of few features, where the address says `?judge=small`: what it sees of many images is measured in no time. */
function smallJudge(): Judging {
  const [width, stored] = [4, 60]
  const bytes = new Uint8Array(8 * (width + width * width) + 4 * stored * width)
  const covariance = new Float64Array(bytes.buffer, 8 * width, width * width)
  for (let i = 0; i < width; i++) covariance[i * width + i] = 1
  new Float32Array(bytes.buffer, 8 * (width + width * width)).set(normals(1, 0, stored * width))
  const file = (name: string) => ({ file: name, bytes: 1, sha256: `${name} of few features` })
  const info = {
    graph: file('graph'),
    weights: file('weights'),
    statistics: file('statistics'),
    width,
    images: 999,
    stored,
  }
  return {
    bytes: 1,
    fetch: async () => ({ info, graph: new Uint8Array(1), weights: new Uint8Array(1), statistics: bytes }),
    meter: async (kit) => (await import('../../../src/worker/client/judge')).createMetricsClient(kit),
  }
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
    judgingOf: (model) =>
      model.judge && new URLSearchParams(location.search).get('judge') === 'small' ? smallJudge() : judgingOf(model),
    // `?renders=missing` in the address is a server without them, once.
    rendersOf: (model) => {
      const missing = asked++ === 0 && new URLSearchParams(location.search).get('renders') === 'missing'
      return missing
        ? Promise.reject(new EngineError(downloadFailed('renders.png', 'the server answered 404')))
        : Promise.resolve(fakeRenders(model))
    },
  }
}
