/** Overlapping crops of an image, and their predictions put together again (sliding window guidance, arXiv 2411.10257). */
import type { Field } from './field'
import type { ImageSize } from './image'

export interface Area {
  readonly height: number
  readonly width: number
}

/** A crop's top left pixel. */
export interface Origin {
  readonly top: number
  readonly left: number
}

/** Starts of `count` crops along one axis, evenly from the first pixel to the last that fits. */
function starts(size: number, crop: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => Math.round((i * (size - crop)) / (count - 1)))
}

/** Origins of perSide × perSide crops, row by row. Throws RangeError where they would not cover the image. */
export function windowOrigins(size: Area, crop: Area, perSide: number): readonly Origin[] {
  const covers = (length: number, part: number) => part <= length && part * perSide >= length
  if (perSide < 2 || !covers(size.height, crop.height) || !covers(size.width, crop.width)) {
    throw new RangeError(
      `${perSide} × ${perSide} crops of ${crop.height}×${crop.width} do not cover an image of ${size.height}×${size.width}`,
    )
  }
  const lefts = starts(size.width, crop.width, perSide)
  return starts(size.height, crop.height, perSide).flatMap((top) => lefts.map((left) => ({ top, left })))
}

/** The pixels of a crop, [channels × crop.height × crop.width]. */
export function cropField(
  field: Field,
  { channels, height, width }: ImageSize,
  { top, left }: Origin,
  crop: Area,
): Field {
  const out = new Float32Array(channels * crop.height * crop.width)
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < crop.height; y++) {
      const from = (c * height + top + y) * width + left
      out.set(field.subarray(from, from + crop.width), (c * crop.height + y) * crop.width)
    }
  }
  return out
}

/** The mean of all crops at each pixel [channels × h × w], and how many crops see it [h × w]. */
export function mergeWindows(
  crops: readonly Field[],
  origins: readonly Origin[],
  crop: Area,
  { channels, height, width }: ImageSize,
): { readonly average: Field; readonly coverage: Float32Array } {
  const plane = height * width
  const sum = new Float64Array(channels * plane)
  const coverage = new Float32Array(plane)
  for (const [i, { top, left }] of origins.entries()) {
    const field = crops[i]!
    for (let y = 0; y < crop.height; y++) {
      for (let x = 0; x < crop.width; x++) {
        const at = (top + y) * width + left + x
        coverage[at]! += 1
        for (let c = 0; c < channels; c++) sum[c * plane + at]! += field[(c * crop.height + y) * crop.width + x]!
      }
    }
  }
  return { average: Float32Array.from(sum, (value, i) => value / coverage[i % plane]!), coverage }
}
