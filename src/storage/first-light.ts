/**
 * The stored run that the page opens with: a JSON and two PNG atlases. Written by the command line, read by the page. The first
 * atlas is what the first view shows: a column for σ = 0 and one for the step of the equation beneath, and for each sample three
 * rows: positive, negative and guided at σ = 0; D⁺, D⁻ and D at the step. The second, for whoever scrubs: a column for each step,
 * and for each sample five rows: denoised positive, negative and guided, then D⁺ and D⁻ at the guided x_t. Values are rounded to
 * 8 bits; x_t is left out (noise does not compress). Pure.
 */
import * as v from 'valibot'
import { fromByte, type ImageSize, toByte } from '../core/image'
import { numbers, remember, valueOf } from '../numbers'
import { strongestOf } from '../numbers/strongest'
import { differenceSize } from '../numbers/numbers/difference-size'
import type { FinalSample, StepRecord } from '../sampling/records'
import type { ModelInfo } from '../model/types'
import { parsePreset, toPreset } from '../settings'
import type { Settings } from '../settings/types'
import type { Rgb8 } from './png'

/** Rows of a sample in the first atlas and in the second. */
const FIRST_ROWS = 3
const STEP_ROWS = 5
/** Those of a step in the second that the first has too, in its order: D⁺, D⁻ and D. */
const SHOWN_ROWS = [3, 4, 2]

const Step = v.object({
  sigma: v.number(),
  inWindow: v.boolean(),
  /** Every number by its id, one entry a sample; null where there was nothing to measure. */
  numbers: v.record(v.string(), v.array(v.nullable(v.number()))),
})

const FirstLight = v.object({
  version: v.literal(3),
  /** A preset, as "Save JSON" writes it. */
  preset: v.unknown(),
  hasNegative: v.boolean(),
  /** The step that the equation shows at σ = 0. */
  shown: v.pipe(v.number(), v.integer(), v.minValue(0)),
  steps: v.array(Step),
})
export type FirstLightJson = v.InferOutput<typeof FirstLight>

export interface StoredFiles {
  readonly json: FirstLightJson
  readonly first: Rgb8
  readonly steps: Rgb8
}

/** A picture made of images in columns and rows. */
class Atlas {
  readonly picture: Rgb8

  constructor(
    columns: number,
    rows: number,
    private readonly size: ImageSize,
  ) {
    const [width, height] = [columns * size.width, rows * size.height]
    this.picture = { width, height, data: new Uint8Array(3 * width * height) }
  }

  put(image: Float32Array | null, column: number, row: number): void {
    if (!image) return
    const { height, width } = this.size
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const target = 3 * ((row * height + y) * this.picture.width + column * width + x)
        for (let c = 0; c < 3; c++) this.picture.data[target + c] = toByte(image[(c * height + y) * width + x]!)
      }
    }
  }
}

/** Pixels around each picture of `ahead`, which repeat its edge: enlarged, it is not mixed with its neighbours. */
const GUTTER = 2

/**
 * What stands before the page's code: positive, negative and guided of the first sample, one beneath the other. `places` are what
 * `background-position-y` and `background-size` ask for, so that each fills its place.
 */
export function ahead(first: Rgb8, { height, width }: ImageSize) {
  const room = height + 2 * GUTTER
  const picture: Rgb8 = { width, height: FIRST_ROWS * room, data: new Uint8Array(3 * width * FIRST_ROWS * room) }
  for (let y = 0; y < picture.height; y++) {
    const row = Math.floor(y / room)
    const inside = Math.min(height - 1, Math.max(0, (y % room) - GUTTER))
    const source = 3 * (row * height + inside) * first.width
    picture.data.set(first.data.subarray(source, source + 3 * width), 3 * y * width)
  }
  const places = Array.from({ length: FIRST_ROWS }, (_, row) => (row * room + GUTTER) / (picture.height - height))
  return { picture, places, size: picture.height / height }
}

