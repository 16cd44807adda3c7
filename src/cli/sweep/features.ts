/** What was seen of each image of a point, as NumPy's arrays: for numbers that are not among ours. */
import { join } from 'node:path'
import { npy } from '../../storage/npy'
import { zipped } from '../../storage/zip'
import { UsageError } from '../usage'
import { imagesOf, writeWhole } from './merge'
import type { OpenedSweep } from './opened'

const whole = (values: readonly number[]) => npy(Float64Array.from(values), [values.length])

/** One `ID.npz` a point: features [images, width], asked (−1: no class), seen, index. */
export function writeFeatures({ points, sweep }: OpenedSweep, folders: readonly string[], out: string): void {
  for (const point of points) {
    const judged = imagesOf(point, sweep.images, folders)
    if (judged.length < sweep.images) throw new UsageError(`point ${point.id} lacks images: a shard is not done`)
    const width = judged[0]?.features.length ?? 0
    const features = new Float32Array(judged.length * width)
    judged.forEach((image, i) => features.set(image.features, i * width))
    writeWhole(
      join(out, `${point.id}.npz`),
      zipped({
        'features.npy': npy(features, [judged.length, width]),
        'asked.npy': whole(judged.map(({ asked }) => asked ?? -1)),
        'seen.npy': whole(judged.map(({ seen }) => seen)),
        'index.npy': whole(judged.map(({ index }) => index)),
      }),
    )
  }
}
