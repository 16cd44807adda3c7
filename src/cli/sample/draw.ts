/** Draws what `npm run sample` writes: all three trajectories, step by step, and how long each step took. */
import { firstNotFinite } from '../../core/vector'
import type { FinalSample, StepRecord } from '../../sampling/records'
import { sample } from '../../sampling/sample'
import type { Settings } from '../../settings/types'
import type { NodeModel } from '../node-model'

export interface TimedStep {
  readonly record: StepRecord
  readonly milliseconds: number
}

export interface Drawn {
  readonly steps: readonly TimedStep[]
  readonly final: readonly FinalSample[]
  readonly milliseconds: number
}

function checkFinite(steps: readonly TimedStep[]): void {
  const broken = steps.find(({ record }) =>
    record.samples.some(({ positive, negative, guided }) =>
      [positive, negative, guided].some((frame) => frame && firstNotFinite(frame.denoised) >= 0),
    ),
  )
  if (!broken) return
  const { index, sigma } = broken.record
  throw new Error(
    `the result is not finite from step ${index} on (sigma ${sigma}): lower the scale, or choose other layers`,
  )
}

/** Rejects where a number left the range. */
export async function draw({ denoiser, vision }: NodeModel, settings: Settings): Promise<Drawn> {
  const steps: TimedStep[] = []
  let final: readonly FinalSample[] = []
  const begun = performance.now()
  let mark = begun
  for await (const event of sample({
    denoiser,
    settings,
    alone: ['positive', 'negative'],
    ...(vision && { vision }),
  })) {
    if (event.kind === 'final') {
      final = event.samples
      continue
    }
    const now = performance.now()
    steps.push({ record: event.record, milliseconds: now - mark })
    mark = now
  }
  checkFinite(steps)
  return { steps, final, milliseconds: mark - begun }
}
