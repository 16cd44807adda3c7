/** How a question becomes rows of the network, and their predictions an answer; one function for each kind of input. */
import { cropField, mergeWindows, windowOrigins } from '../core/windows'
import { degradedInput, type DegradedInput } from '../guidance/mask'
import { rowOf } from '../guidance/pair'
import type { Input, Prediction } from '../guidance/prediction'
import type { AttentionReading, DenoiserRow, ModelInfo, VisionModel } from '../model/types'

/** A prediction at one point, and what made it. */
export interface Answer {
  /** D; of SAG the effective negative D⁺ − Δ. */
  readonly denoised: Float32Array
  readonly mask: Float32Array | null
}

export interface Rows {
  readonly rows: readonly DenoiserRow[]
  answer(denoised: readonly Float32Array[]): Answer
}

/** Where on the way, and of which image. */
export interface Place {
  readonly model: ModelInfo
  readonly x: Float32Array
  readonly sigma: number
  readonly sample: number
  readonly step: number
}

export function wholeRows(prediction: Prediction, { x, sigma, model }: Place): Rows {
  return {
    rows: [rowOf(prediction, x, sigma, model)],
    answer: ([denoised]) => ({ denoised: denoised!, mask: null }),
  }
}

/** `fallback`: the prediction where fewer than two windows agree. */
export function windowRows(
  prediction: Prediction,
  input: Extract<Input, { kind: 'windows' }>,
  { x, sigma, model }: Place,
  fallback: () => Float32Array,
): Rows {
  const { height, width, perSide, overlapOnly } = input
  const origins = windowOrigins(model.image, input, perSide)
  const row = rowOf(prediction, x, sigma, model)
  return {
    rows: origins.map((origin) => ({ ...row, x: cropField(x, model.image, origin, input), size: { height, width } })),
    answer(denoised) {
      const { average, coverage } = mergeWindows(denoised, origins, input, model.image)
      if (!overlapOnly) return { denoised: average, mask: null }
      const mask = coverage.map((count) => (count > 1 ? 1 : 0))
      const other = fallback()
      return { denoised: average.map((value, i) => (mask[i % mask.length] ? value : other[i]!)), mask }
    },
  }
}

async function saliencyOf(image: Float32Array, vision: VisionModel | undefined) {
  if (!vision) throw new Error('this mask needs a vision transformer, and none was given')
  const { maps, height, width } = await vision.saliency([image.map((value) => Math.min(1, Math.max(-1, value)))])
  return { map: maps[0]!, height, width }
}

/** `reading`: D⁺ of the whole x and a map of it. `positive`: D⁺. */
export async function degradedRows(
  prediction: Prediction,
  input: DegradedInput,
  { x, sigma, model, sample, step }: Place,
  reading: AttentionReading,
  vision: VisionModel | undefined,
  positive: (() => Float32Array) | null,
): Promise<Rows> {
  const { mask, degraded, xHat } = degradedInput({
    x,
    denoised: reading.denoised,
    input,
    received: reading.received,
    grid: model.layers[input.layer]!,
    size: model.image,
    seed: input.seed,
    sample,
    step,
    saliency: input.strategy === 'dino' ? await saliencyOf(reading.denoised, vision) : null,
  })
  return {
    rows: [rowOf(prediction, xHat, sigma, model)],
    answer([worse]) {
      // The two predictions see different inputs, so the difference of their noise is this in x0 space: Δ = x̃0 − D(x̂).
      const plus = positive?.() ?? reading.denoised
      return { denoised: plus.map((value, i) => value - (degraded[i]! - worse![i]!)), mask }
    },
  }
}
