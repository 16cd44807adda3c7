/**
 * Settings in a file, whoever wrote it and whatever it is called: its bytes decide. JSON in any Unicode encoding, a PNG saved here,
 * or a text that is a link. The page and the command line read by this alone. Pure.
 */
import { messageOf } from '../core/failure'
import { hashOf, isLink, linkParts } from '../settings'
import { isPng } from './png-chunks'
import { PNG_KEY } from './png-text'
import { readPngTexts } from './read-png-text'

/** Of a picture of many steps, with room to spare. */
export const MOST_BYTES = 100_000_000

export type SettingsFile =
  | { readonly kind: 'preset'; readonly preset: unknown }
  | { readonly kind: 'link'; readonly link: string }
  /** `why` completes a sentence that begins with the file's name and a colon. */
  | { readonly kind: 'fault'; readonly why: string }

const fault = (why: string): SettingsFile => ({ kind: 'fault', why })

const ascii = (bytes: Uint8Array, from: number, text: string) =>
  [...text].every((letter, i) => bytes[from + i] === letter.charCodeAt(0))

/** What else people take for the file that they saved. */
const OTHERS: readonly { readonly name: string; readonly picture: boolean; is(bytes: Uint8Array): boolean }[] = [
  { name: 'a JPEG', picture: true, is: (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff },
  { name: 'a GIF', picture: true, is: (bytes) => ascii(bytes, 0, 'GIF8') },
  { name: 'a WebP', picture: true, is: (bytes) => ascii(bytes, 0, 'RIFF') && ascii(bytes, 8, 'WEBP') },
  {
    name: 'an AVIF or HEIC',
    picture: true,
    is: (bytes) =>
      ascii(bytes, 4, 'ftyp') && !ascii(bytes, 8, 'qt') && !ascii(bytes, 8, 'isom') && !ascii(bytes, 8, 'mp4'),
  },
  { name: 'a TIFF', picture: true, is: (bytes) => ascii(bytes, 0, 'II*\0') || ascii(bytes, 0, 'MM\0*') },
  { name: 'a bitmap', picture: true, is: (bytes) => ascii(bytes, 0, 'BM') && bytes[5] === 0 },
  { name: 'a PDF', picture: false, is: (bytes) => ascii(bytes, 0, '%PDF') },
  { name: 'a ZIP archive', picture: false, is: (bytes) => ascii(bytes, 0, 'PK\u0003\u0004') },
  { name: 'a video', picture: false, is: (bytes) => ascii(bytes, 4, 'ftyp') || ascii(bytes, 0, '\u001aE') },
  {
    name: 'an ONNX network or another binary file',
    picture: false,
    is: (bytes) => bytes[0] === 8 && bytes.includes(0),
  },
]

const AGAIN = 'Ask for the file as it was saved, or for the link.'

/** Pictures saved here are as high, and as wide with one, two or three panels. */
const SAVED = { height: 670, widths: [592, 1128, 1664] }

function sizedAsSaved(png: Uint8Array): boolean {
  if (png.length < 24) return false
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  return view.getUint32(20) === SAVED.height && SAVED.widths.includes(view.getUint32(16))
}

function parsed(text: string): SettingsFile {
  try {
    return { kind: 'preset', preset: JSON.parse(text) }
  } catch (error) {
    return fault(`it is not JSON: ${messageOf(error).slice(0, 120)}`)
  }
}

function fromPng(png: Uint8Array): SettingsFile {
  const texts = readPngTexts(png, PNG_KEY)
  for (const text of texts) {
    const read = parsed(text.trim())
    if (read.kind === 'preset') return read
  }
  if (texts.length > 0) return fault('the settings in this picture are damaged')
  return fault(
    sizedAsSaved(png)
      ? `this picture has the size of one that is saved here, but no settings: a chat, a page or a program encoded it again on its way, which takes them out. ${AGAIN}`
      : 'this picture carries no settings of Guidance Playground',
  )
}

/** The text, in UTF-8 or UTF-16, with a byte order mark or without; null where it is neither. */
function textOf(bytes: Uint8Array): string | null {
  const [first, second] = bytes
  // JSON and links begin with ASCII, of which UTF-16 has one byte that is 0.
  const little = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0)
  const big = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0)
  try {
    return new TextDecoder(little ? 'utf-16le' : big ? 'utf-16be' : 'utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** The JSON of a text from Markdown, which has fences around it. */
const withoutFences = (text: string) => /^```\w*\r?\n([\s\S]*)\n```$/.exec(text)?.[1] ?? text

const saysSettings = (word: string) => {
  const parts = isLink(word) ? linkParts(hashOf(word)) : {}
  return ['v', 'method', 'model', 'room'].some((key) => Object.hasOwn(parts, key))
}

/** A text as a person may have copied it. */
export function readSettingsText(text: string): SettingsFile {
  const trimmed = withoutFences(text.trim())
  if (trimmed === '') return fault('it is empty')
  const read = parsed(trimmed)
  if (read.kind === 'preset' || trimmed.startsWith('{')) return read
  // A text around the link, or a file of a shortcut to it.
  const link = trimmed.slice(0, 20_000).match(/\S+/g)?.find(saysSettings)
  if (link !== undefined) return { kind: 'link', link }
  return fault('it is not JSON, and no picture that was saved here')
}

export function readSettingsFile(bytes: Uint8Array): SettingsFile {
  if (bytes.length === 0) return fault('it is empty')
  if (bytes.length > MOST_BYTES) return fault('it is too large to be a preset or a picture that was saved here')
  if (isPng(bytes)) return fromPng(bytes)
  const other = OTHERS.find(({ is }) => is(bytes))
  if (other?.picture)
    return fault(
      `this is ${other.name}, and pictures saved here are PNG files: it was encoded again on its way, which takes the settings out. ${AGAIN}`,
    )
  if (other) return fault(`this is ${other.name}, and not a preset or a picture that was saved here`)
  const text = textOf(bytes)
  return text === null ? fault('it is not JSON, and no picture that was saved here') : readSettingsText(text)
}
