/**
 * What a sweep has drawn, in a folder: `points/ID/0.jsonl`, `512.jsonl`, … with what the judge said of each image, a line each, as evaluate
 * keeps it. A point is cut into pieces of so many images, each a file; a whole piece loses the `.part` of its name and is not read again
 * to see whether it is whole. A folder may hold the points of many sweeps: an id stands for settings and weights.
 */
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { readRecord } from '../../evaluation/record'
import { shardOf } from '../../lab/identity'
import type { SweepArguments } from './arguments'
import type { Point } from './opened'

/** A multiple of the usual batches, and some minutes of a core. */
export const PIECE = 512

export interface Piece {
  readonly point: Point
  /** Index of the first image. */
  readonly first: number
  /** How many images are wanted of it. */
  readonly count: number
}

/** A point of many images is spread over shards; one of a piece alone is in one. */
export const shardOfPiece = (id: string, first: number, of: number): number =>
  of === 1 ? 1 : shardOf(`${id}/${first}`, of)

/** The pieces that a shard has, in the order of work. Which one has a piece follows from its name alone. */
export function piecesOf(
  points: readonly Point[],
  images: number,
  { part, of }: SweepArguments['shard'],
): readonly Piece[] {
  return points
    .flatMap((point) =>
      Array.from({ length: Math.ceil(images / PIECE) }, (_, i): Piece => {
        const first = i * PIECE
        return { point, first, count: Math.min(PIECE, images - first) }
      }),
    )
    .filter(({ point, first }) => shardOfPiece(point.id, first, of) === part)
}

const pathOf = (folder: string, { point, first }: Piece) => join(folder, 'points', point.id, String(first))

/** The file of a piece: of a whole one, or of one that is being drawn. */
export function fileOf(folder: string, piece: Piece): { readonly file: string; readonly whole: boolean } {
  const path = pathOf(folder, piece)
  const whole = existsSync(`${path}.jsonl`)
  return { file: whole ? `${path}.jsonl` : `${path}.part.jsonl`, whole }
}

/** The lock of a piece is beside its file, whatever that is called. */
export const lockOf = (folder: string, piece: Piece): string => pathOf(folder, piece)

export function declareWhole(folder: string, piece: Piece): void {
  renameSync(`${pathOf(folder, piece)}.part.jsonl`, `${pathOf(folder, piece)}.jsonl`)
}

/** How many of the piece's images are there. Throws RecordError for a file that can't be read. */
export function countOf(folder: string, piece: Piece): number {
  const { file, whole } = fileOf(folder, piece)
  if (whole) return piece.count
  if (!existsSync(file)) return 0
  const text = readFileSync(file, 'utf8')
  if (!text.includes('\n')) return 0
  const known = new Set(readRecord(text, file).judged.map(({ index }) => index))
  return [...known].filter((index) => index >= piece.first && index < piece.first + piece.count).length
}
