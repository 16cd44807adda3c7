/** One step of one image, as small as a message can hold it; its negative was not evaluated. */
import type { StepRecord } from '../../src/sampling/records'

const x = new Float32Array(4)

export const stepRecord: StepRecord = {
  index: 0,
  steps: 16,
  sigma: 80,
  sigmaNext: 40,
  sigmaHat: 80,
  inWindow: true,
  samples: [
    {
      positive: { x, denoised: x },
      negative: null,
      guided: { x, denoised: x },
      predictionPositive: x,
      predictionNegative: null,
      mask: null,
      stacked: [],
    },
  ],
  rows: 1,
}
