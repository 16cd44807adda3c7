/** A lesson inside a link: compressed, in letters that survive chats and mails. Read up to a bound. */
import { deflateSync, Inflate, strFromU8, strToU8 } from 'fflate'
import { readUpTo } from '../core/bounded'
import { LESSON_CHARACTERS } from './parse'

/** What a link has room for beside the settings. */
export const PACKED_CHARACTERS = 16_000

const PREFIX = 'z:'
/** Stands at the end: what is lost of a link, or taken for the sentence's own sign, is lost there. */
const END = 'e'

const base64 = (bytes: Uint8Array) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

function bytesOf(text: string): Uint8Array | null {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
  } catch {
    return null
  }
}

export const isPacked = (text: string) => text.startsWith(PREFIX)

/** The text as a value of `lesson=`; null where it is too long for a link. */
export function packed(text: string): string | null {
  const value = `${PREFIX}${base64(deflateSync(strToU8(text), { level: 9 }))}${END}`
  return value.length <= PACKED_CHARACTERS ? value : null
}

/** The text of a value of `lesson=`; null where it was damaged on its way. */
export function unpacked(value: string): string | null {
  if (!isPacked(value) || !value.endsWith(END)) return null
  const bytes = bytesOf(value.slice(PREFIX.length, -END.length))
  const text = bytes && readUpTo(bytes, 4 * LESSON_CHARACTERS, (heard) => new Inflate(heard))
  return text && strFromU8(text)
}