/** A full run as files. Throws RangeError for a model that is not RGB. */
export function encodeFirstLight(
  settings: Settings,
  records: readonly StepRecord[],
  final: readonly FinalSample[],
  model: ModelInfo,
): StoredFiles {
  if (model.image.channels !== 3) throw new RangeError('a stored first image must have three channels')
  const shown = strongestOf(records, 0, model.image)?.index ?? 0
  const first = new Atlas(2, FIRST_ROWS * final.length, model.image)
  const steps = new Atlas(records.length, STEP_ROWS * final.length, model.image)
  const putAll = (atlas: Atlas, column: number, row: number, images: readonly (Float32Array | null)[]) =>
    images.forEach((image, index) => atlas.put(image, column, row + index))
  final.forEach(({ positive, negative, guided }, index) =>
    putAll(first, 0, index * FIRST_ROWS, [positive, negative, guided]),
  )
  records.forEach(({ samples }, column) =>
    samples.forEach(({ positive, negative, guided, predictionPositive, predictionNegative }, index) => {
      const predictions = [predictionPositive, predictionNegative]
      if (column === shown) putAll(first, 1, index * FIRST_ROWS, [...predictions, guided.denoised])
      const denoised = [positive?.denoised ?? null, negative?.denoised ?? null, guided.denoised]
      putAll(steps, column, index * STEP_ROWS, [...denoised, ...predictions])
    }),
  )
  const json: FirstLightJson = {
    version: 3,
    preset: toPreset(settings),
    hasNegative: final.every((sample) => sample.negative !== null),
    shown,
    steps: records.map((record) => ({
      sigma: record.sigma,
      inWindow: record.inWindow,
      numbers: Object.fromEntries(
        numbers.map((number) => [number.id, record.samples.map((sample) => valueOf(number, sample, model.image))]),
      ),
    })),
  }
  return { json, first: first.picture, steps: steps.picture }
}

/** Of a picture that is not stored. */
const NONE = new Float32Array(0)

/** What is stored of a run: its settings, and what its steps and its end showed. */
export interface StoredRun {
  readonly settings: Settings
  readonly steps: number
  readonly records: readonly StepRecord[]
  readonly final: readonly FinalSample[]
}

/** The image in a column and a row of an atlas. */
type Take = (column: number, row: number) => Float32Array

/** Throws Error where the atlas is not of so many images. */
function taker(atlas: Rgb8, columns: number, rows: number, { height, width }: ImageSize): Take {
  if (atlas.width !== width * columns || atlas.height !== height * rows)
    throw new Error(`the atlas is ${atlas.width}×${atlas.height}, which does not fit ${columns} by ${rows} images`)
  return (column, row) => {
    const image = new Float32Array(3 * height * width)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const source = 3 * ((row * height + y) * atlas.width + column * width + x)
        for (let c = 0; c < 3; c++) image[(c * height + y) * width + x] = fromByte(atlas.data[source + c]!)
      }
    }
    return image
  }
}

/**
 * The stored run; without the second atlas its steps have their numbers, but only one has the pictures of the equation. Throws Error
 * where the files do not belong together or to this model.
 */
export function decodeFirstLight(stored: unknown, first: Rgb8, all: Rgb8 | null, model: ModelInfo): StoredRun {
  const json = v.parse(FirstLight, stored)
  const preset = parsePreset(json.preset, model)
  if (!preset.ok) throw new Error(preset.problem)
  const { settings } = preset
  const steps = json.steps.length
  const takeFirst = taker(first, 2, FIRST_ROWS * settings.samples, model.image)
  const takeStep = all && taker(all, steps, STEP_ROWS * settings.samples, model.image)
  const samples = Array.from({ length: settings.samples }, (_, index) => index)
  /** One of the five pictures of a step. */
  const pictureOf = (step: number, sample: number, row: number) => {
    if (takeStep) return takeStep(step, sample * STEP_ROWS + row)
    const place = SHOWN_ROWS.indexOf(row)
    return step === json.shown && place >= 0 ? takeFirst(1, sample * FIRST_ROWS + place) : NONE
  }
  const records = json.steps.map((step, index): StepRecord => ({
    index,
    steps,
    sigma: step.sigma,
    sigmaNext: json.steps[index + 1]?.sigma ?? 0,
    sigmaHat: step.sigma,
    inWindow: step.inWindow,
    rows: 0,
    samples: samples.map((sample) => ({
      positive: { x: NONE, denoised: pictureOf(index, sample, 0) },
      negative: json.hasNegative ? { x: NONE, denoised: pictureOf(index, sample, 1) } : null,
      guided: { x: NONE, denoised: pictureOf(index, sample, 2) },
      predictionPositive: pictureOf(index, sample, 3),
      predictionNegative:
        typeof step.numbers[differenceSize.id]?.[sample] === 'number' ? pictureOf(index, sample, 4) : null,
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
    positive: takeFirst(0, sample * FIRST_ROWS),
    negative: json.hasNegative ? takeFirst(0, sample * FIRST_ROWS + 1) : null,
    guided: takeFirst(0, sample * FIRST_ROWS + 2),
  }))
  return { settings, steps, records, final }
}
