/** Text written into PNG files: as iTXt, uncompressed UTF-8 (PNG specification, third edition, 11.3.3.4). Pure. */
import { concatenate } from '../core/vector'
import { isPng, PNG_SIGNATURE } from './png-chunks'
import { pngChunk } from './write-png'

/** The key of the settings in a picture, on the page and on the command line. */
export const PNG_KEY = 'settings'

/** The file with the text right after its header. Throws TypeError for bytes that are not a PNG. */
export function withPngText(png: Uint8Array, key: string, text: string): Uint8Array<ArrayBuffer> {
  if (!isPng(png)) throw new TypeError('not a PNG file')
  const encoder = new TextEncoder()
  // key, 0, compression flag, compression method, language tag "", translated key "", text
  const chunk = pngChunk('iTXt', Uint8Array.from([...encoder.encode(key), 0, 0, 0, 0, 0, ...encoder.encode(text)]))
  const header = PNG_SIGNATURE.length + 25
  return concatenate([png.subarray(0, header), chunk, png.subarray(header)], Uint8Array)
}
