/** Draws what a shard of a sweep lacks, piece by piece; other processes may work on the same folder. */
import { appendFileSync } from 'node:fs'
import { cpus, hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ModelInfo } from '../../model/types'
import { judgedBatch, type Judging } from '../evaluate/draw'
import type { Seer } from '../evaluate/observer'
import { progress } from '../evaluate/progress'
import { openRecord, toFile } from '../evaluate/record-file'
import type { NodeModel } from '../node-model'
import type { SweepArguments } from './arguments'
import { takeLock, type Lock } from './lock'
import { subjectOf, type OpenedSweep, type Point } from './opened'
import { countOf, declareWhole, fileOf, lockOf, PIECE, piecesOf, type Piece } from './pieces'

/** The networks and the observer of the points at hand: those of one model at a time. */
class Bench {
  #loaded: NodeModel | null = null
  #seer: { readonly digest: string; readonly seer: Seer } | null = null

  constructor(
    private readonly opened: OpenedSweep,
    private readonly threads: number,
  ) {}

  async #model(model: ModelInfo): Promise<NodeModel> {
    if (this.#loaded?.model.id === model.id) return this.#loaded
    await this.#loaded?.dispose()
    this.#loaded = null
    return (this.#loaded = await this.opened.load(model, this.threads))
  }

  async #seerOf({ observer }: Point): Promise<Seer> {
    if (this.#seer?.digest === observer.digest) return this.#seer.seer
    await this.#seer?.seer.dispose()
    this.#seer = null
    this.#seer = { digest: observer.digest, seer: await observer.load(this.threads) }
    return this.#seer.seer
  }

  async of(point: Point): Promise<Judging> {
    const loaded = await this.#model(point.model)
    const judge = await this.#seerOf(point)
    return { loaded, judge, knows: point.observer.knows(point.model) }
  }

  async dispose(): Promise<void> {
    await this.#loaded?.dispose()
    await this.#seer?.seer.dispose()
  }
}

interface Drawing {
  readonly folder: string
  readonly args: SweepArguments
  readonly bench: Bench
  /** Is told how many images came. */
  readonly came: (images: number) => void
}

/** What is missing of a piece whose lock we have. */
async function drawPiece({ folder, args, bench, came }: Drawing, piece: Piece, lock: Lock): Promise<number> {
  const { point, first, count } = piece
  const { file, whole } = fileOf(folder, piece)
  if (whole) return 0
  const record = openRecord(file, subjectOf(point, args.batch))
  const known = new Set(record.judged.map(({ index }) => index))
  let drawn = 0
  for (let start = first; start < first + count; start += args.batch) {
    const size = Math.min(args.batch, first + count - start)
    const indices = Array.from({ length: size }, (_, i) => start + i)
    if (indices.every((index) => known.has(index))) continue
    const fresh = (await judgedBatch(await bench.of(point), point, indices)).filter(({ index }) => !known.has(index))
    lock.check()
    record.add(fresh)
    fresh.forEach(({ index }) => known.add(index))
    drawn += fresh.length
    came(fresh.length)
  }
  if (known.size === PIECE) declareWhole(folder, piece)
  return drawn
}

/** Tells what a piece took, apart from what was judged: no two machines take the same time. */
function noteTime({ folder, args }: Drawing, { point, first }: Piece, images: number, began: Began): void {
  const { user, system } = process.cpuUsage(began.cpu)
  const line = {
    id: point.id,
    first,
    images,
    seconds: round((performance.now() - began.at) / 1000),
    cpuSeconds: round((user + system) / 1e6),
    threads: args.threads,
    machine: hostname(),
    processor: cpus()[0]?.model ?? 'unknown',
    ended: new Date().toISOString(),
  }
  const file = join(folder, 'times.jsonl')
  toFile(file, () => appendFileSync(file, `${JSON.stringify(line)}\n`))
}

interface Began {
  readonly at: number
  readonly cpu: NodeJS.CpuUsage
}

const round = (seconds: number) => Math.round(seconds * 1000) / 1000

/** One pass over the pieces that are not done; those that other processes have come back. */
async function pass(drawing: Drawing, pieces: readonly Piece[]): Promise<readonly Piece[]> {
  const busy: Piece[] = []
  for (const piece of pieces) {
    const file = lockOf(drawing.folder, piece)
    const lock = toFile(file, () => takeLock(file))
    if (!lock) {
      busy.push(piece)
      continue
    }
    try {
      const began: Began = { at: performance.now(), cpu: process.cpuUsage() }
      const images = await drawPiece(drawing, piece, lock)
      if (images > 0) noteTime(drawing, piece, images, began)
    } finally {
      lock.release()
    }
  }
  return busy.filter((piece) => countOf(drawing.folder, piece) < piece.count)
}

/** Ends when all pieces of the shard are there, whoever drew them. */
export async function drawShard(opened: OpenedSweep, args: SweepArguments, folder: string): Promise<void> {
  const pieces = piecesOf(opened.points, opened.sweep.images, args.shard)
  const have = pieces.map((piece) => countOf(folder, piece))
  let missing: readonly Piece[] = pieces.filter(({ count }, i) => have[i]! < count)
  if (missing.length === 0) return
  const tell = progress(pieces.reduce((sum, { count }) => sum + count, 0))
  let done = have.reduce((sum, count) => sum + count, 0)
  tell(done)
  const bench = new Bench(opened, args.threads)
  const came = (images: number) => tell((done += images))
  try {
    let told = false
    for (;;) {
      missing = await pass({ folder, args, bench, came }, missing)
      if (missing.length === 0) return
      if (!told) process.stderr.write(`waiting for ${missing.length} pieces that another process draws\n`)
      told = true
      await pause(1000)
    }
  } finally {
    await bench.dispose()
  }
}
