/** A step's record of one image. */
import type { Answer } from './inputs'
import type { Found } from './predicting'
import type { SampleRecord, TermRecord } from './records'
import { each, type Some, type Strode } from './trajectories'

const termRecord = (answer: Answer | null | undefined): TermRecord => ({
  predictionNegative: answer?.denoised ?? null,
  mask: answer?.mask ?? null,
})

export function sampleRecord(walked: Some<Strode>, { positive, answers }: Found): SampleRecord {
  const frames = each(walked, ({ first: { x, denoised } }) => ({ x, denoised }))
  const [first, ...stacked] = answers
  return { ...frames, predictionPositive: positive, ...termRecord(first), stacked: stacked.map(termRecord) }
}
