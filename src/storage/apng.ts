/** Writes animated PNG files of 8-bit RGB (PNG specification, third edition, sections 5, 10 and 11.3.2). Pure. */
import { concatenate } from '../core/vector'
import { PNG_SIGNATURE } from './png-chunks'
import type { Rgb8 } from './png'
import { compressedRows, headerChunk, pngChunk } from './write-png'

/** Big-endian numbers of so many bytes. */
function numbers(...parts: readonly (readonly [value: number, bytes: 1 | 2 | 4])[]): Uint8Array {
  const out = new DataView(new ArrayBuffer(parts.reduce((sum, [, bytes]) => sum + bytes, 0)))
  let at = 0
  for (const [value, bytes] of parts) {
    if (bytes === 4) out.setUint32(at, value)
    else if (bytes === 2) out.setUint16(at, value)
    else out.setUint8(at, value)
    at += bytes
  }
  return new Uint8Array(out.buffer)
}

export interface AnimationFrame {
  readonly image: Rgb8
  readonly milliseconds: number
}

/** An animation without end. All frames are of the first one's size; a viewer that knows no animation shows the first. */
export async function encodeApng(frames: readonly AnimationFrame[]): Promise<Uint8Array<ArrayBuffer>> {
  const [first] = frames
  if (!first) throw new RangeError('an animation needs a frame')
  // Controls and data but the first are numbered in the order of the file.
  const parts = frames.map(async ({ image, milliseconds }, i) => {
    const { width, height } = image
    const control = pngChunk(
      'fcTL',
      numbers(
        [i === 0 ? 0 : 2 * i - 1, 4],
        [width, 4],
        [height, 4],
        [0, 4],
        [0, 4],
        [milliseconds, 2],
        [1000, 2],
        [0, 1],
        [0, 1],
      ),
    )
    const rows = await compressedRows(image)
    const data =
      i === 0 ? pngChunk('IDAT', rows) : pngChunk('fdAT', concatenate([numbers([2 * i, 4]), rows], Uint8Array))
    return [control, data]
  })
  return concatenate(
    [
      Uint8Array.from(PNG_SIGNATURE),
      headerChunk(first.image),
      pngChunk('acTL', numbers([frames.length, 4], [0, 4])),
      ...(await Promise.all(parts)).flat(),
      pngChunk('IEND', new Uint8Array()),
    ],
    Uint8Array,
  )
}
