/**
 * Reads PNG files of 8 bits and three channels, without interlace (PNG specification, third edition, sections 9 and 12). A canvas
 * would do it too, but browsers that guard against fingerprints change what is read back from one.
 */
import { concatenate } from '../core/vector'
import { isPng, pngChunks } from './png-chunks'

export interface Rgb8 {
  readonly width: number
  readonly height: number
  /** [height × width × 3] */
  readonly data: Uint8Array
}

const CHANNELS = 3

interface Chunks {
  readonly header: DataView
  readonly compressed: readonly Uint8Array<ArrayBuffer>[]
}

function chunksOf(bytes: Uint8Array<ArrayBuffer>): Chunks {
  if (!isPng(bytes)) throw new Error('it is no PNG')
  const compressed: Uint8Array<ArrayBuffer>[] = []
  let header: DataView | null = null
  for (const { type, data } of pngChunks(bytes)) {
    if (type === 'IHDR') header = new DataView(data.buffer, data.byteOffset, data.byteLength)
    if (type === 'IDAT') compressed.push(data)
  }
  if (!header || header.byteLength !== 13) throw new Error('it has no header')
  return { header, compressed }
}

/** Of the three neighbours the one nearest to a + b − c (section 9.4). */
function paeth(a: number, b: number, c: number): number {
  const [da, db, dc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)]
  return da <= db && da <= dc ? a : db <= dc ? b : c
}

/** What is added to a byte, from the pixel at the left, the one above and the one above that at the left. */
const FILTERS: readonly ((a: number, b: number, c: number) => number)[] = [
  () => 0,
  (a) => a,
  (_, b) => b,
  (a, b) => (a + b) >> 1,
  paeth,
]

const WRONG_SIZE = 'it has too few or too many pixels'

function unfiltered(rows: Uint8Array, width: number, height: number): Uint8Array {
  const length = width * CHANNELS
  const data = new Uint8Array(height * length)
  for (let y = 0; y < height; y++) {
    const filter = FILTERS[rows[y * (length + 1)]!]
    if (!filter) throw new Error('it has a filter that does not exist')
    for (let i = 0; i < length; i++) {
      const at = y * length + i
      const left = i >= CHANNELS
      const a = left ? data[at - CHANNELS]! : 0
      const b = y > 0 ? data[at - length]! : 0
      const c = left && y > 0 ? data[at - length - CHANNELS]! : 0
      data[at] = rows[at + y + 1]! + filter(a, b, c)
    }
  }
  return data
}

/** What a stream gives, which is no more than `length` bytes. */
async function upTo(length: number, reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let read = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    read += next.value.length
    pieces.push(next.value)
    if (read <= length) continue
    await reader.cancel()
    throw new Error(WRONG_SIZE)
  }
  // Of a header that promises more than there is, nothing of that size is made.
  if (read !== length) throw new Error(WRONG_SIZE)
  return concatenate(pieces, Uint8Array)
}

/** Rejects with what is wrong. */
export async function decodePng(bytes: Uint8Array<ArrayBuffer>): Promise<Rgb8> {
  const { header, compressed } = chunksOf(bytes)
  const [width, height] = [header.getUint32(0), header.getUint32(4)]
  const [depth, colour, , , interlace] = [8, 9, 10, 11, 12].map((at) => header.getUint8(at))
  if (depth !== 8 || colour !== 2 || interlace !== 0) throw new Error('it is not 8-bit RGB without interlace')
  const stream = new Blob([...compressed]).stream().pipeThrough(new DecompressionStream('deflate'))
  const rows = await upTo(height * (width * CHANNELS + 1), stream.getReader())
  return { width, height, data: unfiltered(rows, width, height) }
}
