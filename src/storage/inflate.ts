/** Compressed bytes of a stranger's file: read up to a bound. */
import { Unzlib } from 'fflate'
import { concatenate } from '../core/vector'

/** A preset is a thousand times smaller. */
const MOST = 4_000_000
const PIECE = 4096

/** What zlib compressed; null where that is damaged or too much. */
export function inflated(bytes: Uint8Array): Uint8Array | null {
  const pieces: Uint8Array[] = []
  let length = 0
  let whole = false
  const stream = new Unzlib((piece, last) => {
    pieces.push(piece)
    length += piece.length
    whole = last
  })
  try {
    for (let at = 0; at < bytes.length && length <= MOST; at += PIECE)
      stream.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length)
  } catch {
    return null
  }
  if (!whole || length > MOST) return null
  return concatenate(pieces, Uint8Array)
}
