/** What the tab is made of: the work on points, the desk of curves, and rows of results for whatever is measured. Free of DOM. */
import { metricsFrom } from '../../../../../evaluation/metrics'
import type { LabStorage } from '../../../../../storage/lab'
import { drawnTogether } from '../../../../../worker/client/backends'
import type { Lab } from '../../lab'
import { keepResult, resultOf } from '../../judged/result'
import { createPointWork, type PointWork } from '../../judged/work'
import { createCurvesDesk, type CurvesDesk, type DeskParts } from './desk'
import { createSearchDesk, type SearchDesk } from './search-desk'

export interface Curves {
  readonly work: PointWork
  readonly desk: CurvesDesk
  readonly search: SearchDesk
  dispose(): void
}

export function createCurves(lab: Pick<Lab, 'storage' | 'engine' | 'judge' | 'now' | 'store'>): Curves {
  const storage: LabStorage = lab.storage
  const date = () => Date.now()
  const together = () => {
    const { engine } = lab.store.getState()
    return engine.kind === 'ready' ? drawnTogether(engine.backend.id) : 1
  }
  const work = createPointWork({
    storage,
    engine: (model) => lab.engine(model),
    open: (model, onProgress) => lab.judge.open(model, onProgress),
    together,
    now: lab.now,
    date,
    onMeasured: (point, measured, cost) => {
      void lab.judge.open(point.model).then(async ({ kit }) => {
        const places = [
          ...(desk.store.getState().curve?.places ?? []),
          ...search.store.getState().steps.flatMap(({ tried }) => tried),
        ]
        const values = places.find((place) => place.point?.key === point.key)?.values ?? {}
        const [judge, made, metrics] = [kit.info.weights.sha256, date(), metricsFrom(measured)]
        await keepResult(storage, point, resultOf({ point, values, metrics, cost, judge, made }), made)
      })
    },
  })
  const parts: DeskParts = {
    work,
    storage,
    date,
    judgeOf: async (model) => (await lab.judge.open(model)).kit.info.weights.sha256,
  }
  const desk = createCurvesDesk(parts)
  const search = createSearchDesk(parts)
  return {
    work,
    desk,
    search,
    dispose: () => {
      desk.dispose()
      search.dispose()
    },
  }
}
