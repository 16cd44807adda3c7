import type { Figure } from '../figure'
import { COUNTS_GPU, type GpuStep } from '../gpu-counter'
import { nextSeed } from '../gestures'
import { Visitor } from '../visitor'

/** As few steps as a run may have: the last of them is counted. */
const STEPS = 2
/** In software on a busy machine a large network takes longer than anybody waits. */
const PATIENCE_MS = 150_000

export const gpuStep: Figure = {
  id: 'gpu-step',
  title: 'A step on WebGPU',
  order: 11,
  rounds: 1,
  note: 'The last step of a run with three pictures; in software where there is no GPU, which counts the same.',
  async measure({ served, meter, options }) {
    const visitor = await Visitor.arrive(served, meter, { ...options, backend: 'webgpu' })
    // Closing the browser ends whatever is waited for.
    const late = setTimeout(() => void visitor.leave(), PATIENCE_MS)
    meter.prepended = { path: /^\/assets\/worker-[\w-]+\.js$/, text: COUNTS_GPU }
    try {
      const { page } = await visitor.open(
        await visitor.freshContext('block'),
        visitor.address({ seed: 1, steps: STEPS }),
      )
      await visitor.choose(page)
      // The pictures of the first seed are known from the backend before.
      await visitor.act(page, () => nextSeed(page))
      const steps = await Promise.all(
        page
          .workers()
          .map((worker) =>
            worker.evaluate((): readonly GpuStep[] => Reflect.get(self, 'gpuSteps') ?? []).catch(() => []),
          ),
      )
      const last = steps
        .flat()
        .filter(({ dispatches }) => dispatches > 0)
        .at(-1)
      // Each run is read back once; in software a run takes fewer rows, so that a step takes more of them.
      const runs = last?.readbacks ?? 0
      const each = (count: number | undefined) => (count === undefined || runs === 0 ? null : count / runs)
      return [
        { line: 'rows', unit: 'count', value: last?.rows ?? null },
        { line: 'readbacks, one for each run', unit: 'count', value: last?.readbacks ?? null },
        { line: 'dispatches of a run', unit: 'count', value: each(last?.dispatches), goals: [{ atMost: 150 }] },
        { line: 'passes of a run', unit: 'count', value: each(last?.passes) },
        { line: 'submits of a run', unit: 'count', value: each(last?.submits) },
        { line: 'uploads of a run', unit: 'count', value: each(last?.uploads) },
        { line: 'uploaded by the step', unit: 'bytes', value: last?.uploadedBytes ?? null },
      ]
    } finally {
      clearTimeout(late)
      meter.prepended = null
      await visitor.leave()
    }
  },
}
