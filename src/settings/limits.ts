/** How much is read of what a stranger wrote. A setting that is meant stays a hundred times below. */

/** Characters of a link's hash, and of one of its values; the stack's is bounded by the link. */
export const LINK_CHARACTERS = 20_000
export const VALUE_CHARACTERS = 2_000

/** How deep a preset is nested (the layers of a term are at four), and how many values it holds. */
const DEPTH = 8
const VALUES = 2_000

/** Messages that are said, before those that are only counted. */
const MESSAGES = 8

const grouped = (count: number) => count.toLocaleString('en-US')

/** Why a link or one of its values is not read, or null. */
export function tooLong(what: string, text: string, characters: number): string | null {
  if (text.length <= characters) return null
  return `${what} has ${grouped(text.length)} characters; at most ${grouped(characters)} are read.`
}

/** Why JSON is not read as a preset, or null. It is walked without recursion, and no further than to the bounds. */
export function tooMuch(json: unknown): string | null {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: json, depth: 1 }]
  let values = 0
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next
    if (++values > VALUES) return `a preset holds at most ${grouped(VALUES)} values, and this one has more`
    if (typeof value !== 'object' || value === null) continue
    if (depth > DEPTH) return `a preset is nested at most ${DEPTH} deep, and this one is deeper`
    for (const key in value) {
      if (waiting.length > VALUES) break
      if (Object.hasOwn(value, key)) waiting.push({ value: Reflect.get(value, key), depth: depth + 1 })
    }
  }
  return null
}

/** The first of many messages, and how many more there are. */
export function fewOf(messages: readonly string[]): readonly string[] {
  const more = messages.length - MESSAGES
  return more > 1 ? [...messages.slice(0, MESSAGES), `… and ${grouped(more)} more.`] : messages
}
