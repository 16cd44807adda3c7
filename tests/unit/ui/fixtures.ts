/** A small model and hand-made runs for the page's unit tests. */
import { normals } from '../../../src/core/random'
import { remember } from '../../../src/numbers'
import { differenceLength } from '../../../src/numbers/numbers/difference-length'
import { differenceSize } from '../../../src/numbers/numbers/difference-size'
import { noiseCosine } from '../../../src/numbers/numbers/noise-cosine'
import type { FinalSample, SampleRecord, StepRecord } from '../../../src/sampling/records'
import { karrasSchedule } from '../../../src/sampling/schedule'
import type { ModelInfo } from '../../../src/model/types'
import { defaultSettings } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import type { Run } from '../../../src/ui/run/run'
import { fakeModel } from '../../browser/page/fake-engine'

export const model: ModelInfo = { ...fakeModel, image: { channels: 3, height: 4, width: 6 } }
export const settings: Settings = { ...defaultSettings(model), scale: 1.5, steps: 5 }

const PIXELS = 3 * 4 * 6

/** An image of reproducible values, well inside [−1, 1]. */
export function image(seed: number): Float32Array {
  return normals(seed, 0, PIXELS).map((value) => Math.tanh(0.5 * value))
}

export function record(index: number, of: Settings, ratio: number | null = 0.1 * (index + 1)): StepRecord {
  const sigmas = karrasSchedule(of.steps, model.sigma)
  return {
    index,
    steps: of.steps,
    sigma: sigmas[index]!,
    sigmaNext: sigmas[index + 1]!,
    sigmaHat: sigmas[index]!,
    inWindow: ratio !== null,
    rows: 4,
    samples: Array.from({ length: of.samples }, (_, sample): SampleRecord => {
      const seed = 100 * index + 10 * sample
      const made: SampleRecord = {
        positive: { x: image(seed), denoised: image(seed + 1) },
        negative: { x: image(seed + 2), denoised: image(seed + 3) },
        guided: { x: image(seed + 4), denoised: image(seed + 5) },
        predictionPositive: image(seed + 6),
        predictionNegative: ratio === null ? null : image(seed + 7),
        mask: null,
        stacked: [],
      }
      remember(differenceLength, made, ratio === null ? null : 2 * ratio)
      remember(differenceSize, made, ratio)
      remember(noiseCosine, made, ratio === null ? null : -0.5)
      return made
    }),
  }
}

export function finals(of: Settings): FinalSample[] {
  return Array.from({ length: of.samples }, (_, sample) => ({
    positive: image(1000 + sample),
    negative: image(2000 + sample),
    guided: image(3000 + sample),
  }))
}

export function run(of: Settings, recorded = of.steps, final: readonly FinalSample[] | null = finals(of)): Run {
  return {
    id: 1,
    origin: 'live',
    pass: 'full',
    settings: of,
    steps: of.steps,
    records: Array.from({ length: recorded }, (_, index) => record(index, of)),
    final,
    summary: null,
  }
}
