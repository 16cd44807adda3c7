/**
 * The stored run that the page opens with: one PNG atlas and one JSON. Written by the command line, read by the page.
 * Atlas: a column for each step and one for σ = 0; for each sample five rows: denoised positive, negative and guided, then D⁺
 * and D⁻ at the guided x_t. Values are rounded to 8 bits; x_t is left out (noise does not compress). Pure.
 */
import * as v from 'valibot'
import { fromByte, toByte } from '../core/image'
import { numbers, remember, valueOf } from '../numbers'
import { differenceSize } from '../numbers/numbers/difference-size'
import type { FinalSample, StepRecord } from '../sampling/records'
import type { ModelInfo } from '../model/types'
import { parsePreset, toPreset } from '../settings'
import type { Settings } from '../settings/types'
import type { Rgb8 } from './png'

const ROWS = 5

const Step = v.object({
  sigma: v.number(),
  inWindow: v.boolean(),
  /** Every number by its id, one entry a sample; null where there was nothing to measure. */
  numbers: v.record(v.string(), v.array(v.nullable(v.number()))),
})

const FirstLight = v.object({
  version: v.literal(2),
  /** A preset, as "Save JSON" writes it. */
  preset: v.unknown(),
  hasNegative: v.boolean(),
  steps: v.array(Step),
})
export type FirstLightJson = v.InferOutput<typeof FirstLight>

/** Steps and final images of a full run as JSON and an RGB atlas. Throws RangeError for a model that is not RGB. */
export function encodeFirstLight(
  settings: Settings,
  records: readonly StepRecord[],
  final: readonly FinalSample[],
  model: ModelInfo,
): { readonly json: FirstLightJson; readonly atlas: Rgb8 } {
  const { channels, height, width } = model.image
  if (channels !== 3) throw new RangeError('a stored first image must have three channels')
  const atlasWidth = width * (records.length + 1)
  const data = new Uint8Array(3 * atlasWidth * height * ROWS * final.length)
  const put = (image: Float32Array | null, column: number, row: number) => {
    if (!image) return
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const target = 3 * ((row * height + y) * atlasWidth + column * width + x)
        for (let c = 0; c < 3; c++) data[target + c] = toByte(image[(c * height + y) * width + x]!)
      }
    }
  }
  records.forEach((record, column) => {
    record.samples.forEach((sample, index) => {
      const row = index * ROWS
      put(sample.positive?.denoised ?? null, column, row)
      put(sample.negative?.denoised ?? null, column, row + 1)
      put(sample.guided.denoised, column, row + 2)
      put(sample.predictionPositive, column, row + 3)
      put(sample.predictionNegative, column, row + 4)
    })
  })
  final.forEach((sample, index) => {
    put(sample.positive, records.length, index * ROWS)
    put(sample.negative, records.length, index * ROWS + 1)
    put(sample.guided, records.length, index * ROWS + 2)
  })
  const json: FirstLightJson = {
    version: 2,
    preset: toPreset(settings),
    hasNegative: final.every((sample) => sample.negative !== null),
    steps: records.map((record) => ({
      sigma: record.sigma,
      inWindow: record.inWindow,
      numbers: Object.fromEntries(
        numbers.map((number) => [number.id, record.samples.map((sample) => valueOf(number, sample, model.image))]),
      ),
    })),
  }
  return { json, atlas: { width: atlasWidth, height: height * ROWS * final.length, data } }
}

const NO_NOISE = new Float32Array(0)

/** What is stored of a run: its settings, and what its steps and its end showed. */
export interface StoredRun {
  readonly settings: Settings
  readonly steps: number
  readonly records: readonly StepRecord[]
  readonly final: readonly FinalSample[]
}

/** The stored run. Throws Error where JSON and atlas do not belong together or to this model. */
export function decodeFirstLight(stored: unknown, atlas: Rgb8, model: ModelInfo): StoredRun {
  const json = v.parse(FirstLight, stored)
  const preset = parsePreset(json.preset, model)
  if (!preset.ok) throw new Error(preset.problem)
  const { settings } = preset
  const { height, width } = model.image
  const steps = json.steps.length
  if (atlas.width !== width * (steps + 1) || atlas.height !== height * ROWS * settings.samples) {
    throw new Error(
      `the atlas is ${atlas.width}×${atlas.height}, which does not fit ${steps} steps of ${settings.samples} samples`,
    )
  }
  const take = (column: number, row: number): Float32Array => {
    const image = new Float32Array(3 * height * width)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const source = 3 * ((row * height + y) * atlas.width + column * width + x)
        for (let c = 0; c < 3; c++) image[(c * height + y) * width + x] = fromByte(atlas.data[source + c]!)
      }
    }
    return image
  }
  const frame = (column: number, row: number) => ({ x: NO_NOISE, denoised: take(column, row) })
  const samples = Array.from({ length: settings.samples }, (_, index) => index)
  const records = json.steps.map((step, index): StepRecord => ({
    index,
    steps,
    sigma: step.sigma,
    sigmaNext: json.steps[index + 1]?.sigma ?? 0,
    sigmaHat: step.sigma,
    inWindow: step.inWindow,
    rows: 0,
    samples: samples.map((sample) => ({
      positive: frame(index, sample * ROWS),
      negative: json.hasNegative ? frame(index, sample * ROWS + 1) : null,
      guided: frame(index, sample * ROWS + 2),
      predictionPositive: take(index, sample * ROWS + 3),
      predictionNegative:
        typeof step.numbers[differenceSize.id]?.[sample] === 'number' ? take(index, sample * ROWS + 4) : null,
      // The atlas holds no masks, and the page opens without a stack.
      mask: null,
      stacked: [],
    })),
  }))
  // The atlas holds images as pixels show them: too coarse to measure, and clipped.
  for (const [index, step] of json.steps.entries())
    for (const [at, sample] of (records[index]?.samples ?? []).entries())
      for (const number of numbers) remember(number, sample, step.numbers[number.id]?.[at] ?? null)
  const final = samples.map((sample): FinalSample => ({
    positive: take(steps, sample * ROWS),
    negative: json.hasNegative ? take(steps, sample * ROWS + 1) : null,
    guided: take(steps, sample * ROWS + 2),
  }))
  return { settings, steps, records, final }
}
