/**
 * What an evaluation has judged so far, as text: a line that says of what, then a line for each image. Lines are added as images come,
 * so that a run that was stopped goes on, and the files of several machines merge.
 */
import type { Judged } from './metrics'

/** What must be equal for images to belong to one evaluation. */
export interface Subject {
  readonly format: 1
  /** The preset without `seed` and `samples`; `class` is `each` where classes take turns. Null for a file of images. */
  readonly preset: Readonly<Record<string, unknown>> | null
  /** Seed of sample 0; sample i has this seed plus i. */
  readonly seed: number
  /** Samples that were drawn together. */
  readonly batch: number
  /** What drew the images: a digest for each network, or for the file. */
  readonly source: Readonly<Record<string, string>>
  /** Digest of the judge's weights. */
  readonly judge: string
}

/** A record that can't be used. The message says why, and what to do. */
export class RecordError extends Error {
  override readonly name = 'RecordError'
}

function toBase64(features: Float32Array): string {
  const bytes = new Uint8Array(features.length * 4)
  const view = new DataView(bytes.buffer)
  features.forEach((value, i) => view.setFloat32(4 * i, value, true))
  return btoa(String.fromCharCode(...bytes))
}

function fromBase64(text: string): Float32Array {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  const view = new DataView(bytes.buffer)
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getFloat32(4 * i, true))
}

export const subjectLine = (subject: Subject): string => `${JSON.stringify(subject)}\n`

export const judgedLine = ({ index, asked, seen, features }: Judged): string =>
  `${JSON.stringify({ index, asked, seen, features: toBase64(features) })}\n`

function parseJudged(line: string): Judged | null {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    return null
  }
  if (
    typeof json !== 'object' ||
    json === null ||
    !('index' in json && 'asked' in json && 'seen' in json && 'features' in json)
  )
    return null
  const { index, asked, seen, features } = json
  if (
    !Number.isInteger(index) ||
    !Number.isInteger(seen) ||
    !(asked === null || Number.isInteger(asked)) ||
    typeof features !== 'string'
  )
    return null
  try {
    return {
      index: Number(index),
      asked: asked === null ? null : Number(asked),
      seen: Number(seen),
      features: fromBase64(features),
    }
  } catch {
    return null
  }
}

export interface StoredEvaluation {
  /** The first line's text, to be compared with `subjectLine`. */
  readonly subject: string
  readonly judged: readonly Judged[]
  /** How many characters are whole lines: what follows them was cut off in the middle of one. */
  readonly length: number
}

/** Reads a record. A last line that was cut off is left out; any other fault throws RecordError. */
export function readRecord(text: string, name: string): StoredEvaluation {
  const end = text.lastIndexOf('\n') + 1
  const [subject, ...lines] = text.slice(0, end).split('\n').slice(0, -1)
  if (subject === undefined || !subject.startsWith('{"format":1,"preset":')) {
    throw new RecordError(`${name} is not what evaluate writes. Name another file, or delete it.`)
  }
  const judged = lines.map((line, i) => {
    const entry = parseJudged(line)
    if (!entry)
      throw new RecordError(`line ${i + 2} of ${name} can't be read. Delete that line, and its image is sampled again.`)
    return entry
  })
  return { subject: `${subject}\n`, judged, length: end }
}

/** All images of several records of one evaluation. Throws RecordError where their subjects differ. */
export function mergeRecords(
  records: readonly { readonly name: string; readonly stored: StoredEvaluation }[],
): Judged[] {
  const [first, ...others] = records
  for (const { name, stored } of others) {
    if (stored.subject !== first!.stored.subject) {
      throw new RecordError(
        `${name} is of another evaluation than ${first!.name}: preset, weights, seed, batch and judge must be the same.`,
      )
    }
  }
  const byIndex = new Map<number, Judged>()
  for (const { stored } of records) for (const entry of stored.judged) byIndex.set(entry.index, entry)
  return [...byIndex.values()]
}
