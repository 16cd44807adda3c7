/** From what all shards drew to results: the same bytes in whatever order, by however many processes, and wherever it was drawn. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import { judgedLine, readRecord, subjectLine } from '../../evaluation/record'
import type { Judged } from '../../evaluation/metrics'
import { sourceOf, shardOf } from '../../lab/identity'
import type { Result } from '../../lab/result'
import type { Numbers } from '../evaluate/observer'
import { toFile } from '../evaluate/record-file'
import { UsageError } from '../usage'
import type { SweepArguments } from './arguments'
import { presetOf, subjectOf, type OpenedSweep, type Point } from './opened'
import { fileOf, piecesOf } from './pieces'
import { rowsOf, totalOf } from './rows'

/** Writes a file at once: a process that is killed leaves the old one, or none. */
export function writeWhole(file: string, content: string | Uint8Array): void {
  toFile(file, () => {
    mkdirSync(dirname(file), { recursive: true })
    const own = `${file}.${process.pid}.tmp`
    writeFileSync(own, content)
    renameSync(own, file)
  })
}

/** The first line but for its batch: images are the same, whatever company they were drawn in. */
const subjectWithoutBatch = (line: string) => line.replace(/"batch":\d+,/, '')

/** The images of one file. Throws where it is of another evaluation. */
function imagesIn(file: string, point: Point): readonly Judged[] {
  const text = readFileSync(file, 'utf8')
  if (!text.includes('\n')) return []
  const stored = readRecord(text, file)
  if (subjectWithoutBatch(stored.subject) !== subjectWithoutBatch(subjectLine(subjectOf(point, 1))))
    throw new UsageError(
      `${file} is of another evaluation: its preset, weights, seed or judge differ. Name another folder, or delete it.`,
    )
  return stored.judged
}

/** Every image of a point, in order; those that are missing are left out. Throws where two folders disagree about one. */
export function imagesOf(point: Point, images: number, folders: readonly string[]): readonly Judged[] {
  const found = new Map<number, { readonly judged: Judged; readonly file: string }>()
  for (const piece of piecesOf([point], images, { part: 1, of: 1 }))
    for (const folder of folders) {
      const { file } = fileOf(folder, piece)
      if (!existsSync(file)) continue
      for (const judged of imagesIn(file, point)) {
        const known = found.get(judged.index)
        if (known && judgedLine(known.judged) !== judgedLine(judged))
          throw new UsageError(
            `image ${judged.index} differs between ${known.file} and ${file}: they were drawn on machines that round otherwise. Delete one.`,
          )
        found.set(judged.index, known ?? { judged, file })
      }
    }
  return Array.from({ length: images }, (_, index) => found.get(index)?.judged).filter((judged) => judged !== undefined)
}

const Kept = v.object({
  images: v.number(),
  judge: v.string(),
  against: v.string(),
  numbers: v.record(v.string(), v.object({ value: v.number(), margin: v.nullable(v.number()) })),
})

/** The numbers of a point, kept beside its images since they take seconds; null where images are missing. */
function numbersOf(point: Point, images: number, folders: readonly string[]): Numbers | null {
  const file = join(folders[0]!, 'points', point.id, `numbers-${images}.json`)
  const { digest: judge, against } = point.observer
  const about = { images, judge, against }
  if (existsSync(file)) {
    const kept = v.safeParse(Kept, jsonOf(readFileSync(file, 'utf8')))
    const same = (['judge', 'against'] as const).every((key) => kept.success && kept.output[key] === about[key])
    if (kept.success && same) return kept.output.numbers
  }
  const judged = imagesOf(point, images, folders)
  if (judged.length < images) return null
  const numbers = point.observer.numbers(judged)
  writeWhole(file, `${JSON.stringify({ ...about, numbers })}\n`)
  return numbers
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Computes the numbers of a shard's points. Throws UsageError where images are missing. */
function allNumbers({ points, sweep }: OpenedSweep, folders: readonly string[], { part, of }: SweepArguments['shard']) {
  const { images } = sweep
  const own = points.filter(({ id }) => of === 1 || shardOf(id, of) === part)
  const numbers = new Map<string, Numbers>()
  for (const point of own) {
    const found = numbersOf(point, images, folders)
    if (found) numbers.set(point.id, found)
  }
  if (numbers.size < own.length)
    throw new UsageError(
      `${own.length - numbers.size} of ${own.length} points lack images: a shard is not done, or its folder was not named`,
    )
  return numbers
}

/** A row for each cell that was drawn, in the order of the axes as they are given. Throws UsageError where images are missing. */
export async function resultsOf(opened: OpenedSweep, folders: readonly string[]): Promise<readonly Result[]> {
  const { sweep, points } = opened
  const numbers = allNumbers(opened, folders, { part: 1, of: 1 })
  const made = new Map<string, Omit<Result, 'values'>>()
  for (const point of points) {
    const { id, settings, model, observer } = point
    const rows = totalOf(await rowsOf(settings, model)) * sweep.images
    made.set(id, {
      id,
      preset: presetOf(point),
      seed: settings.seed,
      images: sweep.images,
      metrics: numbers.get(id)!,
      rows: Math.round(rows),
      // Times are kept apart: no two machines take the same, and results are the same bytes wherever they come from.
      seconds: null,
      judge: observer.digest,
      source: sourceOf(settings, model),
      made: '',
      by: 'cli',
    })
  }
  const inOrder = [...opened.entries].sort((a, b) => a.cell.at.reduce((sign, at, i) => sign || at - b.cell.at[i]!, 0))
  return inOrder.flatMap(({ cell, point }) => (point ? [{ ...made.get(point.id)!, values: cell.values }] : []))
}

/** The numbers of one part of the points, which the merge then finds. */
export function judgeShard(opened: OpenedSweep, folders: readonly string[], shard: SweepArguments['shard']): number {
  return allNumbers(opened, folders, shard).size
}
