/** Writes what was drawn: pictures, run.json, and the tensors along the guided trajectory. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { filmStrip, type ImageSize } from '../../core/image'
import type { ModelInfo } from '../../model/types'
import { valueOf } from '../../numbers'
import { differenceLength } from '../../numbers/numbers/difference-length'
import { differenceSize } from '../../numbers/numbers/difference-size'
import { noiseCosine } from '../../numbers/numbers/noise-cosine'
import type { FinalSample, SampleRecord } from '../../sampling/records'
import { toPreset } from '../../settings'
import type { Settings } from '../../settings/types'
import { npy } from '../../storage/npy'
import { tensorsOfSteps } from '../../storage/tensors'
import type { NodeModel } from '../node-model'
import { UsageError } from '../usage'
import type { Drawn } from './draw'

/** Makes the folder before anything is sampled, so that a bad name costs no work. */
export function makeFolder(out: string): void {
  try {
    mkdirSync(out, { recursive: true })
  } catch (error) {
    throw new UsageError(`--out ${out} cannot be a folder: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const columnsOf = (final: readonly FinalSample[]) => ({
  positive: final.flatMap(({ positive }) => (positive ? [positive] : [])),
  negative: final.flatMap(({ negative }) => (negative ? [negative] : [])),
  guided: final.map(({ guided }) => guided),
})

/** The samples of each column side by side, as people look at them, with the settings as a text of the picture. */
export async function writePictures(
  out: string,
  { final }: Drawn,
  settings: Settings,
  { pictures }: Pick<NodeModel, 'pictures'>,
): Promise<void> {
  for (const [name, samples] of Object.entries(columnsOf(final))) {
    if (samples.length === 0) continue
    const { images, size } = await pictures(samples)
    const data = filmStrip(images, size)
    const text = { settings: JSON.stringify(toPreset(settings)) }
    const whole = { width: size.width * images.length, height: size.height, channels: 3 } as const
    writeFileSync(join(out, `${name}.png`), encode({ ...whole, data, text }))
  }
}

const measures = (sample: SampleRecord, shape: ImageSize, term = 0) => ({
  differenceNorm: valueOf(differenceLength, sample, shape, term),
  differenceRatio: valueOf(differenceSize, sample, shape, term),
  cosine: valueOf(noiseCosine, sample, shape, term),
})

const sha256 = (tensor: Float32Array) =>
  createHash('sha256')
    .update(new Uint8Array(tensor.buffer, tensor.byteOffset, tensor.byteLength))
    .digest('hex')

export const rowsOf = ({ steps }: Drawn): number => steps.reduce((sum, { record }) => sum + record.rows, 0)

export function writeRun(
  out: string,
  drawn: Drawn,
  settings: Settings,
  model: ModelInfo,
  loadMilliseconds: number,
): void {
  const { positive, negative, guided } = columnsOf(drawn.final)
  const run = {
    settings: toPreset(settings),
    seed: settings.seed,
    model: { id: model.id, weights: model.weights.sha256 },
    steps: drawn.steps.map(({ record, milliseconds }) => ({
      sigma: record.sigma,
      sigmaNext: record.sigmaNext,
      inWindow: record.inWindow,
      rows: record.rows,
      milliseconds: Math.round(milliseconds * 10) / 10,
      samples: record.samples.map((sample) => ({
        ...measures(sample, model.image),
        ...(sample.stacked.length > 0 && {
          stacked: sample.stacked.map((_, term) => measures(sample, model.image, term + 1)),
        }),
      })),
    })),
    timings: {
      loadMilliseconds: Math.round(loadMilliseconds),
      sampleMilliseconds: Math.round(drawn.milliseconds),
      rows: rowsOf(drawn),
    },
    sha256: { positive: positive.map(sha256), negative: negative.map(sha256), guided: guided.map(sha256) },
  }
  writeFileSync(join(out, 'run.json'), JSON.stringify(run, null, 2) + '\n')
}

/** Writes x of each step, and D⁺, D⁻ and D there: float32 [steps, samples, channels, height, width]. */
export function writeTensors(out: string, { steps }: Drawn, settings: Settings, { image }: ModelInfo): void {
  const records = steps.map(({ record }) => record)
  for (const { name, data, shape } of tensorsOfSteps(records, settings, image))
    writeFileSync(join(out, `${name}.npy`), npy(data, shape))
}
