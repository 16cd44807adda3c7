/** Text inside PNG files: written as iTXt, uncompressed UTF-8; read from iTXt or tEXt (PNG specification, third edition, 11.3.3). Pure. */
import { isPng, PNG_SIGNATURE, pngChunks } from '../../storage/png-chunks'

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

/** The text under a key, or null where the file has none (or is no PNG). */
export function readPngText(png: Uint8Array, key: string): string | null {
  if (!isPng(png)) return null
  const decoder = new TextDecoder()
  for (const { type, data } of pngChunks(png)) {
    const end = data.indexOf(0)
    if ((type === 'iTXt' || type === 'tEXt') && end > 0 && decoder.decode(data.subarray(0, end)) === key) {
      if (type === 'tEXt') return new TextDecoder('latin1').decode(data.subarray(end + 1))
      // Compressed text is not read, since nothing here writes it.
      if (data[end + 1] !== 0) return null
      const language = data.indexOf(0, end + 3)
      const translated = data.indexOf(0, language + 1)
      return decoder.decode(data.subarray(translated + 1))
    }
  }
  return null
}
