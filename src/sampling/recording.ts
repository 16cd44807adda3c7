/** A step's record of one image. */
import { cosine, norm, subtract } from '../core/vector'
import type { Answer } from './inputs'
import type { Found } from './predicting'
import type { SampleRecord, TermRecord } from './records'
import { each, type Some, type Strode } from './trajectories'

/** The term's record where it was not evaluated. */
const NOTHING: TermRecord = {
  predictionNegative: null,
  differenceNorm: null,
  differenceRatio: null,
  cosine: null,
  mask: null,
}

function termRecord(x: Float32Array, positive: Float32Array, negative: Answer | null): TermRecord {
  if (!negative) return NOTHING
  const difference = subtract(positive, negative.denoised)
  const differenceNorm = norm(difference)
  return {
    predictionNegative: negative.denoised,
    differenceNorm,
    differenceRatio: differenceNorm / norm(positive),
    // The predicted noise is (x − D⁺)/σ; σ > 0 does not change the angle.
    cosine: cosine(difference, subtract(x, positive)),
    mask: negative.mask,
  }
}

export function sampleRecord(walked: Some<Strode>, { positive, answers }: Found): SampleRecord {
  const frames = each(walked, ({ first: { x, denoised } }) => ({ x, denoised }))
  const [first = NOTHING, ...stacked] = answers.map((answer) => termRecord(frames.guided.x, positive, answer))
  return { ...frames, predictionPositive: positive, ...first, stacked }
}
