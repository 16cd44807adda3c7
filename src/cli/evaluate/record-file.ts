/** What was judged already, kept in a file, so that the same command goes on where it was stopped. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Judged } from '../../evaluation/metrics'
import { judgedLine, readRecord, subjectLine, type Subject } from '../../evaluation/record'
import { UsageError } from '../usage'

export interface RecordFile {
  readonly judged: readonly Judged[]
  add(judged: readonly Judged[]): void
}

const WHY: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on its disk',
  EDQUOT: 'the quota of its disk is used up',
  EROFS: 'its disk is read-only',
  EACCES: 'this user may not write there',
  ENOTDIR: 'a file is in the place of its folder',
  EISDIR: 'a folder is in its place',
}

/** Does something to a file, and says in a sentence why it can't be done. */
export function toFile<T>(file: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const why = WHY[code]
    if (why === undefined) throw error
    throw new Error(`${file} can't be written: ${why}. Mend that and run the same command again: what was kept stays.`)
  }
}

/** Adds lines to a file. They are on the disk when it comes back, so that a machine that stops loses no more than a process that does. */
function append(file: string, text: string): void {
  toFile(file, () => {
    const descriptor = openSync(file, 'a')
    try {
      writeFileSync(descriptor, text)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  })
}

/** Without a file name nothing is kept. Throws UsageError for the file of another evaluation. */
export function openRecord(file: string | null, subject: Subject): RecordFile {
  if (file === null) return { judged: [], add: () => {} }
  const line = subjectLine(subject)
  let judged: readonly Judged[] = []
  const text = existsSync(file) ? readFileSync(file, 'latin1') : ''
  // A file of which not even the first line was written is begun anew.
  if (text !== '' && !Buffer.from(line).toString('latin1').startsWith(text)) {
    const stored = readRecord(Buffer.from(text, 'latin1').toString(), file)
    if (stored.subject !== line)
      throw new UsageError(
        `${file} is of another evaluation: its preset, weights, seed, batch or judge differ. Name another --out, or delete it.`,
      )
    truncateSync(file, text.lastIndexOf('\n') + 1)
    judged = stored.judged
  } else {
    toFile(file, () => {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, line)
    })
  }
  return { judged, add: (more) => append(file, more.map(judgedLine).join('')) }
}
