/** Counts what a worker asks of a GPU between two steps of a run: put before its script, since it is of any commit. */
import { countGpu, type GpuCounts } from '../gpu-counter'

export interface GpuStep extends GpuCounts {
  readonly rows: number
}

/** Runs in the worker. A record of a step is told to the page as soon as it is there. */
function noteSteps(take: () => GpuCounts): void {
  const steps: GpuStep[] = []
  const own = self.postMessage.bind(self)
  Reflect.set(self, 'postMessage', (...given: Parameters<typeof own>) => {
    const rows: unknown = Object(Object(given[0]).record).rows
    if (typeof rows === 'number') steps.push({ rows, ...take() })
    own(...given)
  })
  Reflect.set(self, 'gpuSteps', steps)
}

/** What a compiler of TypeScript puts around functions is not there in the worker. */
export const COUNTS_GPU = `{ const __name = (value) => value; (${noteSteps.toString()})((${countGpu.toString()})()) }\n`
