/** Text read out of PNG files: from tEXt, zTXt and iTXt, compressed or not (PNG specification, third edition, 11.3.3). Pure. */
import { inflated } from './inflate'
import { isPng, pngChunks } from './png-chunks'

/** As UTF-8, which some programs write where the specification has Latin-1. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('latin1').decode(bytes)
  }
}

/** Bytes of the text in a chunk's data, from behind its key; null where they can't be read. */
function textBytes(type: string, data: Uint8Array): Uint8Array | null {
  switch (type) {
    case 'tEXt':
      return data
    case 'zTXt':
      return inflated(data.subarray(1))
    case 'iTXt': {
      const language = data.indexOf(0, 2)
      const translated = data.indexOf(0, language + 1)
      if (language < 0 || translated < 0) return null
      const text = data.subarray(translated + 1)
      return data[0] === 0 ? text : inflated(text)
    }
    default:
      return null
  }
}

/** All texts under a key, whatever its case, in the order of the file, "" for one that can't be read; none where it is no PNG. */
export function readPngTexts(png: Uint8Array, key: string): readonly string[] {
  if (!isPng(png)) return []
  const texts: string[] = []
  for (const { type, data } of pngChunks(png)) {
    const end = data.subarray(0, 80).indexOf(0)
    if (end <= 0 || new TextDecoder('latin1').decode(data.subarray(0, end)).toLowerCase() !== key) continue
    const bytes = textBytes(type, data.subarray(end + 1))
    texts.push(bytes === null ? '' : textOf(bytes))
  }
  return texts
}
