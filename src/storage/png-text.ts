/** Text written into PNG files: as iTXt, uncompressed UTF-8 (PNG specification, third edition, 11.3.3.4). Pure. */
import { isPng, PNG_SIGNATURE } from './png-chunks'

/** The key of the settings in a picture, on the page and on the command line. */
export const PNG_KEY = 'settings'

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

/** The file with the text right after its header. Throws TypeError for bytes that are not a PNG. */
export function withPngText(png: Uint8Array, key: string, text: string): Uint8Array<ArrayBuffer> {
  if (!isPng(png)) throw new TypeError('not a PNG file')
  const encoder = new TextEncoder()
  // key, 0, compression flag, compression method, language tag "", translated key "", text
  const body = Uint8Array.from([
    ...encoder.encode('iTXt'),
    ...encoder.encode(key),
    0,
    0,
    0,
    0,
    0,
    ...encoder.encode(text),
  ])
  const chunk = new Uint8Array(body.length + 8)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, body.length - 4)
  chunk.set(body, 4)
  view.setUint32(4 + body.length, crc32(body))
  const header = PNG_SIGNATURE.length + 25
  const out = new Uint8Array(png.length + chunk.length)
  out.set(png.subarray(0, header))
  out.set(chunk, header)
  out.set(png.subarray(header), header + chunk.length)
  return out
}
