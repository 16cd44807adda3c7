/** Writes animated PNG files of 8-bit RGB (PNG specification, third edition, sections 5, 10 and 11.3.2). Pure. */
import { zlibSync } from 'fflate'
import { PNG_SIGNATURE } from './png-chunks'
import type { Rgb8 } from './png'
import { pngChunk } from './write-png'

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

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** The rows, each behind its filter, which is none. */
function pixels({ width, height, data }: Rgb8): Uint8Array {
  const row = 3 * width
  const rows = new Uint8Array(height * (row + 1))
  for (let y = 0; y < height; y++) rows.set(data.subarray(y * row, (y + 1) * row), y * (row + 1) + 1)
  return zlibSync(rows)
}

const header = ({ width, height }: Rgb8) =>
  pngChunk('IHDR', numbers([width, 4], [height, 4], [8, 1], [2, 1], [0, 1], [0, 1], [0, 1]))

const signature = Uint8Array.from(PNG_SIGNATURE)

export interface AnimationFrame {
  readonly image: Rgb8
  readonly milliseconds: number
}

/** An animation without end. All frames are of the first one's size; a viewer that knows no animation shows the first. */
export function encodeApng(frames: readonly AnimationFrame[]): Uint8Array<ArrayBuffer> {
  const [first] = frames
  if (!first) throw new RangeError('an animation needs a frame')
  let sequence = 0
  const parts = frames.flatMap(({ image, milliseconds }, i) => {
    const { width, height } = image
    const control = pngChunk(
      'fcTL',
      numbers([sequence++, 4], [width, 4], [height, 4], [0, 4], [0, 4], [milliseconds, 2], [1000, 2], [0, 1], [0, 1]),
    )
    const data = pixels(image)
    return [control, i === 0 ? pngChunk('IDAT', data) : pngChunk('fdAT', joined([numbers([sequence++, 4]), data]))]
  })
  return joined([
    signature,
    header(first.image),
    pngChunk('acTL', numbers([frames.length, 4], [0, 4])),
    ...parts,
    pngChunk('IEND', new Uint8Array()),
  ])
}
