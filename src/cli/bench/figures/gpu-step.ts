import type { Figure } from '../figure'
import { COUNTS_GPU, type GpuRun } from '../gpu-counter'
import { nextSeed } from '../gestures'
import { Visitor } from '../visitor'

/** As few as a run may have. */
const STEPS = 2
/** In software on a busy machine a large network takes longer than anybody waits. */
const PATIENCE_MS = 240_000

export const gpuStep: Figure = {
  id: 'gpu-step',
  title: 'A step on WebGPU',
  order: 11,
  rounds: 1,
  note: 'Of a whole run with three pictures; in software where there is no GPU, which counts the same.',
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
      // The pictures of the first seed are known from the backend before, and those of the second are the first that it draws.
      for (let seed = 2; seed <= 3; seed++) await visitor.act(page, () => nextSeed(page))
      const runs = await Promise.all(
        page
          .workers()
          .map((worker) =>
            worker.evaluate((): readonly GpuRun[] => Reflect.get(self, 'gpuRuns') ?? []).catch(() => []),
          ),
      )
      const last = runs
        .flat()
        .filter(({ dispatches }) => dispatches > 0)
        .at(-1)
      // In software an evaluation takes fewer rows, so that a step takes more of them.
      const each = (what: Exclude<keyof GpuRun, 'steps' | 'evaluations'>, by: 'steps' | 'evaluations') =>
        last && last[by] > 0 ? last[what] / last[by] : null
      return [
        { line: 'rows of a step', unit: 'count', value: each('rows', 'steps') },
        { line: 'readbacks of a step', unit: 'count', value: each('readbacks', 'steps') },
        {
          line: 'dispatches of an evaluation',
          unit: 'count',
          value: each('dispatches', 'evaluations'),
          goals: [{ atMost: 150 }],
        },
        { line: 'passes of an evaluation', unit: 'count', value: each('passes', 'evaluations') },
        { line: 'submits of an evaluation', unit: 'count', value: each('submits', 'evaluations') },
        { line: 'uploads of an evaluation', unit: 'count', value: each('uploads', 'evaluations') },
        { line: 'uploaded by a step', unit: 'bytes', value: each('uploadedBytes', 'steps') },
      ]
    } finally {
      clearTimeout(late)
      meter.prepended = null
      await visitor.leave()
    }
  },
}
