/** How a PNG file begins, and the chunks that it is made of (PNG specification, third edition, section 5). Pure. */

export const PNG_SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10]

export const isPng = (bytes: Uint8Array): boolean => PNG_SIGNATURE.every((byte, i) => bytes[i] === byte)

export interface PngChunk<Buffer extends ArrayBufferLike> {
  /** Four letters. */
  readonly type: string
  readonly data: Uint8Array<Buffer>
}

/** Those that the file holds whole; check sums are not looked at. */
export function* pngChunks<Buffer extends ArrayBufferLike>(bytes: Uint8Array<Buffer>): Generator<PngChunk<Buffer>> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = PNG_SIGNATURE.length; at + 12 <= bytes.length;) {
    const length = view.getUint32(at)
    if (at + 12 + length > bytes.length) return
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    yield { type, data: bytes.subarray(at + 8, at + 8 + length) }
    at += 12 + length
  }
}
