/**
 * Writes PNG files of 8 bits and three channels (PNG specification, third edition). A canvas would do it too, but browsers that
 * guard against fingerprints change what is read back from one.
 */
import { concatenate } from '../core/vector'
import type { Rgb8 } from './png'
import { PNG_SIGNATURE } from './png-chunks'

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

/** CRC-32 as in ISO 3309, over chunk type and data. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (const byte of bytes) c = CRC_TABLE[(c ^ byte) & 0xff]! ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}

/** One chunk: length, type, data, check sum (section 5.3). */
export function pngChunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(data.length + 12)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, data.length)
  chunk.set(new TextEncoder().encode(type), 4)
  chunk.set(data, 8)
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)))
  return chunk
}

/** Each row as its difference from the one above (section 9.2, filter 2): enlarged pixels repeat their rows. */
function filtered({ width, height, data }: Rgb8): Uint8Array<ArrayBuffer> {
  const length = 3 * width
  const rows = new Uint8Array(height * (length + 1))
  for (let y = 0; y < height; y++) {
    const row = y * (length + 1)
    rows[row] = 2
    for (let i = 0; i < length; i++) {
      rows[row + 1 + i] = data[y * length + i]! - (y > 0 ? data[(y - 1) * length + i]! : 0)
    }
  }
  return rows
}

/** The chunk that begins a picture: its size, 8 bits, RGB; compression, filter and interlace are the only ones or none. */
export function headerChunk({ width, height }: Rgb8): Uint8Array<ArrayBuffer> {
  const header = new DataView(new ArrayBuffer(13))
  header.setUint32(0, width)
  header.setUint32(4, height)
  header.setUint8(8, 8)
  header.setUint8(9, 2)
  return pngChunk('IHDR', new Uint8Array(header.buffer))
}

/** The data of a picture's chunk `IDAT`. */
export async function compressedRows(picture: Rgb8): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([filtered(picture)]).stream().pipeThrough(new CompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

export async function encodePng(picture: Rgb8): Promise<Uint8Array<ArrayBuffer>> {
  const parts = [
    Uint8Array.from(PNG_SIGNATURE),
    headerChunk(picture),
    pngChunk('IDAT', await compressedRows(picture)),
    pngChunk('IEND', new Uint8Array(0)),
  ]
  return concatenate(parts, Uint8Array)
}
