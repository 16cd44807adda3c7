/** One judged point: what was asked, and what the judge made of the images. The page keeps these rows, and the command line reads and writes them. */
import * as v from 'valibot'
import { canonicalJson } from '../core/canonical'
import { LabError } from './error'

const estimate = v.strictObject({ value: v.number(), margin: v.nullable(v.number()) })
const Row = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, 'must be 16 hex digits')),
  values: v.record(v.string(), v.string()),
  preset: v.record(v.string(), v.unknown()),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0)),
  images: v.pipe(v.number(), v.integer(), v.minValue(1)),
  metrics: v.record(v.string(), estimate),
  rows: v.nullable(v.number()),
  seconds: v.nullable(v.number()),
  judge: v.string(),
  source: v.record(v.string(), v.string()),
  made: v.string(),
  by: v.picklist(['page', 'cli']),
})

export interface Result {
  /** `settingsId` of the settings with the seed of image 0. */
  readonly id: string
  /** The texts of what was varied, by key. */
  readonly values: Readonly<Record<string, string>>
  /** Complete, without `seed` and `samples`; `class` is `each` where classes take turns. */
  readonly preset: Readonly<Record<string, unknown>>
  /** Of image 0; image i has this seed plus i. */
  readonly seed: number
  readonly images: number
  /** By name; margin: half the width of the 95 % interval, null where there are too few images to tell. */
  readonly metrics: Readonly<Record<string, { readonly value: number; readonly margin: number | null }>>
  /** Rows of a network that were evaluated; null where it was not counted. */
  readonly rows: number | null
  readonly seconds: number | null
  /** Digest of the judge's weights. */
  readonly judge: string
  /** Digests of the networks' weights, by id. */
  readonly source: Readonly<Record<string, string>>
  /** When, as ISO 8601; empty in files that must be the same bytes wherever they were made. */
  readonly made: string
  readonly by: 'page' | 'cli'
}

/** The row as a line of JSON with its line's end; equal rows are equal lines. */
export const resultLine = (result: Result): string => `${canonicalJson(result)}\n`

/** What is wrong with a row, or the row. */
export function readResult(json: unknown): Result | string {
  const read = v.safeParse(Row, json)
  if (read.success) return read.output
  const [issue] = read.issues
  return `${v.getDotPath(issue) ?? 'the row'}: ${issue.message}`
}

/** Reads JSON Lines. Throws LabError with the number of the line. */
export function readResults(text: string): readonly Result[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return []
    let json: unknown
    try {
      json = JSON.parse(line)
    } catch {
      throw new LabError(`Line ${i + 1} is no JSON: each line must be one result, as the lab writes them.`)
    }
    const row = readResult(json)
    if (typeof row === 'string') throw new LabError(`Line ${i + 1} is no result of the lab: ${row}.`)
    return [row]
  })
}
