/** Streams of a stranger's bytes that grow as they are read, such as compressed ones: up to a bound, and no further. */
import { concatenate } from './vector'

/** Takes bytes piece by piece; throws where they are damaged. */
interface Stream {
  push(bytes: Uint8Array, last: boolean): void
}

const PIECE = 4096

/** What comes of the bytes; null where they are damaged, end too early, or come to more than `most`. */
export function readUpTo(
  bytes: Uint8Array,
  most: number,
  open: (heard: (piece: Uint8Array, last: boolean) => void) => Stream,
): Uint8Array | null {
  const pieces: Uint8Array[] = []
  let length = 0
  let whole = false
  const stream = open((piece, last) => {
    pieces.push(piece)
    length += piece.length
    whole = last
  })
  try {
    for (let at = 0; at < bytes.length && length <= most; at += PIECE)
      stream.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length)
  } catch {
    return null
  }
  return whole && length <= most ? concatenate(pieces, Uint8Array) : null
}
