/** What was judged already, kept in a file, so that the same command goes on where it was stopped. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Judged } from '../../evaluation/metrics'
import { judgedLine, readRecord, subjectLine, type Subject } from '../../evaluation/record'
import { UsageError } from '../usage'

export interface RecordFile {
  readonly judged: readonly Judged[]
  add(judged: readonly Judged[]): void
}

/** Without a file name nothing is kept. Throws UsageError for the file of another evaluation. */
export function openRecord(file: string | null, subject: Subject): RecordFile {
  if (file === null) return { judged: [], add: () => {} }
  const line = subjectLine(subject)
  let judged: readonly Judged[] = []
  if (existsSync(file) && readFileSync(file).length > 0) {
    const text = readFileSync(file, 'latin1')
    const stored = readRecord(Buffer.from(text, 'latin1').toString(), file)
    if (stored.subject !== line)
      throw new UsageError(
        `${file} is of another evaluation: its preset, weights, seed, batch or judge differ. Name another --out, or delete it.`,
      )
    truncateSync(file, text.lastIndexOf('\n') + 1)
    judged = stored.judged
  } else {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, line)
  }
  return { judged, add: (more) => appendFileSync(file, more.map(judgedLine).join('')) }
}
