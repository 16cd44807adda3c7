/** What is wrong with a value that somebody wrote, and the checks of plain numbers that every kind of setting shares. */

/** What is wrong with a value, as the rest of a sentence that begins with its key. */
export class Fault extends Error {}

/** Reports what can't be understood: what is wrong, and how the reading goes on. */
export type Report = (problem: string, change?: string) => void

/** The parsed value; where it can't be understood, the fault is reported and `otherwise` stands in. */
export function attempt<T>(key: string, report: Report, parse: () => T, otherwise: T): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    report(`${key} ${error.message}`)
    return otherwise
  }
}

/** Characters of a value in an error, and how deep it is looked into. */
const SHOWN = 40
const SHOWN_DEPTH = 3

/** A value as JSON has it, as far as it is shown: what is deep, long or of many parts is not gone through. */
function json(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, SHOWN + 1))
  if (typeof value !== 'object' || value === null) return String(value)
  if (depth > SHOWN_DEPTH) return '…'
  if (Array.isArray(value)) {
    const entries = value.slice(0, SHOWN).map((entry: unknown) => json(entry === undefined ? null : entry, depth + 1))
    return `[${entries.join(',')}]`
  }
  const parts: string[] = []
  for (const key in value) {
    if (parts.length > SHOWN) break
    if (Object.hasOwn(value, key)) parts.push(`${json(key, depth)}:${json(Reflect.get(value, key), depth + 1)}`)
  }
  return `{${parts.join(',')}}`
}

/** Text of a value in an error, short and on one line. */
export function shown(value: unknown): string {
  const text = json(value, 1)
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
}

export interface Range {
  readonly min: number
  readonly max: number
}

const numberText = (value: number) => (value === Infinity ? 'infinity' : String(value))

/** The range in words: completes "must be …". */
export function rangeText({ min, max }: Range): string {
  return max === Infinity
    ? `at least ${numberText(min)}, or "inf"`
    : `between ${numberText(min)} and ${numberText(max)}`
}

export function asNumber(value: unknown, range: Range): number {
  const number = value === 'inf' ? Infinity : value
  if (typeof number !== 'number' || Number.isNaN(number)) throw new Fault(`must be a number, not ${shown(value)}`)
  if (number < range.min || number > range.max) throw new Fault(`must be ${rangeText(range)}, not ${shown(value)}`)
  return number
}

export function asWhole(value: unknown, range: Range): number {
  const number = asNumber(value, range)
  if (!Number.isInteger(number)) throw new Fault(`must be a whole number, not ${shown(value)}`)
  return number
}

/** Is this a number of the range? As values are kept, with Infinity itself and not "inf". */
export function isWithin(value: unknown, { min, max }: Range): value is number {
  return typeof value === 'number' && value >= min && value <= max
}
