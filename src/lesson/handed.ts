/** A sheet of answers on its way to a teacher: a small file, or a code that goes through chats and mails. It holds no name but one that was typed. */
import * as v from 'valibot'
import { tooMuch } from '../settings/limits'
import { parseAnswers, type Answer } from './answers'
import { packed, unpacked } from './packed'

export interface Handed {
  /** Of the lesson, see `lessonId`. */
  readonly lesson: string
  /** The lesson's name on the site, by which it is found again; null for another. */
  readonly name: string | null
  /** Drawn once for a browser and a lesson: a sheet that is handed in again takes its own place. */
  readonly sheet: string
  /** A group, a place in the room, or nothing. */
  readonly by: string
  readonly steps: readonly (Answer | null)[]
}

export type ReadSheets = { readonly sheets: readonly Handed[]; readonly problems: readonly string[] }

const VERSION = 1
const MOST_STEPS = 100
const SIGN = 'answers:'
const fields = v.object({
  answers: v.literal(VERSION),
  lesson: v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/)),
  name: v.optional(v.nullable(v.pipe(v.string(), v.regex(/^[a-z0-9][\w-]*$/i), v.maxLength(100))), null),
  sheet: v.pipe(v.string(), v.regex(/^[a-z0-9]{1,20}$/i)),
  by: v.optional(v.pipe(v.string(), v.maxLength(60)), ''),
  steps: v.unknown(),
})
/** Heights are drawn by hand: more digits than are seen would only lengthen the code. */
const short = (answer: Answer | null): Answer | null =>
  answer?.kind === 'curve'
    ? { ...answer, heights: answer.heights.map((height) => Number(height.toPrecision(4))) }
    : answer

function written({ lesson, name, sheet, by, steps }: Handed, indent?: number): string {
  const fields = { answers: VERSION, lesson, ...(name !== null && { name }), sheet, ...(by !== '' && { by }) }
  return JSON.stringify({ ...fields, steps: steps.map(short) }, null, indent)
}

export const sheetFile = (handed: Handed): string => `${written(handed, 1)}\n`

/** Null where the answers are too long for a code. */
export function sheetCode(handed: Handed): string | null {
  const value = packed(written(handed))
  return value && value.replace(/^z:/, SIGN)
}

function fromJson(text: string): Handed | null {
  try {
    const json: unknown = JSON.parse(text)
    if (tooMuch(json) !== null) return null
    const { lesson, name, sheet, by, steps } = v.parse(fields, json)
    const answers = parseAnswers(steps)
    return answers && answers.length <= MOST_STEPS ? { lesson, name, sheet, by, steps: answers } : null
  } catch {
    return null
  }
}

/** Lines into which a mail may break a code. */
const MOST_LINES = 200

/** The code at the beginning of a text: as far as a mail's line goes, or over several of them, with or without signs of quoting. */
function fromCode(text: string): Handed | null {
  const lines = text.split(/[\s>]+/).slice(0, MOST_LINES)
  let joined = ''
  for (const line of lines) {
    const [letters] = /^[\w-]*/.exec(line)!
    joined += letters
    const inside = unpacked(`z:${joined}`)
    if (inside !== null) return fromJson(inside)
    // What follows other signs is no more of it.
    if (letters.length < line.length) return null
  }
  return null
}

/** Reads a file of answers, or a text with any number of codes in it. `from` names it where something is wrong. */
export function readSheets(text: string, from: string): ReadSheets {
  const trimmed = text.trim()
  if (trimmed.startsWith('{')) {
    const one = fromJson(trimmed)
    return one ? { sheets: [one], problems: [] } : { sheets: [], problems: [`${from} holds no answers.`] }
  }
  const codes = trimmed.split(SIGN).slice(1)
  if (codes.length === 0)
    return { sheets: [], problems: [`There are no answers in ${from}: a code begins with “${SIGN}”.`] }
  const read = codes.map(fromCode)
  const lost = read.filter((one) => one === null).length
  return {
    sheets: read.flatMap((one) => one ?? []),
    problems: lost === 0 ? [] : [`${lost} of ${codes.length} codes in ${from} were damaged on their way.`],
  }
}
