/** The tensors of a run, named and shaped as `npm run sample -- --tensors` writes them, and as one .npz that NumPy opens. Pure. */
import type { ImageSize } from '../core/image'
import { normals } from '../core/random'
import type { FinalSample, SampleRecord, StepRecord } from '../sampling/records'
import { toPreset } from '../settings'
import type { Settings } from '../settings/types'
import { npy } from './npy'
import { zipped } from './zip'

export interface NamedTensor {
  readonly name: string
  readonly data: Float32Array | Float64Array
  readonly shape: readonly number[]
}

const sizeOf = ({ channels, height, width }: ImageSize) => channels * height * width

/** Images in a row; NaN where there is none. */
function stacked(images: readonly (Float32Array | null)[], size: number): Float32Array {
  const data = new Float32Array(images.length * size).fill(NaN)
  images.forEach((image, i) => image && data.set(image, i * size))
  return data
}

/** x of each step, and D⁺, D⁻ and D there, along the guided trajectory: [steps, samples, channels, height, width]. */
export function tensorsOfSteps(
  records: readonly StepRecord[],
  settings: Settings,
  image: ImageSize,
): readonly NamedTensor[] {
  const shape = [records.length, settings.samples, image.channels, image.height, image.width]
  const of = (name: string, read: (at: SampleRecord) => Float32Array | null): NamedTensor => {
    const images = records.flatMap(({ samples }) => samples.map(read))
    return { name, data: stacked(images, sizeOf(image)), shape }
  }
  return [
    of('x', (at) => at.guided.x),
    of('D_pos', (at) => at.predictionPositive),
    of('D_neg', (at) => at.predictionNegative),
    ...settings.stack.map((_, i) => of(`D_neg_${i + 1}`, (at) => at.stacked[i]?.predictionNegative ?? null)),
    of('D', (at) => at.guided.denoised),
  ]
}

export interface WholeRun {
  readonly settings: Settings
  readonly records: readonly StepRecord[]
  readonly final: readonly FinalSample[]
}

/** All that another program needs to check a run: its noise levels, its noise (of unit deviation), every step, and its ends. */
export function tensorsOfRun({ settings, records, final }: WholeRun, image: ImageSize): readonly NamedTensor[] {
  const size = sizeOf(image)
  const shape = [settings.samples, image.channels, image.height, image.width]
  const noise = final.map((_, i) => normals(settings.seed, settings.image + i, size))
  const ends = (['positive', 'negative', 'guided'] as const).flatMap((role): NamedTensor[] =>
    final.some((sample) => sample[role] !== null)
      ? [
          {
            name: role,
            data: stacked(
              final.map((sample) => sample[role]),
              size,
            ),
            shape,
          },
        ]
      : [],
  )
  const levels = [...records.map(({ sigma }) => sigma), 0]
  return [
    { name: 'sigma', data: Float64Array.from(levels), shape: [levels.length] },
    // Where a solver adds noise before it predicts, x stands at this level.
    { name: 'sigma_hat', data: Float64Array.from(records, ({ sigmaHat }) => sigmaHat), shape: [records.length] },
    { name: 'noise', data: stacked(noise, size), shape },
    ...tensorsOfSteps(records, settings, image),
    ...ends,
  ]
}

/** The tensors of a run, and its settings as JSON, in one uncompressed archive as `numpy.savez` writes it. */
export function npzOfRun(run: WholeRun, image: ImageSize): Uint8Array<ArrayBuffer> {
  const files = tensorsOfRun(run, image).map(({ name, data, shape }) => [`${name}.npy`, npy(data, shape)] as const)
  const settings = new TextEncoder().encode(JSON.stringify(toPreset(run.settings), null, 2))
  return zipped({ ...Object.fromEntries(files), 'settings.json': settings })
}
