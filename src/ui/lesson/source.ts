/** Where a lesson comes from: the site by name, another place by its address, the link itself, or a file that was opened here. */
import { LESSON_CHARACTERS, isPacked, packed, parseLesson, unpacked, type Lesson, type Mistake } from '../../lesson'
import { messageOf } from '../../core/failure'

export type Loaded =
  | { readonly kind: 'lesson'; readonly lesson: Lesson; readonly text: string }
  | { readonly kind: 'failed'; readonly message: string; readonly mistakes: readonly Mistake[] }

const KEPT = 'lesson file '
const FILE = 'file:'
/** Long lessons that a browser keeps: a preview of every change would fill its storage. */
const MOST_KEPT = 10

const failed = (message: string, mistakes: readonly Mistake[] = []): Loaded => ({ kind: 'failed', message, mistakes })

/** A lesson of the site, by its name. */
const isName = (key: string) => /^[a-z0-9][\w-]*$/i.test(key)

/** Where the lesson of this name lies on the site, or the address itself. */
function addressOf(key: string): string | null {
  if (isName(key)) return `${import.meta.env.BASE_URL}lessons/${key}.json`
  return /^https?:\/\//i.test(key) ? key : null
}

/** Of another host, and not encrypted: browsers are told not to fetch it. */
const isOpenToAll = (address: string) =>
  /^http:/i.test(address) && !address.startsWith(`${globalThis.location?.origin}/`)

/** A lesson of the site is the one string of its file (`src/cli/lessons-served.mjs`). */
function unwrapped(text: string, name: string): string {
  const content: unknown = JSON.parse(text)
  if (typeof content !== 'string') throw new Error(nothingAt(name))
  return content
}

const nothingAt = (key: string) =>
  isName(key) ? `This page has no lesson “${key.slice(0, 60)}”.` : `There is no lesson at ${key.slice(0, 200)}.`

/** Rejects with a sentence. */
async function fetched(address: string, key: string): Promise<string> {
  let answer: Response
  try {
    answer = await fetch(address)
  } catch {
    throw new Error(
      `${address} could not be reached. Is there a connection, and does its server allow other pages to read it (CORS)?`,
    )
  }
  if (!answer.ok) throw new Error(`${nothingAt(key)} (${answer.status})`)
  // A host that answers every address with its page would be read as a lesson full of mistakes.
  if (answer.headers.get('Content-Type')?.includes('text/html')) throw new Error(nothingAt(key))
  return answer.text()
}

/** What a text has to say for itself as a lesson. */
export function read(text: string): Loaded {
  const parsed = parseLesson(text)
  if (parsed.ok) return { kind: 'lesson', lesson: parsed.lesson, text }
  return failed('This is not yet a lesson that can be shown.', parsed.mistakes)
}

export async function load(key: string): Promise<Loaded> {
  if (isPacked(key)) {
    const text = unpacked(key)
    return text === null
      ? failed('The lesson in this link was damaged on its way: part of the link is missing. Ask for it again.')
      : read(text)
  }
  if (key.startsWith(FILE)) {
    const text = kept(key)
    return text === null
      ? failed('This lesson was opened from a file, in another browser or long ago. Open the file again.')
      : read(text)
  }
  const address = addressOf(key)
  if (address === null) return failed(`“${key.slice(0, 60)}” is no name or address of a lesson.`)
  if (isOpenToAll(address))
    return failed(
      `${address.slice(0, 200)} is not fetched: lessons of another host come over https://. Perhaps it has that address as well.`,
    )
  try {
    const text = await fetched(address, key)
    return read(isName(key) ? unwrapped(text, key) : text)
  } catch (error) {
    return failed(messageOf(error))
  }
}

/** Files that were opened on this page, for browsers that keep none. */
const opened = new Map<string, string>()

function kept(key: string): string | null {
  try {
    return localStorage.getItem(`${KEPT}${key}`) ?? opened.get(key) ?? null
  } catch {
    return opened.get(key) ?? null
  }
}

/** Of the files that are kept, the oldest first: a key is the time at which it was made. */
function keptKeys(): readonly string[] {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(`${KEPT}${FILE}`))
    return names.map((name) => name.slice(KEPT.length)).sort()
  } catch {
    return [...opened.keys()]
  }
}

/** How an address names a lesson that was opened: with itself inside, or, where it is too long, as kept in this browser. */
export function keyOf(text: string): string {
  const inside = packed(text)
  if (inside !== null) return inside
  const old = keptKeys()
  const same = old.find((key) => kept(key) === text)
  if (same !== undefined) return same
  const key = `${FILE}${Date.now().toString(36)}`
  opened.set(key, text)
  try {
    for (const each of old.slice(0, Math.max(0, old.length + 1 - MOST_KEPT))) localStorage.removeItem(`${KEPT}${each}`)
    localStorage.setItem(`${KEPT}${key}`, text)
  } catch {
    // Then it lasts until the page is left.
  }
  return key
}

/** The text of a file; rejects with a sentence. */
export async function textOf(file: File): Promise<string> {
  if (file.size > 4 * LESSON_CHARACTERS) throw new Error(`${file.name} is too large to be a lesson.`)
  try {
    return await file.text()
  } catch {
    throw new Error(`${file.name} could not be read. Is it a folder, or has it gone?`)
  }
}
