/** Finished images as PNGs in text, exact and at their own size: the figure enlarges them where it is seen. */
import { filmStrip, type ImageSize } from '../core/image'
import type { FinalSample, Trajectory } from '../sampling/records'
import type { Rgb8 } from '../storage/png'
import { encodePng } from '../storage/write-png'

export const ROLES: readonly Trajectory[] = ['positive', 'negative', 'guided']

/** How many images stand beside each other in a picture of several. */
export const columnsOf = (images: number): number => Math.ceil(Math.sqrt(images))

/** Images in rows of equal length, white where there are too few. */
export function mosaic(images: readonly Float32Array[], size: ImageSize): Rgb8 {
  const columns = columnsOf(images.length)
  const rows = Math.ceil(images.length / columns)
  const width = columns * size.width
  const data = new Uint8Array(3 * width * rows * size.height).fill(255)
  const line = 3 * size.width
  images.forEach((image, index) => {
    const own = filmStrip([image], size)
    const [row, column] = [Math.floor(index / columns), index % columns]
    for (let y = 0; y < size.height; y++)
      data.set(own.subarray(y * line, (y + 1) * line), 3 * ((row * size.height + y) * width + column * size.width))
  })
  return { width, height: rows * size.height, data }
}

/** The images of a trajectory; null where it was not sampled. */
export function imagesOf(final: readonly FinalSample[], role: Trajectory): readonly Float32Array[] | null {
  const images = final.flatMap((sample) => sample[role] ?? [])
  return images.length === final.length && images.length > 0 ? images : null
}

/** Longer argument lists than this end some browsers' call of `fromCharCode`. */
const CHUNK = 8_192

export function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  return btoa(text)
}

export async function pictureData(picture: Rgb8): Promise<string> {
  return `data:image/png;base64,${base64(await encodePng(picture))}`
}
